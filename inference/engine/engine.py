"""The engine: many requests in one batch. Independent of the chat format and HTTP.

A step schedules chunks of sequences, runs the model, samples tokens and updates the sequences.
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
    """The request can never be served; `fault` says what was got and what is allowed.

    `limit` is true when `max_tokens` is the field at fault. An API may use another name for that
    field, see `describe`. `field` is the one at fault otherwise.
    """

    def __init__(self, fault: str, *, limit: bool = False, field: str = "messages") -> None:
        self.fault = fault
        self.limit = limit
        self.field = "max_tokens" if limit else field
        super().__init__(self.describe("max_tokens"))

    def describe(self, limit_name: str) -> str:
        """Return the message with `limit_name` as the name of the field `max_tokens`."""
        return f"{limit_name} {self.fault}" if self.limit else self.fault


class Engine:
    """A scheduler, a block pool and a model runner, for use by one thread.

    `inference.engine.live` makes an engine usable by many threads.
    """

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
        self.forced = 0  # tokens determined by a grammar, without sampling
        self._tokenizer = tokenizer
        self._ids = count(1)

    def check(self, request: Request) -> None:
        """Raise RequestError if the request cannot fit into the context. Thread-safe."""
        length = len(request.prompt)
        room = self.context - length
        if not request.prompt or room < 1:
            raise RequestError(
                f"The prompt has {length} tokens; use 1 to {self.context - 1} "
                f"(the context has {self.context}, and one is for the answer)."
            )
        if request.max_tokens is not None and not 1 <= request.max_tokens <= room:
            raise RequestError(
                f"is {request.max_tokens}; use 1 to {room} after this prompt of {length} tokens.",
                limit=True,
            )

    def add(self, request: Request) -> int:
        """Queue a request and return its id in the updates. Raises RequestError."""
        self.check(request)
        limit = self.context
        if request.max_tokens is not None:
            limit = len(request.prompt) + request.max_tokens
        text = TextStream(self._tokenizer, request.stop)
        sequence = Sequence(next(self._ids), request, limit, text)
        self.sequences[sequence.id] = sequence
        self.scheduler.add(sequence)
        return sequence.id

    def cancel(self, id: int) -> None:
        """End a sequence between two steps and free its blocks; ignore one that has ended."""
        if sequence := self.sequences.get(id):
            self.scheduler.remove(sequence)
            del self.sequences[id]

    def step(self) -> list[Update]:
        """Run one forward pass and return an update for each sequence that got tokens."""
        chunks = self.scheduler.schedule()
        if not chunks:
            return []
        logits = self.runner.run(chunks)
        choices = sample(chunks, logits)
        return self._postprocess(chunks, choices)

    def check_integrity(self) -> None:
        """Raise AssertionError when a block is lost or held twice."""
        self.pool.check_integrity(sequence.blocks for sequence in self.sequences.values())

    def _postprocess(
        self, chunks: Listed[ScheduledChunk], choices: Listed[list[SampledToken]]
    ) -> list[Update]:
        updates = []
        for chunk, chosen in zip(chunks, choices, strict=True):
            sequence = chunk.sequence
            accepted = max(0, len(chosen) - 1)
            sequence.lookup.record(chunk.guess, accepted)
            sequence.tokens += [choice.id for choice in chosen]
            self._mark_computed(sequence, sequence.computed + chunk.count + accepted)
            if chosen:
                forced = self._take_forced_tokens(sequence)
                sequence.tokens += forced
                updates.append(self._make_update(sequence, [*chosen, *map(SampledToken, forced)]))
        return updates

    def _take_forced_tokens(self, sequence: Sequence) -> list[int]:
        """Return the tokens that the grammar determines, and advance its mask over them.

        The next pass computes them together and samples the token after them. Empty when the
        request wants log-probabilities, because only sampled tokens have them.
        """
        request = sequence.request
        if (
            request.mask is None
            or request.sampling.logprobs is not None
            or sequence.tokens[-1] in request.stop_ids
        ):
            return []
        room = max(0, sequence.limit - len(sequence.tokens))
        forced = request.mask.forced()[:room]
        for token in forced:
            request.mask.advance(token)
        self.forced += len(forced)
        return forced

    def _mark_computed(self, sequence: Sequence, tokens: int) -> None:
        """Record that the first `tokens` tokens are in the cache, and share the full blocks."""
        size = self.pool.size
        for block in range(sequence.computed // size, tokens // size):
            self.pool.register(
                sequence.blocks[block], sequence.compute_hashes(block + 1, size)[block]
            )
        sequence.computed = tokens

    def _make_update(self, sequence: Sequence, chosen: Listed[SampledToken]) -> Update:
        """Return the update with these tokens, and end the sequence if one of them finishes it."""
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
            sequence.text.flush() if finish else "",
            sequence.text.stopped_by,
            sequence.cached or 0,
        )
