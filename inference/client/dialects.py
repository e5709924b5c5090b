"""Differences of model servers: protocol, thinking switch, sampling, name of the token limit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from inference.client.adaptation import Option
from inference.types import ImagePart, ModelRequest

# The sampling that K2.6 recommends, by whether it thinks. top_p is the same for both.
TEMPERATURE = {True: 1.0, False: 0.6}
TOP_P = 0.95
# OpenAI's chat completions, Anthropic's messages, OpenAI's responses.
Protocol = Literal["chat", "messages", "responses"]
PATHS: Mapping[Protocol, str] = {
    "chat": "/chat/completions",
    "messages": "/messages",
    "responses": "/responses",
}
# Where the thinking switch is: an argument of the chat template, the field `thinking`, or a degree
# of effort.
Switch = Literal["template", "thinking", "effort"]


@dataclass(frozen=True, slots=True)
class Dialect:
    """What one kind of server accepts.

    `sampling`: temperature and top_p may be sent unasked. `limit`: the name of the token limit.
    `counting`: the server can report token counts with every chunk, so that the speed of a stream
    and the cost of an interrupted answer are known. `bearer`: the key is sent as a bearer token.
    """

    name: str
    protocol: Protocol = "chat"
    switch: Switch = "template"
    sampling: bool = True
    limit: str = "max_tokens"
    counting: bool = False
    bearer: bool = True


DIALECTS: Mapping[str, Dialect] = {
    dialect.name: dialect
    for dialect in (
        Dialect("vllm", counting=True),
        # KTransformers serves through SGLang.
        Dialect("sglang", counting=True),
        Dialect("moonshot", switch="thinking", sampling=False, limit="max_completion_tokens"),
        Dialect("gemini", switch="effort", sampling=False),
        Dialect("openai", "responses", "effort", sampling=False, limit="max_output_tokens"),
        Dialect("openai-chat", switch="effort", sampling=False, limit="max_completion_tokens"),
        Dialect("anthropic", "messages", "thinking", sampling=False, bearer=False),
        # Other makers' servers of Anthropic's API, such as api.moonshot.ai/anthropic.
        Dialect("messages", "messages", "thinking", sampling=False),
        Dialect("generic"),
    )
}
OWNERS = {"vllm": "vllm", "sglang": "sglang", "moonshot": "moonshot", "ktransformers": "sglang"}
HOSTS = {
    "anthropic.com": "anthropic",
    "api.openai.com": "openai",
    "openai.azure.com": "openai-chat",
    "googleapis.com": "gemini",
    "moonshot.ai": "moonshot",
    "moonshot.cn": "moonshot",
    "kimi.ai": "moonshot",
    "kimi.com": "moonshot",
}
# The last folder of other makers' addresses of Anthropic's API, before /v1.
MESSAGES_FOLDER = "anthropic"
# What is tried in turn where a server has nothing at a protocol's path.
NEXT_DIALECT = {
    "generic": "messages",
    "messages": "openai",
    "openai": "openai-chat",
}


def recognize_dialect(url: str, owner: str) -> Dialect:
    """Return the dialect by the URL, else by the owner in the model list, else generic."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    folders = parts.path.rstrip("/").removesuffix("/v1").split("/")
    if folders[-1] == MESSAGES_FOLDER:
        return DIALECTS["messages"]
    for name, dialect in HOSTS.items():
        if host == name or host.endswith(f".{name}"):
            return DIALECTS[dialect]
    return DIALECTS[OWNERS.get(owner.lower(), "generic")]


def list_options(request: ModelRequest, dialect: Dialect) -> frozenset[Option]:
    """Return the options of a request that a server of this dialect may refuse."""
    options: set[Option] = {"limit"}
    if dialect.protocol != "messages" or request.thinking:
        options.add("switch")
    parts = [part for message in request.messages for part in message.parts]
    if any(isinstance(part, ImagePart) for part in parts):
        options.add("pictures")
    if any(message.role == "system" for message in request.messages):
        options.add("role")
    if dialect.sampling or request.temperature is not None:
        options.add("temperature")
    if dialect.sampling or request.top_p is not None:
        options.add("top_p")
    if request.schema is not None:
        options.add("schema")
    if dialect.protocol == "chat":
        options.add("usage")
        if request.seed is not None:
            options.add("seed")
        if dialect.counting:
            options.add("counting")
    if dialect.protocol == "responses" and request.thinking:
        options.add("summary")
    return frozenset(options)
