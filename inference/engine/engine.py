"""The engine: many requests, one batch. A step is schedule, run, sample, postprocess. Knows nothing
of chat or HTTP.
"""

from __future__ import annotations

from collections.abc import Sequence as Listed
from itertools import count

from inference.chat.text import TextStream
from inference.chat.tokenizer import Tokenizer
from inference.engine.batch import Model
from inference.engine.blocks import BlockPool
from inference.engine.runner import Runner
from inference.engine.sampler import SampledToken, sample
from inference.engine.scheduler import Limits, ScheduledChunk, Scheduler
from inference.engine.sequence import Finish, Request, Sequence, Token, Update


class RequestError(Exception):
    """The request can never be served: which field of it, what was got and what is allowed.

    `limit`: it is `max_tokens` that cannot be met; an API may call that field by another name
    (`describe`).
    """

    def __init__(self, fault: str, *, limit: bool = False) -> None:
        self.fault, self.limit = fault, limit
        super().__init__(self.describe("max_tokens"))

    def describe(self, limit_name: str) -> str:
        """Return the sentence with this name for the field `max_tokens`."""
        return f"{limit_name} {self.fault}" if self.limit else self.fault


class Engine:
    """Not for two threads at once; see `inference.engine.live` for one that many may ask."""

    def __init__(
        self, model: Model, tokenizer: Tokenizer | None = None, limits: Limits | None = None
    ) -> None:
        self.limits = limits or Limits()
        self.pool = BlockPool(self.limits.blocks, self.limits.block_size)
        self.scheduler = Scheduler(self.limits, self.pool)
        self.runner = Runner(model, self.limits.blocks, self.limits.block_size)
        rooms = [
            model.config.text.max_position_embeddings,
            self.limits.blocks * self.limits.block_size,
        ]
        self.context = min(rooms if self.limits.context is None else [*rooms, self.limits.context])
        self.sequences: dict[int, Sequence] = {}
        self.forced = 0  # tokens that no pass had to choose
        self._tokenizer = tokenizer
        self._ids = count(1)

    def check(self, request: Request) -> None:
        """Raises RequestError for one that cannot fit, whatever else runs; for any thread."""
        room = self.context - len(request.prompt)
        if not request.prompt or room < 1:
            raise RequestError(
                f"The prompt has {len(request.prompt)} tokens; allowed are 1 to {self.context - 1} "
                f"(a context of {self.context}, less one for the answer)."
            )
        if request.max_tokens is not None and not 1 <= request.max_tokens <= room:
            raise RequestError(
                f"is {request.max_tokens}; after this prompt of {len(request.prompt)} tokens allowed are 1 to {room}.",
                limit=True,
            )

    def add(self, request: Request) -> int:
        """Its id in the updates; raises RequestError."""
        self.check(request)
        limit = (
            self.context if request.max_tokens is None else len(request.prompt) + request.max_tokens
        )
        sequence = Sequence(
            next(self._ids), request, limit, TextStream(self._tokenizer, request.stop)
        )
        self.sequences[sequence.id] = sequence
        self.scheduler.add(sequence)
        return sequence.id

    def cancel(self, id: int) -> None:
        """Between two steps; its blocks are free at once. Nothing happens to one that is over
        already.
        """
        if sequence := self.sequences.get(id):
            self.scheduler.remove(sequence)
            del self.sequences[id]

    def step(self) -> list[Update]:
        """One pass of the model; an update for each sequence that got tokens."""
        pieces = self.scheduler.schedule()
        if not pieces:
            return []
        logits = self.runner.run(pieces)
        choices = sample(pieces, logits)
        return self._postprocess(pieces, choices)

    def check_integrity(self) -> None:
        """AssertionError when a block is lost or held twice."""
        self.pool.check_integrity(sequence.blocks for sequence in self.sequences.values())

    def _postprocess(
        self, pieces: Listed[ScheduledChunk], choices: Listed[list[SampledToken]]
    ) -> list[Update]:
        updates = []
        for piece, chosen in zip(pieces, choices, strict=True):
            sequence = piece.sequence
            accepted = max(0, len(chosen) - 1)
            sequence.lookup.judge(piece.guess, accepted)
            sequence.tokens += [choice.id for choice in chosen]
            self._computed(sequence, sequence.computed + piece.count + accepted)
            if chosen:
                forced = self._forced(sequence)
                sequence.tokens += forced
                updates.append(self._update(sequence, [*chosen, *map(SampledToken, forced)]))
        return updates

    def _forced(self, sequence: Sequence) -> list[int]:
        """What its grammar leaves no choice about: the next pass computes it all at once and
        chooses what follows.

        Not where log-probabilities are wanted, which only a choice has.
        """
        request = sequence.request
        if (
            request.mask is None
            or request.sampling.logprobs is not None
            or sequence.tokens[-1] in request.stop_ids
        ):
            return []
        forced = request.mask.forced()[: max(0, sequence.limit - len(sequence.tokens))]
        for token in forced:
            request.mask.advance(token)
        self.forced += len(forced)
        return forced

    def _computed(self, sequence: Sequence, tokens: int) -> None:
        """Its first `tokens` tokens are in the cache; blocks that they fill can be shared from now
        on.
        """
        size = self.pool.size
        for block in range(sequence.computed // size, tokens // size):
            self.pool.know(sequence.blocks[block], sequence.hashes(block + 1, size)[block])
        sequence.computed = tokens

    def _update(self, sequence: Sequence, chosen: Listed[SampledToken]) -> Update:
        tokens: list[Token] = []
        finish: Finish | None = None
        length = len(sequence.tokens) - len(chosen)
        for choice in chosen:
            length += 1
            if choice.id in sequence.request.stop_ids:
                tokens.append(Token(choice.id, logprob=choice.logprob, top=choice.top))
                finish = "stop"
                break
            text, mark = sequence.text.push(choice.id)
            tokens.append(Token(choice.id, text, mark, choice.logprob, choice.top))
            if sequence.text.stopped_by is not None:
                finish = "stop"
                break
            if length >= sequence.limit:
                finish = "length"
                break
        if finish:
            self.cancel(sequence.id)
        return Update(
            sequence.id,
            tuple(tokens),
            finish,
            sequence.text.rest() if finish else "",
            sequence.text.stopped_by,
            sequence.cached or 0,
        )
