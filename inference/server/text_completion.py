"""OpenAI's text completions: a prompt as it is, without the chat template."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from inference.engine.sequence import Token, Update
from inference.engine.service import Service
from inference.server.errors import Refused, openai_error, wrong
from inference.server.fields import whole
from inference.server.generation import Wishes
from inference.server.logprobs import text_of
from inference.server.sampling_fields import SamplingFields
from inference.server.stream import Event, check_finish

USUAL_TOKENS = 16  # OpenAI's, where max_tokens is missing
MOST_PROMPTS = 16
REASONS = {"stop": "stop", "length": "length", "cancelled": "stop"}


class TextRequest(SamplingFields):
    """The body of a text completion."""

    neutral: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        **SamplingFields.neutral,
        "add_special_tokens": (True, False),
        "suffix": ("",),
    }

    prompt: Any
    echo: bool = False
    return_tokens_as_token_ids: bool = False
    logprobs: Annotated[int | None, whole(0, 20)] = None


def read_prompts(request: TextRequest, service: Service) -> list[list[int]]:
    """Return each prompt's tokens; names of special tokens in a text are those tokens. Raises
    Refused.
    """
    prompt = request.prompt
    several = isinstance(prompt, list) and bool(prompt) and isinstance(prompt[0], str | list)
    prompts = prompt if several else [prompt]
    if len(prompts) > MOST_PROMPTS:
        raise wrong("prompt", len(prompts), f"are up to {MOST_PROMPTS} prompts")
    if request.echo and request.logprobs is not None:
        raise Refused("echo cannot be honoured together with logprobs.", "echo")
    return [_encode(one, service) for one in prompts]


def _encode(prompt: Any, service: Service) -> list[int]:
    if isinstance(prompt, str) and prompt:
        return service.tokenizer.encode(prompt, specials=True)
    vocab = service.config.text.vocab_size
    ids = isinstance(prompt, list) and all(type(one) is int and 0 <= one < vocab for one in prompt)
    if not ids or not prompt:
        allowed = f"are a text and a list of token ids from 0 to {vocab - 1}, or a list of those"
        raise wrong("prompt", prompt, allowed)
    return list(prompt)


def text_wishes(request: TextRequest) -> Wishes:
    """Return how the answers are to be made. Raises Refused."""
    return request.wishes(
        max_tokens=request.max_tokens or USUAL_TOKENS,
        logprobs=request.logprobs,
        temperature=1.0 if request.temperature is None else request.temperature,
        top_p=1.0 if request.top_p is None else request.top_p,
    )


class _Text:
    def __init__(self, index: int, prompt: list[int], echo: str) -> None:
        self.index, self.prompt, self.text = index, len(prompt), echo
        self.tokens: list[Token] = []
        self.reason: str | None = None
        self.cached = 0


class TextWriter:
    """See `stream.AnswerWriter`."""

    def __init__(
        self, service: Service, request: TextRequest, model: str, prompts: list[list[int]]
    ) -> None:
        self._service, self._request, self._prompts = service, request, prompts
        self._texts: list[_Text] = []
        for prompt in prompts:
            echo = service.tokenizer.decode(prompt) if request.echo else ""
            for _ in range(request.n):
                self._texts.append(_Text(len(self._texts), prompt, echo))
        created = int(time.time())
        head = {"id": f"cmpl-{uuid.uuid4().hex}", "created": created, "model": model}
        self._head = {**head, "object": "text_completion"}

    def begin(self) -> list[Event]:
        """Return the prompts where they are to be echoed."""
        return [self._chunk(text, text.text, []) for text in self._texts if text.text]

    def read(self, index: int, update: Update) -> list[Event]:
        """Take an update and return its chunk."""
        check_finish(update)
        text = self._texts[index]
        said = "".join(token.text for token in update.tokens) + update.text
        text.text += said
        text.tokens += update.tokens
        text.cached = update.cached
        text.reason = REASONS[update.finish] if update.finish else None
        if not said and not update.finish:
            return []
        return [self._chunk(text, said, update.tokens)]

    def end(self) -> list[Event]:
        """Return the usage, where it is wished for, and the end."""
        done = [Event("[DONE]")]
        if not self._request.stream_options.include_usage:
            return done
        return [Event({**self._head, "choices": [], "usage": self._usage()}), *done]

    def whole(self) -> dict[str, Any]:
        """Return the completion."""
        choices = [self._choice(text, text.text, text.tokens) for text in self._texts]
        return {**self._head, "choices": choices, "usage": self._usage()}

    def fail(self, refused: Refused) -> list[Event]:
        """Return the error as the last event."""
        return [Event(openai_error(refused))]

    def _chunk(self, text: _Text, said: str, tokens: Any) -> Event:
        told = {**self._head, "choices": [self._choice(text, said, tokens)]}
        if self._request.stream_options.continuous_usage_stats:
            told["usage"] = self._usage()
        return Event(told)

    def _choice(self, text: _Text, said: str, tokens: Any) -> dict[str, Any]:
        told = {"index": text.index, "text": said, "finish_reason": text.reason}
        return {**told, "logprobs": self._logprobs(tokens)}

    def _logprobs(self, tokens: list[Token]) -> dict[str, Any] | None:
        if self._request.logprobs is None:
            return None
        offsets, place = [], 0
        for token in tokens:
            offsets.append(place)
            place += len(token.text)
        return {
            "tokens": [self._name(token.id) for token in tokens],
            "token_logprobs": [token.logprob for token in tokens],
            "top_logprobs": [
                {self._name(id): value for id, value in token.top} for token in tokens
            ],
            "text_offset": offsets,
        }

    def _name(self, id: int) -> str:
        """Return a token's text, or its id in vLLM's form, which tells halves of characters apart."""
        if self._request.return_tokens_as_token_ids:
            return f"token_id:{id}"
        return text_of(id, self._service.tokenizer)

    def _usage(self) -> dict[str, Any]:
        prompt = sum(map(len, self._prompts))
        made = sum(len(text.tokens) for text in self._texts)
        cached = sum(text.cached for text in self._texts)
        return {
            "prompt_tokens": prompt,
            "completion_tokens": made,
            "total_tokens": prompt + made,
            "prompt_tokens_details": {"cached_tokens": cached},
        }
