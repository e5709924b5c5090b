"""What every API asks of the engine, in one form, and how it becomes requests. Knows no wire
format.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from inference.chat.template import ChatError, begins_in_thought, choose_sampling
from inference.engine.grammar import GrammarError, TokenMask
from inference.engine.live import Busy, Conversation, RequestError
from inference.engine.sequence import PromptPicture, Request, Sampling
from inference.engine.service import Service
from inference.engine.thought import ThoughtMask
from inference.engine.tool_grammar import ToolCalls
from inference.server.errors import Refused, too_long, too_many, wrong


@dataclass(frozen=True)
class Constraint:
    """What an answer has to follow, and the field that asked for it.

    `content`: a JSON schema (None: any object), a regular expression, a list of texts, a grammar in
    Lark, or `ToolCalls`.
    """

    kind: Literal["json", "regex", "choice", "lark", "calls"]
    content: Any
    field: str


@dataclass(frozen=True)
class Chat:
    """A conversation: messages and tools are OpenAI's.

    `pictures`: each one's file by the field it came in, in the order of the messages.
    `continue_final`: the last message is the beginning of the answer.
    """

    messages: list[dict[str, Any]]
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    tools: Sequence[Mapping[str, Any]] = ()
    thinking: bool = True
    preserve_thinking: bool = False
    continue_final: bool = False

    @property
    def begins_in_thought(self) -> bool:
        """Whether the answer begins inside a thought."""
        return begins_in_thought(
            self.messages, thinking=self.thinking, continue_final=self.continue_final
        )

    @property
    def call_ids(self) -> set[str]:
        """Return the ids of all calls made earlier in the conversation."""
        calls = (call for message in self.messages for call in message.get("tool_calls") or ())
        return {str(call.get("id")) for call in calls}

    async def encode(self, service: Service) -> tuple[list[int], list[PromptPicture]]:
        """Return the prompt's tokens and its pictures. Raises Refused."""
        try:
            # Tokenizing and cutting pictures takes tens of milliseconds, which other streams need
            # not feel.
            return await asyncio.to_thread(
                service.prompt,
                self.messages,
                self.pictures,
                tools=self.tools,
                thinking=self.thinking,
                preserve_thinking=self.preserve_thinking,
                continue_final=self.continue_final,
            )
        except ChatError as error:
            raise Refused(str(error), error.field) from None


@dataclass(frozen=True)
class Wishes:
    """How the answer is to be made; None: as is usual for the model and the mode."""

    max_tokens: int | None = None
    limit_field: str = "max_tokens"
    temperature: float | None = None
    top_p: float | None = None
    top_k: int = 0
    min_p: float = 0.0
    frequency_penalty: float = 0.0
    presence_penalty: float = 0.0
    repetition_penalty: float = 1.0
    logit_bias: tuple[tuple[int, float], ...] = ()
    min_tokens: int = 0
    ignore_eos: bool = False
    stop_token_ids: frozenset[int] = frozenset()  # beside the model's own
    seed: int | None = None
    stop: tuple[str, ...] = ()
    logprobs: int | None = None
    choices: int = 1
    constraint: Constraint | None = None
    thought_budget: int | None = None
    one_call: bool = False  # the answer ends after its first call of a tool


async def build_requests(
    service: Service,
    prompt: Sequence[int],
    pictures: Sequence[PromptPicture],
    wishes: Wishes,
    *,
    thinking: bool,
) -> list[Request]:
    """Return one request for each choice; `thinking`: the answer begins inside a thought. Raises
    Refused.
    """
    max_tokens = clamp(service, len(prompt), wishes)
    stop_ids = find_stop_ids(service, wishes)
    _check_tokens(service, [token for token, _ in wishes.logit_bias], "logit_bias")
    seed = secrets.randbits(63) if wishes.seed is None else wishes.seed
    requests = []
    for choice in range(wishes.choices):
        requests.append(
            Request(
                prompt=tuple(prompt),
                pictures=tuple(pictures),
                sampling=_sampling(
                    wishes, seed ^ choice << 56, thinking
                ),  # far from people's seeds
                max_tokens=max_tokens,
                stop=wishes.stop,
                stop_ids=stop_ids,
                mask=await asyncio.to_thread(_build_mask, service, wishes, thinking),
            )
        )
    return requests


