"""The messages of OpenAI's chat completions, read and turned into what the chat template knows."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, Tag

from inference.server.errors import Refused
from inference.server.fields import Lenient, one_of, text_or_list, text_or_object
from inference.server.pictures import read_data_url

ROLES = {"developer": "system", "function": "tool"}


class TextPart(Lenient):
    """Text, under chat completions' name or the Responses API's."""

    type: str
    text: str


class RefusalPart(Lenient):
    """What an assistant refused with, earlier."""

    type: str
    refusal: str


class ThinkingPart(Lenient):
    """What an assistant thought, earlier."""

    type: str
    thinking: str


class ImageAddress(Lenient):
    """A picture's data URL; `detail` has no meaning for K2.6, which sees every picture whole."""

    url: str


class ImagePart(Lenient):
    """A picture; Moonshot and the Responses API write the address as a plain string."""

    type: str
    image_url: Annotated[
        Annotated[str, Tag("~text")] | Annotated[ImageAddress, Tag("~object")],
        text_or_object("are a string and an object with a url"),
    ]


PART_TAGS = {
    "text": "~text",
    "input_text": "~text",
    "output_text": "~text",
    "refusal": "~refusal",
    "thinking": "~thinking",
    "image_url": "~image",
    "input_image": "~image",
}
Part = Annotated[
    Annotated[TextPart, Tag("~text")]
    | Annotated[RefusalPart, Tag("~refusal")]
    | Annotated[ThinkingPart, Tag("~thinking")]
    | Annotated[ImagePart, Tag("~image")],
    one_of("type", PART_TAGS, "are " + " and ".join(map(repr, PART_TAGS))),
]
Content = Annotated[
    Annotated[str, Tag("~text")] | Annotated[list[Part], Tag("~list")],
    text_or_list("are a string and a list of parts"),
]


class Function(Lenient):
    """A call's function; `arguments` is JSON in a text, or an object."""

    name: str
    arguments: Any = ""


class Call(Lenient):
    """A call of a tool, made earlier."""

    id: str | None = None
    function: Function


class ChatMessage(Lenient):
    """One message of a conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Content | None = None
    name: str | None = None
    tool_call_id: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    refusal: str | None = None
    tool_calls: list[Call] = Field(default_factory=list)
    function_call: Function | None = None
    partial: bool = False


class MessageReader:
    """Messages for the chat template, and the files of the pictures in them, in their order."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.pictures: dict[str, bytes] = {}

    def read(self, message: ChatMessage, place: str) -> None:
        """Add one message; raises Refused for a picture that cannot be read."""
        content, thought = self.content(message.content, f"{place}.content")
        told: dict[str, Any] = {"role": ROLES.get(message.role, message.role), "content": content}
        reasoning = message.reasoning_content or message.reasoning or thought
        if message.role == "assistant":
            told["content"] = content or message.refusal or ""
            if reasoning:
                told["reasoning_content"] = reasoning
            if calls := _calls(message):
                told["tool_calls"] = calls
        elif message.role in ("tool", "function"):
            told["tool_call_id"] = message.tool_call_id or message.name or ""
        if message.name and message.role != "function":
            told["name"] = message.name
        self.messages.append(told)

    def content(
        self, content: str | list[Any] | None, place: str
    ) -> tuple[str | list[dict[str, Any]] | None, str]:
        """Return (content for the template, the thoughts that stand in it)."""
        if content is None or isinstance(content, str):
            return content, ""
        parts: list[dict[str, Any]] = []
        thought = ""
        for index, part in enumerate(content):
            if isinstance(part, ThinkingPart):
                thought += part.thinking
            elif isinstance(part, ImagePart):
                parts.append(self.picture(part, f"{place}[{index}]"))
            else:
                text = part.refusal if isinstance(part, RefusalPart) else part.text
                parts.append({"type": "text", "text": text})
        return parts, thought

    def picture(self, part: ImagePart, place: str) -> dict[str, Any]:
        """Keep a picture's file and return its part for the template."""
        address = part.image_url
        field = f"{place}.image_url" if isinstance(address, str) else f"{place}.image_url.url"
        url = address if isinstance(address, str) else address.url
        self.pictures[field] = read_data_url(url, field)
        return {"type": "image_url"}


def _calls(message: ChatMessage) -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = []
    for call in message.tool_calls:
        function = {"name": call.function.name, "arguments": call.function.arguments}
        calls.append({"id": call.id, "function": function})
    if old := message.function_call:
        function = {"name": old.name, "arguments": old.arguments}
        calls.append({"id": old.name, "function": function})
    return calls


def find_continued(messages: list[ChatMessage], wanted: bool) -> bool:
    """Return whether the last message is the beginning of the answer. Raises Refused."""
    for index, message in enumerate(messages):
        last = index == len(messages) - 1
        if message.partial and not (last and message.role == "assistant"):
            raise Refused(
                f"messages[{index}].partial is True; allowed is it only on the last message, an assistant's.",
                f"messages[{index}].partial",
            )
    return wanted or messages[-1].partial
