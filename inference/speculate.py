"""Prompt lookup: what followed the last time these tokens stood here is guessed to follow again.

Code that is rewritten repeats most of itself. A guess is only ever checked, never trusted, so output is the same.
"""

from __future__ import annotations

from collections.abc import Sequence

NGRAM = 3  # tokens that must agree; with 2, most guesses in HTML are wrong ones
LONGEST = 16
FIRST = 4
# A check of 4 guesses costs about 2.5 single steps (a mixture of experts reads more experts for more tokens), so below
# about 1.5 accepted of 4 guessing loses.
WORTH = 0.4
REST = 32  # tokens made without guessing once it does not pay


class Lookup:
    """One sequence's guesses and how well they did; `tokens` is the sequence's own list, which grows."""

    def __init__(self, tokens: list[int]) -> None:
        self._tokens = tokens
        self._after: dict[tuple[int, ...], int] = {}  # the place after the last time an n-gram was seen
        self._seen = 0
        self._length = FIRST
        self._resting_until = 0
        self.rate = 1.0  # share of guesses accepted, the last few weighing most
        self.guessed = self.accepted = 0

    def guess(self, room: int) -> list[int]:
        """At most `room` tokens that may come next; none while guessing does not pay."""
        if room <= 0 or len(self._tokens) < self._resting_until:
            return []
        self._learn()
        place = self._after.get(tuple(self._tokens[-NGRAM:]))
        if place is None:
            return []
        # Where the last tokens repeat themselves, what follows them is partly the guess itself.
        period = self._tokens[place:]
        return [period[index % len(period)] for index in range(min(room, self._length))]

    def judge(self, guess: Sequence[int], accepted: int) -> None:
        """`accepted` tokens of `guess` were right. All right: guess more next time; else about as many as were."""
        if not guess:
            return
        self.guessed += len(guess)
        self.accepted += accepted
        self.rate += (accepted / len(guess) - self.rate) / 4
        self._length = min(LONGEST, 2 * len(guess)) if accepted == len(guess) else max(2, accepted + 1)
        if self.rate < WORTH:
            self._resting_until = len(self._tokens) + REST
            self.rate = 2 * WORTH  # one good guess after the rest is enough to go on, one bad one is not

    def _learn(self) -> None:
        """N-grams that something already follows; the last is left out, or it would find itself."""
        for end in range(max(self._seen, NGRAM), len(self._tokens)):
            self._after[tuple(self._tokens[end - NGRAM : end])] = end
        self._seen = len(self._tokens)