def start(service: Service, requests: Sequence[Request]) -> Conversation:
    """Hand the requests to the engine. Raises Refused when they can never fit, or not now."""
    try:
        return service.live.ask(*requests)
    except RequestError as error:
        raise Refused(str(error), error.field) from None
    except Busy as error:
        raise Refused(
            str(error), status=429, code="rate_limit_exceeded", retry_after=error.retry_after
        ) from None
    except RuntimeError:
        raise Refused("The engine has ended; its log says why.", status=503) from None


def clamp(service: Service, prompt: int, wishes: Wishes) -> int | None:
    """Return how many tokens the answer may have: no more than there is room for. Raises Refused."""
    context = service.live.engine.context
    room = context - prompt
    if room < 1:
        raise too_long(prompt, context)
    if wishes.max_tokens is None:
        return None
    if wishes.max_tokens > context:
        raise too_many(wishes.limit_field, wishes.max_tokens, prompt, context)
    if wishes.min_tokens > wishes.max_tokens:
        raise wrong("min_tokens", wishes.min_tokens, f"is at most {wishes.limit_field}")
    return min(wishes.max_tokens, room)


def find_stop_ids(service: Service, wishes: Wishes) -> frozenset[int]:
    """Return the tokens that end the answer. Raises Refused."""
    _check_tokens(service, wishes.stop_token_ids, "stop_token_ids")
    if wishes.ignore_eos:
        if wishes.constraint is not None:
            field = wishes.constraint.field
            raise Refused(f"ignore_eos cannot be honoured together with {field}.", "ignore_eos")
        return wishes.stop_token_ids
    stop_ids = service.stop_ids | wishes.stop_token_ids
    if wishes.one_call:
        return stop_ids | {service.tokenizer.special("<|tool_call_end|>")}
    return stop_ids


def _sampling(wishes: Wishes, seed: int, thinking: bool) -> Sampling:
    usual = choose_sampling(thinking)
    return Sampling(
        temperature=usual.temperature if wishes.temperature is None else wishes.temperature,
        top_p=usual.top_p if wishes.top_p is None else wishes.top_p,
        top_k=wishes.top_k,
        min_p=wishes.min_p,
        seed=seed,
        logprobs=wishes.logprobs,
        frequency_penalty=wishes.frequency_penalty,
        presence_penalty=wishes.presence_penalty,
        repetition_penalty=wishes.repetition_penalty,
        logit_bias=wishes.logit_bias,
        min_tokens=wishes.min_tokens,
    )


def _check_tokens(service: Service, tokens: Iterable[int], field: str) -> None:
    """Raise Refused for the first that is no token's id."""
    vocab = service.config.text.vocab_size
    for token in tokens:
        if not 0 <= token < vocab:
            raise wrong(field, token, f"are token ids from 0 to {vocab - 1}")


def _build_mask(service: Service, wishes: Wishes, thinking: bool) -> TokenMask | None:
    answer = _build_constraint(service, wishes.constraint) if wishes.constraint else None
    if not thinking or (answer is None and wishes.thought_budget is None):
        return answer
    begin = service.tokenizer.special("<|tool_calls_section_begin|>")
    return ThoughtMask(
        service.config.text.vocab_size,
        service.tokenizer.special("</think>"),
        answer=answer,
        # Else the answer could end, or call a tool, before the constraint begins to hold.
        forbidden={*service.stop_ids, begin} if answer else (),
        budget=wishes.thought_budget,
    )


def _build_constraint(service: Service, constraint: Constraint) -> TokenMask:
    try:
        grammar = service.grammar
        if constraint.kind == "json":
            return grammar.mask(constraint.content, thinking=False)
        if constraint.kind == "regex":
            return grammar.pattern(constraint.content)
        if constraint.kind == "choice":
            return grammar.pattern("|".join(map(re.escape, constraint.content)))
        if constraint.kind == "lark":
            return grammar.lark(constraint.content)
        assert isinstance(constraint.content, ToolCalls)
        return grammar.calls(constraint.content)
    except GrammarError as error:
        place = constraint.field
        raise Refused(f"{place} cannot be followed: {error}.", place) from None
