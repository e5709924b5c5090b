"""Who computes what in the next pass: old before new, decoding never starved by prompts. Knows
nothing of tensors.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from inference.engine.blocks import BlockPool
from inference.engine.sequence import Sequence


@dataclass(frozen=True)
class Limits:
    """`step_tokens`: tokens of one pass; long prompts are cut to it. `guess_up_to`: sequences at
    once, above which none guesses, for then the pass is busy with real tokens.
    """

    blocks: int = 1024
    block_size: int = 16
    step_tokens: int = 512
    running: int = 32
    waiting: int = 64
    guess_up_to: int = 4
    context: int | None = (
        None  # most tokens of one sequence; None: what the model and the cache allow
    )

    def __post_init__(self) -> None:
        for name, least in (
            ("blocks", 1),
            ("block_size", 1),
            ("running", 1),
            ("waiting", 0),
            ("guess_up_to", 0),
        ):
            if getattr(self, name) < least:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be at least {least}.")
        if self.context is not None and self.context < 2:
            raise ValueError(f"context is {self.context}; it must be at least 2.")
        if self.step_tokens <= self.running:
            raise ValueError(
                f"step_tokens is {self.step_tokens}; it must be more than running, {self.running}."
            )


@dataclass(frozen=True)
class ScheduledChunk:
    """The next `count` tokens of a sequence to compute, and a guess of those after them."""

    sequence: Sequence
    count: int
    guess: tuple[int, ...] = ()

    @property
    def rows(self) -> int:
        """Rows of logits it needs: none while its prompt is not all computed."""
        return 1 + len(self.guess) if self.count == self.sequence.missing else 0

    @property
    def tokens(self) -> list[int]:
        start = self.sequence.computed
        return [*self.sequence.tokens[start : start + self.count], *self.guess]


class Scheduler:
    """Running sequences are older than waiting ones, and both are in order of arrival."""

    def __init__(self, limits: Limits, pool: BlockPool) -> None:
        self.limits, self.pool = limits, pool
        self.waiting: deque[Sequence] = deque()
        self.running: list[Sequence] = []
        self.preempted = 0

    def add(self, sequence: Sequence) -> None:
        self.waiting.append(sequence)

    def remove(self, sequence: Sequence) -> None:
        """It is over, wherever it stands: its blocks are free at once."""
        if sequence in self.running:
            self.running.remove(sequence)
        else:
            self.waiting.remove(sequence)
        self._empty(sequence)

    def schedule(self) -> list[ScheduledChunk]:
        """The next pass; empty only when nothing runs or waits."""
        before = self.preempted
        pieces: list[ScheduledChunk] = []
        budget = self.limits.step_tokens
        for index, sequence in enumerate(tuple(self.running)):
            # One token is kept for each that comes after.
            count = min(sequence.missing, budget - (len(self.running) - index - 1))
            if index >= len(self.running) or not self._reserve(sequence, sequence.computed + count):
                break
            piece = ScheduledChunk(sequence, count, self._guess(sequence, budget - count))
            pieces.append(piece)
            budget -= len(piece.tokens)
        if self.preempted == before:
            pieces += self._admit(budget)
        return pieces

    def _admit(self, budget: int) -> list[ScheduledChunk]:
        """Those waiting, while there is room for all their tokens: to admit on less would be to
        throw out again.
        """
        pieces: list[ScheduledChunk] = []
        size = self.pool.size
        while self.waiting and budget > 0 and len(self.running) < self.limits.running:
            sequence = self.waiting[0]
            # The last token is always computed: its logits choose the next.
            sequence.blocks = self.pool.reuse(
                sequence.hashes((len(sequence.tokens) - 1) // size, size)
            )
            missing = -(-len(sequence.tokens) // size) - len(sequence.blocks)
            if missing > self.pool.free or self._underway(sequence):
                self._empty(sequence)
                break
            self.running.append(self.waiting.popleft())
            sequence.computed = len(sequence.blocks) * size
            if sequence.cached is None:
                sequence.cached = sequence.computed
            piece = ScheduledChunk(sequence, min(sequence.missing, budget))
            reserved = self._reserve(sequence, sequence.computed + piece.count)
            assert reserved, "there was room for it"
            pieces.append(piece)
            budget -= piece.count
        return pieces

    def _underway(self, sequence: Sequence) -> bool:
        """Its next block is just being computed for another: it is worth the wait, for then it can
        be shared.

        So a mockup whose runs start together is read once.
        """
        size, index = self.pool.size, len(sequence.blocks)
        if (index + 1) * size >= len(sequence.tokens):
            return False
        wanted = sequence.hashes(index + 1, size)[index]
        return any(
            other.computed < (index + 1) * size < len(other.tokens)
            and other.hashes(index + 1, size)[index] == wanted
            for other in self.running
        )

    def _guess(self, sequence: Sequence, budget: int) -> tuple[int, ...]:
        """Only into blocks that are free: nobody is thrown out for a guess."""
        if sequence.missing != 1 or len(self.running) > self.limits.guess_up_to:
            return ()
        held = len(sequence.blocks) * self.pool.size
        room = min(held + self.pool.free * self.pool.size, sequence.limit) - len(sequence.tokens)
        later = len(self.running) - self.running.index(sequence) - 1
        guess = sequence.lookup.guess(min(budget - later, room - 1))
        reserved = self._reserve(sequence, len(sequence.tokens) + len(guess))
        assert reserved, "a guess stays within the free blocks"
        return tuple(guess)

    def _reserve(self, sequence: Sequence, tokens: int) -> bool:
        """Blocks for its first `tokens` tokens, taken from the youngest if need be; False when that
        is itself.
        """
        while len(sequence.blocks) * self.pool.size < tokens:
            if (block := self.pool.take()) is not None:
                sequence.blocks.append(block)
                continue
            youngest = self.running.pop()
            self._empty(youngest)
            self.waiting.appendleft(youngest)
            self.preempted += 1
            if youngest is sequence:
                return False
        return True

    def _empty(self, sequence: Sequence) -> None:
        self.pool.give_back(sequence.blocks)
        sequence.blocks = []
        sequence.computed = 0
