"""Prompt lookup: what followed the last time these tokens stood here is guessed to follow again.

Code that is rewritten repeats most of itself. A guess is only ever checked, never trusted, so
output is the same.
"""

from __future__ import annotations

from collections.abc import Sequence

NGRAM = 3  # tokens that must agree; with 2, most guesses in HTML are wrong ones
LONGEST = 24
FIRST = 6
# On a CPU a check of n guesses costs about 1 + n / 6 single steps (a mixture of experts reads more
# experts for more tokens), so below one accepted of six guessing loses; a wrong guess costs others
# of the batch time, too.
WORTH = 0.3
# share of guesses accepted, from which on one that failed halfway is followed by a long one again
SURE = 0.6
REST = 32  # tokens made without guessing once it does not pay


class Lookup:
    """One sequence's guesses and how well they did; `tokens` is the sequence's own list, which
    grows.
    """

    def __init__(self, tokens: list[int]) -> None:
        self._tokens = tokens
        self._after: dict[
            tuple[int, ...], int
        ] = {}  # the place after the last time an n-gram was seen
        self._seen = 0
        self._length = FIRST
        self._resting_until = 0
        self._from = 0  # the place the last guess was read at
        self._followed: tuple[int, int] | None = (
            None  # the place to read on at, once there are so many tokens
        )
        self.rate = 1.0  # share of guesses accepted, the last few weighing most
        self.guessed = self.accepted = 0

    def guess(self, room: int) -> list[int]:
        """At most `room` tokens that may come next; none while guessing does not pay."""
        if room <= 0 or len(self._tokens) < self._resting_until:
            return []
        self._learn()
        place = self._place()
        if place is None:
            return []
        self._from = place
        # Where the last tokens repeat themselves, what follows them is partly the guess itself.
        period = self._tokens[place:]
        return [period[index % len(period)] for index in range(min(room, self._length))]

    def judge(self, guess: Sequence[int], accepted: int) -> None:
        """`accepted` tokens of `guess` were right, and one more is chosen.

        All right: guess more next time; else, unless most are, about as many as were.
        """
        if not guess:
            return
        self.guessed += len(guess)
        self.accepted += accepted
        self.rate += (accepted / len(guess) - self.rate) / 4
        if accepted == len(guess):
            self._length = min(LONGEST, 2 * len(guess))
        else:
            self._length = max(FIRST if self.rate > SURE else 2, accepted + 1)
        # The chosen token stands for one of the text that is followed: the same one, or what
        # replaces it.
        self._followed = (
            (self._from + accepted + 1, len(self._tokens) + accepted + 1) if accepted else None
        )
        if self.rate < WORTH:
            self._resting_until = len(self._tokens) + REST
            self.rate = (
                2 * WORTH
            )  # one good guess after the rest is enough to go on, one bad one is not

    def _place(self) -> int | None:
        """Where what comes next is read: on in the text that is followed, else after the last such
        n-gram.

        The n-gram alone would find the last such line of many alike; the text that is rewritten is
        the better guide.
        """
        if self._followed is not None:
            place, length = self._followed
            if length == len(self._tokens) and place < length:
                return place
        return self._after.get(tuple(self._tokens[-NGRAM:]))

    def _learn(self) -> None:
        """N-grams that something already follows; the last is left out, or it would find itself."""
        for end in range(max(self._seen, NGRAM), len(self._tokens)):
            self._after[tuple(self._tokens[end - NGRAM : end])] = end
        self._seen = len(self._tokens)
