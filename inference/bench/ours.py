"""Our engine in the benchmark: whole steps, including scheduling and sampling."""

from __future__ import annotations

from collections.abc import Sequence

from inference.bench.clock import CLOCKS, Clock
from inference.engine.batch import Model
from inference.engine.engine import Engine
from inference.engine.scheduler import Limits
from inference.engine.sequence import Request, Sampling

BLOCK = 16  # tokens in a block
STEP = 512  # tokens in a step


class Ours:
    """An engine with room for `sequences` of `context` tokens each."""

    def __init__(self, model: Model, *, sequences: int, context: int, clock: Clock) -> None:
        blocks = sequences * -(-context // BLOCK)
        running = max(sequences, 1)
        self.engine = Engine(
            model,
            None,
            Limits(
                blocks, BLOCK, step_tokens=STEP, running=running, waiting=running, guess_up_to=0
            ),
        )
        self._context = context
        self._now = CLOCKS[clock]

    def fill(self, prompts: Sequence[Sequence[int]]) -> list[float]:
        """Return the seconds until each prompt has its first token; all prompts start together."""
        for id in list(self.engine.sequences):
            self.engine.cancel(id)
        since = self._now()
        waiting = set()
        for prompt in prompts:
            # The answers have no end before they are cancelled, so every step has the whole batch.
            most = self._context - len(prompt)
            request = Request(tuple(prompt), sampling=Sampling(temperature=0.0), max_tokens=most)
            waiting.add(self.engine.add(request))
        seconds = []
        while waiting:
            answered = {update.id for update in self.engine.step()} & waiting
            seconds += [self._now() - since] * len(answered)
            waiting -= answered
        return seconds

    def decode(self, steps: int) -> list[float]:
        """Return the seconds of each of `steps` steps of all sequences."""
        seconds = []
        for _ in range(steps):
            since = self._now()
            self.engine.step()
            seconds.append(self._now() - since)
        return seconds
