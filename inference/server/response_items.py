"""The items of OpenAI's Responses API, read and turned into messages for the chat template."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Annotated, Any, Literal

from pydantic import Field, Tag

from inference.server.chat_messages import Content, MessageReader
from inference.server.errors import Refused
from inference.server.fields import Lenient, one_of, text_or_list

KIMIS_NAMESPACE = "functions"  # K2.6 writes it before every tool's name itself
# Thoughts go out under a mark of ours when a client asks for them "encrypted", and come back.
THOUGHT_MARK = b"likeness-thought:"


class MessageItem(Lenient):
    """What somebody said; a message may leave its type out."""

    type: str = "message"
    role: Literal["system", "developer", "user", "assistant"]
    content: Content


class CallItem(Lenient):
    """A call of a function, made earlier."""

    type: str
    call_id: str
    name: str
    namespace: str | None = None
    arguments: str = "{}"


class CustomCallItem(Lenient):
    """A call of a tool that takes a text, made earlier."""

    type: str
    call_id: str
    name: str
    namespace: str | None = None
    input: str


class OutputItem(Lenient):
    """What a tool answered."""

    type: str
    call_id: str
    output: Content | None = None


class ReasoningText(Lenient):
    """Some of a thought."""

    text: str


class ReasoningItem(Lenient):
    """What the model thought, earlier."""

    type: str
    summary: list[ReasoningText] = Field(default_factory=list)
    content: list[ReasoningText] = Field(default_factory=list)
    encrypted_content: str | None = None


class ToolsItem(Lenient):
    """Tools that are declared from here on; Codex declares all of its own so."""

    type: str
    tools: list[Any] = Field(default_factory=list)


class Effort(Lenient):
    """How much to think."""

    effort: str | None = None


class ConfigurationItem(Lenient):
    """A change of how to think, from here on."""

    type: str
    reasoning: Effort = Effort()


ITEM_TAGS = {
    "message": "~message",
    "function_call": "~call",
    "custom_tool_call": "~custom",
    "function_call_output": "~output",
    "custom_tool_call_output": "~output",
    "reasoning": "~reasoning",
    "additional_tools": "~tools",
    "configuration_update": "~configuration",
}
Item = Annotated[
    Annotated[MessageItem, Tag("~message")]
    | Annotated[CallItem, Tag("~call")]
    | Annotated[CustomCallItem, Tag("~custom")]
    | Annotated[OutputItem, Tag("~output")]
    | Annotated[ReasoningItem, Tag("~reasoning")]
    | Annotated[ToolsItem, Tag("~tools")]
    | Annotated[ConfigurationItem, Tag("~configuration")],
    one_of("type", ITEM_TAGS, "are " + " and ".join(map(repr, ITEM_TAGS)), missing="~message"),
]
Input = Annotated[
    Annotated[str, Tag("~text")] | Annotated[list[Item], Tag("~list")],
    text_or_list("are a string and a list of items"),
]


def seal_thought(thought: str) -> str:
    """Return a thought as an opaque text that a client sends back with the next turn."""
    return base64.b64encode(THOUGHT_MARK + thought.encode("utf-8", "replace")).decode()


def open_thought(sealed: str) -> str:
    """Return the thought in a text of `seal_thought`; nothing for what another server made."""
    try:
        data = base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError):
        return ""
    if not data.startswith(THOUGHT_MARK):
        return ""
    return data.removeprefix(THOUGHT_MARK).decode("utf-8", "replace")


class ItemReader:
    """Messages for the chat template; an assistant's thought, text and calls become one message."""

    def __init__(self) -> None:
        self._reader = MessageReader()
        self._open: dict[str, Any] | None = None
        self.tools: list[tuple[str, Any]] = []  # (place, tool)
        self.effort: str | None = None

    @property
    def messages(self) -> list[dict[str, Any]]:
        """Return the messages read so far."""
        return self._reader.messages

    @property
    def pictures(self) -> dict[str, bytes]:
        """Return the pictures' files by their fields, in their order."""
        return self._reader.pictures

    def read(self, item: Any, place: str) -> None:
        """Add one item. Raises Refused."""
        if isinstance(item, ReasoningItem):
            self._assistant(thought=_thought_of(item))
        elif isinstance(item, CallItem):
            self._call(item, item.arguments)
        elif isinstance(item, CustomCallItem):
            self._call(item, json.dumps({"input": item.input}, ensure_ascii=False))
        elif isinstance(item, OutputItem):
            self._output(item, place)
        elif isinstance(item, ToolsItem):
            self.tools += [
                (f"{place}.tools[{index}]", tool) for index, tool in enumerate(item.tools)
            ]
        elif isinstance(item, ConfigurationItem):
            self.effort = item.reasoning.effort or self.effort
        else:
            self._message(item, place)

    def _message(self, item: MessageItem, place: str) -> None:
        content, _ = self._reader.content(item.content, f"{place}.content")
        if item.role == "assistant":
            if self._open is not None and (self._open["content"] or self._open.get("tool_calls")):
                self._open = None
            self._assistant(text=_plain(content))
            return
        self._open = None
        role = "system" if item.role == "developer" else item.role
        self.messages.append({"role": role, "content": content})

    def _call(self, item: CallItem | CustomCallItem, arguments: str) -> None:
        message = self._assistant()
        name = qualify(item.namespace, item.name)
        call = {"id": item.call_id, "function": {"name": name, "arguments": arguments}}
        message.setdefault("tool_calls", []).append(call)

    def _output(self, item: OutputItem, place: str) -> None:
        self._open = None
        content, _ = self._reader.content(item.output, f"{place}.output")
        told = {"role": "tool", "tool_call_id": item.call_id, "content": content or ""}
        self.messages.append(told)

    def _assistant(self, thought: str = "", text: str = "") -> dict[str, Any]:
        """Return the message that is open, with more of a thought and a text in it."""
        if (
            self._open is not None
            and thought
            and (self._open["content"] or self._open.get("tool_calls"))
        ):
            self._open = None
        if self._open is None:
            self._open = {"role": "assistant", "content": "", "reasoning_content": ""}
            self.messages.append(self._open)
        self._open["reasoning_content"] += thought
        self._open["content"] += text
        return self._open


def _thought_of(item: ReasoningItem) -> str:
    if item.content:
        return "".join(one.text for one in item.content)
    if item.encrypted_content and (thought := open_thought(item.encrypted_content)):
        return thought
    return "".join(one.text for one in item.summary)


def _plain(content: str | list[dict[str, Any]] | None) -> str:
    if content is None or isinstance(content, str):
        return content or ""
    if any(part["type"] != "text" for part in content):
        raise Refused("An assistant's message has a picture; allowed is text.", "input")
    return "".join(part["text"] for part in content)


def qualify(namespace: str | None, name: str) -> str:
    """Return a tool's name as the model is told it."""
    if not namespace or namespace == KIMIS_NAMESPACE:
        return name
    return f"{namespace}__{name}"
