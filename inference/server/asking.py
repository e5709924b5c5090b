"""What both APIs ask of the engine, in one form, and how it becomes requests. Knows neither wire
format.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inference.chat.template import ChatError, choose_sampling
from inference.engine.grammar import GrammarError, TokenMask
from inference.engine.live import Busy, Conversation, RequestError
from inference.engine.sequence import Request, Sampling
from inference.engine.service import Service
from inference.server.errors import Refused, wrong

DATA_URL = re.compile(r"data:image/[\w.+-]+;base64,\s*(.*)", re.DOTALL)


@dataclass(frozen=True)
class Schema:
    """The JSON schema an answer has to follow, None: any object; and the field it came in."""

    content: Mapping[str, Any] | None
    field: str


@dataclass(frozen=True)
class Asking:
    """`messages` and `tools` are OpenAI's; `pictures`: each one's file by the field it came in, in
    their order.

    Temperature and top_p None: K2.6's own for the mode. `seed` None: another each time.
    """

    messages: list[dict[str, Any]]
    pictures: Mapping[str, bytes]
    tools: list[Mapping[str, Any]]
    thinking: bool
    preserve_thinking: bool = False
    max_tokens: int | None = None
    limit_field: str = "max_tokens"
    temperature: float | None = None
    top_p: float | None = None
    min_p: float | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    logprobs: int | None = None
    choices: int = 1
    schema: Schema | None = None

    async def requests(self, service: Service) -> list[Request]:
        """One for each choice. Raises Refused."""
        try:
            # Tokenising and cutting pictures takes tens of milliseconds, which other streams need
            # not feel.
            ids, pictures = await asyncio.to_thread(
                service.prompt,
                self.messages,
                self.pictures,
                tools=self.tools,
                thinking=self.thinking,
                preserve_thinking=self.preserve_thinking,
            )
        except ChatError as error:
            raise Refused(str(error), error.field) from None
        usual = choose_sampling(self.thinking)
        seed = secrets.randbits(63) if self.seed is None else self.seed
        return [
            Request(
                prompt=tuple(ids),
                pictures=tuple(pictures),
                sampling=Sampling(
                    temperature=usual.temperature if self.temperature is None else self.temperature,
                    top_p=usual.top_p if self.top_p is None else self.top_p,
                    min_p=self.min_p or 0.0,
                    seed=seed ^ choice << 56,  # far from the neighbouring seeds people choose
                    logprobs=self.logprobs,
                ),
                max_tokens=self.max_tokens,
                stop=self.stop,
                stop_ids=service.stop_ids,
                mask=await asyncio.to_thread(self._mask, service),
            )
            for choice in range(self.choices)
        ]

    def _mask(self, service: Service) -> TokenMask | None:
        if self.schema is None:
            return None
        try:
            return service.grammar.mask(self.schema.content, thinking=self.thinking)
        except GrammarError as error:
            raise Refused(
                f"{self.schema.field} cannot be followed: {error}.", self.schema.field
            ) from None

    def start(self, service: Service, requests: list[Request]) -> Conversation:
        """Raises Refused when they can never fit, or not now."""
        try:
            return service.live.ask(*requests)
        except RequestError as error:
            field = self.limit_field if error.limit else "messages"
            raise Refused(error.describe(self.limit_field), field) from None
        except Busy as error:
            raise Refused(str(error), status=429, retry_after=error.retry_after) from None


def picture_of(url: str, field: str) -> bytes:
    """The file in a data URL; raises Refused. A server that fetched what it is told to would be a
    way into its net.
    """
    found = DATA_URL.fullmatch(url.strip())
    if not found:
        raise wrong(field, url, "is data:image/…;base64,…, for this server fetches nothing")
    return unpacked(found[1], field)


def unpacked(data: str, field: str) -> bytes:
    try:
        return base64.b64decode(re.sub(r"\s", "", data), validate=True)
    except (binascii.Error, ValueError):
        raise wrong(field, data, "is base64") from None
