"""Prompt lookup decoding: draft tokens are what followed the last occurrence of the same n-gram.

Rewritten code repeats most of itself. Draft tokens are always verified, so the output does not
change.
"""

from __future__ import annotations

from collections.abc import Sequence

NGRAM = 3  # tokens that must match; with 2, most drafts in HTML are wrong
LONGEST = 24  # tokens in a draft
FIRST = 6  # tokens in the first draft
SHORTEST = 2  # tokens in a draft after a bad one
AVERAGED_DRAFTS = 4  # weight of the moving average of the acceptance rate
# The acceptance rate below which drafts stop. On a CPU the verification of n draft tokens costs
# about 1 + n / 6 single steps (a mixture of experts reads more experts for more tokens), so drafts
# lose below one accepted token of six. A wrong draft also delays the other sequences of the batch.
WORTH = 0.3
# The acceptance rate above which a draft that failed halfway is followed by a long one again.
SURE = 0.6
REST = 32  # tokens generated without drafts after the acceptance rate fell below WORTH


class Lookup:
    """The drafts of one sequence and their acceptance rate.

    `tokens` is the sequence's own list, which grows.
    """

    def __init__(self, tokens: list[int]) -> None:
        self._tokens = tokens
        self._after: dict[tuple[int, ...], int] = {}  # n-gram -> index after its last occurrence
        self._indexed = 0  # tokens that are in `_after`
        self._length = FIRST
        self._resting_until = 0  # no drafts before the sequence has this many tokens
        self._source = 0  # where the last draft was copied from
        # (where to copy from next, the sequence's length at which this applies)
        self._continuation: tuple[int, int] | None = None
        self.rate = 1.0  # moving average of the acceptance rate
        self.guessed = 0
        self.accepted = 0

    def guess(self, room: int) -> list[int]:
        """Return at most `room` draft tokens; none while drafts do not pay."""
        if room <= 0 or len(self._tokens) < self._resting_until:
            return []
        self._index_ngrams()
        source = self._find_source()
        if source is None:
            return []
        self._source = source
        # A draft may be longer than the text after its source. Then the text repeats itself.
        period = self._tokens[source:]
        return [period[index % len(period)] for index in range(min(room, self._length))]

    def record(self, guess: Sequence[int], accepted: int) -> None:
        """Record that `accepted` tokens of `guess` were right and one more token was sampled.

        The next draft is longer if all were right. Otherwise it is about as long as the accepted
        part, or of the initial length if the acceptance rate is high.
        """
        if not guess:
            return
        self.guessed += len(guess)
        self.accepted += accepted
        self.rate += (accepted / len(guess) - self.rate) / AVERAGED_DRAFTS
        if accepted == len(guess):
            self._length = min(LONGEST, 2 * len(guess))
        else:
            least = FIRST if self.rate > SURE else SHORTEST
            self._length = max(least, accepted + 1)
        # The sampled token is the next one of the source or replaces it, so copying goes on after.
        self._continuation = None
        if accepted:
            copied = accepted + 1
            self._continuation = (self._source + copied, len(self._tokens) + copied)
        if self.rate < WORTH:
            self._resting_until = len(self._tokens) + REST
            # After the rest, one good draft is enough to continue and one bad draft is not.
            self.rate = 2 * WORTH

    def _find_source(self) -> int | None:
        """Return where to copy from: after the last draft's source, else after the last n-gram.

        Similar lines often share an n-gram, and the last of them is often the wrong one. The text
        that is being rewritten is the better source.
        """
        if self._continuation is not None:
            source, length = self._continuation
            if length == len(self._tokens) and source < length:
                return source
        return self._after.get(tuple(self._tokens[-NGRAM:]))

    def _index_ngrams(self) -> None:
        """Index all n-grams except the last one, which would match itself."""
        for end in range(max(self._indexed, NGRAM), len(self._tokens)):
            self._after[tuple(self._tokens[end - NGRAM : end])] = end
        self._indexed = len(self._tokens)
