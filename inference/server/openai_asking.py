"""OpenAI's chat completions: what is asked. With the thinking switches of vLLM, SGLang and
Moonshot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from inference.server.asking import Asking, Schema, picture_of
from inference.server.errors import wrong
from inference.server.fields import Fields
from inference.server.schemas import check_schema

MOST_CHOICES = 16
MOST_TOKENS = 2**31 - 1


@dataclass(frozen=True)
class Completion:
    asking: Asking
    stream: bool
    include_usage: bool


def read_completion(body: Any) -> Completion:
    """Raises Refused for the first field that is wrong, and for those the engine cannot honour."""
    fields = Fields(body)
    fields.only("frequency_penalty", 0)
    fields.only("presence_penalty", 0)
    fields.only("repetition_penalty", 1)
    fields.only("logit_bias", {})
    fields.only("tool_choice", "auto", "none")
    fields.only("top_k", 0, -1)
    messages, pictures = read_messages(fields)
    thinking, preserve = _thinking(fields)
    limit = (
        "max_completion_tokens" if fields.get("max_completion_tokens") is not None else "max_tokens"
    )
    asking = Asking(
        messages=messages,
        pictures=pictures,
        tools=[] if fields.get("tool_choice") == "none" else _tools(fields),
        thinking=thinking,
        preserve_thinking=preserve,
        max_tokens=fields.whole(limit, 1, MOST_TOKENS),
        limit_field=limit,
        temperature=fields.real("temperature", 0, 2),
        top_p=fields.real("top_p", 0, 1),
        min_p=fields.real("min_p", 0, 1),
        seed=fields.whole("seed", -(2**63), 2**63 - 1),
        stop=fields.strings("stop", 16),
        logprobs=_logprobs(fields),
        choices=fields.whole("n", 1, MOST_CHOICES) or 1,
        schema=_schema(fields.object("response_format")),
    )
    options = fields.object("stream_options")
    return Completion(asking, fields.flag("stream", False), options.flag("include_usage", False))


def read_messages(fields: Fields) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """(the messages as they are, the pictures' files in their order)."""
    messages, pictures = [], {}
    for message in fields.objects("messages", needed=True):
        message.one_of("role", "system", "developer", "user", "assistant", "tool")
        content = message.get("content")
        if content is not None and not isinstance(content, str | list):
            raise message.wrong("content", "are a string and a list of parts")
        parts = message.objects("content") if isinstance(content, list) else []
        for part in parts:
            if part.one_of("type", "text", "image_url") == "text":
                part.text("text")
                continue
            # Moonshot also takes the plain string.
            inner = part.get("image_url")
            field = part.path("image_url") if isinstance(inner, str) else part.path("image_url.url")
            url = inner if isinstance(inner, str) else part.object("image_url").text("url")
            pictures[field] = picture_of(url, field)
        message.objects("tool_calls")
        for name in ("name", "tool_call_id", "reasoning_content", "reasoning"):
            if message.get(name) is not None:
                message.text(name)
        role = "system" if message.get("role") == "developer" else message.get("role")
        messages.append({**message.values, "role": role})
    return messages, pictures


def _tools(fields: Fields) -> list[Any]:
    tools = fields.objects("tools")
    for tool in tools:
        tool.one_of("type", "function")
        tool.object("function").text("name")
        check_schema(tool.object("function").object("parameters"))
    return [tool.values for tool in tools]


def _thinking(fields: Fields) -> tuple[bool, bool]:
    """(thinking, keep the thoughts of earlier turns); the first switch that is there decides."""
    template = fields.object("chat_template_kwargs")
    switch = fields.object("thinking")
    preserve = template.flag("preserve_thinking", switch.get("keep") == "all")
    for name in ("thinking", "enable_thinking"):
        if template.get(name) is not None:
            return template.flag(name, True), preserve
    if switch.get("type") is not None:
        return switch.one_of("type", "enabled", "disabled") == "enabled", preserve
    effort = fields.get("reasoning_effort")
    if effort is not None and not isinstance(effort, str):
        raise wrong(fields.path("reasoning_effort"), effort, "is a string")
    return effort != "none", preserve


def _schema(form: Fields) -> Schema | None:
    if not form.values or form.one_of("type", "text", "json_object", "json_schema") == "text":
        return None
    if form.get("type") == "json_object":
        return Schema(None, form.path("type"))
    schema = form.object("json_schema").object("schema")
    return Schema(schema.values, schema.at)


def _logprobs(fields: Fields) -> int | None:
    wanted = fields.flag("logprobs", False)
    top = fields.whole("top_logprobs", 0, 20)
    if top and not wanted:
        raise fields.wrong("top_logprobs", "is it only with logprobs true")
    return top or 0 if wanted else None
