"""Scheduling: which sequences compute which tokens in the next pass. No tensors.

Older sequences come first, and every running sequence gets at least one token in each pass, so that
long prompts do not delay decoding.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from inference.engine.blocks import BlockPool
from inference.engine.sequence import Sequence


@dataclass(frozen=True)
class Limits:
    """The sizes of the cache and of a step.

    `step_tokens`: tokens in one pass; longer prompts take several passes. `running` and `waiting`:
    sequences in the batch and in the queue. `guess_up_to`: draft tokens are used only with at most
    this many running sequences; with more, a pass is busy without them.
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
    """The next `count` tokens of a sequence to compute, and draft tokens to verify after them."""

    sequence: Sequence
    count: int
    guess: tuple[int, ...] = ()

    @property
    def rows(self) -> int:
        """The number of logit rows it needs: none until the whole prompt is computed."""
        return 1 + len(self.guess) if self.count == self.sequence.missing else 0

    @property
    def tokens(self) -> list[int]:
        start = self.sequence.computed
        return [*self.sequence.tokens[start : start + self.count], *self.guess]


class Scheduler:
    """Queues of running and waiting sequences.

    Both are in order of arrival, and every running sequence is older than every waiting one.
    """

    def __init__(self, limits: Limits, pool: BlockPool) -> None:
        self.limits = limits
        self.pool = pool
        self.waiting: deque[Sequence] = deque()
        self.running: list[Sequence] = []
        self.preempted = 0

    def add(self, sequence: Sequence) -> None:
        self.waiting.append(sequence)

    def remove(self, sequence: Sequence) -> None:
        """Remove a running or waiting sequence and free its blocks."""
        if sequence in self.running:
            self.running.remove(sequence)
        else:
            self.waiting.remove(sequence)
        self._release_blocks(sequence)

    def schedule(self) -> list[ScheduledChunk]:
        """Return the chunks of the next pass; empty only when nothing is running or waiting."""
        preempted_before = self.preempted
        chunks: list[ScheduledChunk] = []
        budget = self.limits.step_tokens
        for index, sequence in enumerate(tuple(self.running)):
            # One token is left for each of the sequences after this one.
            count = min(sequence.missing, budget - (len(self.running) - index - 1))
            # `_reserve` may have preempted sequences from the end of the list.
            if index >= len(self.running) or not self._reserve(sequence, sequence.computed + count):
                break
            chunk = ScheduledChunk(sequence, count, self._guess(sequence, budget - count))
            chunks.append(chunk)
            budget -= len(chunk.tokens)
        if self.preempted == preempted_before:
            chunks += self._admit(budget)
        return chunks

    def _admit(self, budget: int) -> list[ScheduledChunk]:
        """Start waiting sequences while there are free blocks for all of their tokens.

        A sequence that is started with fewer blocks would soon be preempted.
        """
        chunks: list[ScheduledChunk] = []
        size = self.pool.size
        while self.waiting and budget > 0 and len(self.running) < self.limits.running:
            sequence = self.waiting[0]
            # The last token is never taken from the prefix cache: its logits are needed.
            reusable = (len(sequence.tokens) - 1) // size
            sequence.blocks = self.pool.reuse(sequence.compute_hashes(reusable, size))
            missing = -(-len(sequence.tokens) // size) - len(sequence.blocks)
            if missing > self.pool.free or self._is_next_block_in_progress(sequence):
                self._release_blocks(sequence)
                break
            self.running.append(self.waiting.popleft())
            sequence.computed = len(sequence.blocks) * size
            if sequence.cached is None:
                sequence.cached = sequence.computed
            chunk = ScheduledChunk(sequence, min(sequence.missing, budget))
            reserved = self._reserve(sequence, sequence.computed + chunk.count)
            assert reserved, "an admitted sequence has enough free blocks"
            chunks.append(chunk)
            budget -= chunk.count
        return chunks

    def _is_next_block_in_progress(self, sequence: Sequence) -> bool:
        """Return whether a running sequence is computing the next block of this waiting one.

        Then it is worth waiting one pass to share the block. Runs of one mockup that start together
        compute its prompt once.
        """
        size = self.pool.size
        index = len(sequence.blocks)
        end = (index + 1) * size
        if end >= len(sequence.tokens):
            return False
        prefix = sequence.compute_hashes(index + 1, size)[index]
        return any(
            other.computed < end < len(other.tokens)
            and other.compute_hashes(index + 1, size)[index] == prefix
            for other in self.running
        )

    def _guess(self, sequence: Sequence, budget: int) -> tuple[int, ...]:
        """Return draft tokens that fit into free blocks, so that they preempt no sequence."""
        if sequence.missing != 1 or len(self.running) > self.limits.guess_up_to:
            return ()
        capacity = (len(sequence.blocks) + self.pool.free) * self.pool.size
        room = min(capacity, sequence.limit) - len(sequence.tokens)
        later = len(self.running) - self.running.index(sequence) - 1
        guess = sequence.lookup.guess(min(budget - later, room - 1))
        reserved = self._reserve(sequence, len(sequence.tokens) + len(guess))
        assert reserved, "draft tokens fit into the free blocks"
        return tuple(guess)

    def _reserve(self, sequence: Sequence, tokens: int) -> bool:
        """Allocate blocks for the first `tokens` tokens, preempting young sequences if needed.

        Returns False when this sequence itself was preempted.
        """
        while len(sequence.blocks) * self.pool.size < tokens:
            if (block := self.pool.take()) is not None:
                sequence.blocks.append(block)
                continue
            youngest = self.running.pop()
            self._release_blocks(youngest)
            self.waiting.appendleft(youngest)
            self.preempted += 1
            if youngest is sequence:
                return False
        return True

    def _release_blocks(self, sequence: Sequence) -> None:
        self.pool.release(sequence.blocks)
        sequence.blocks = []
        sequence.computed = 0
