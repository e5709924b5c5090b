"""The blocks of Anthropic's messages, read and turned into OpenAI's messages for the chat template."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import Field, Tag

from inference.server.errors import Refused, wrong
from inference.server.fields import Lenient, one_of, text_or_list
from inference.server.pictures import read_base64


class TextBlock(Lenient):
    """Text."""

    type: str
    text: str


class Base64Source(Lenient):
    """A picture's file."""

    type: Literal["base64"]
    media_type: Literal["image/png", "image/jpeg", "image/webp", "image/gif"]
    data: str


class ImageBlock(Lenient):
    """A picture."""

    type: str
    source: Base64Source


class DocumentSource(Lenient):
    """A document's text, or blocks of it; other kinds are refused by name."""

    type: str
    media_type: str | None = None
    data: str | None = None
    content: Blocks | None = None


class Citations(Lenient):
    """Whether the answer is to cite the document."""

    enabled: bool = False


class DocumentBlock(Lenient):
    """A document with text in it."""

    type: str
    source: DocumentSource
    title: str | None = None
    context: str | None = None
    citations: Citations = Citations()


class SearchResultBlock(Lenient):
    """A passage that a tool of the client found."""

    type: str
    source: str
    title: str
    content: list[TextBlock]


class ToolReferenceBlock(Lenient):
    """The name of a tool that is declared from here on."""

    type: str
    tool_name: str


class ThinkingBlock(Lenient):
    """What the model thought, earlier."""

    type: str
    thinking: str


class RedactedBlock(Lenient):
    """A thought that only Anthropic can read; left out."""

    type: str


class ToolUseBlock(Lenient):
    """A call of a tool, made earlier."""

    type: str
    id: str
    name: str
    input: dict[str, Any] = Field(default_factory=dict)


class ToolResultBlock(Lenient):
    """What a tool answered."""

    type: str
    tool_use_id: str
    content: Blocks | None = None
    is_error: bool = False


BLOCK_TAGS = {
    "text": "~text",
    "image": "~image",
    "document": "~document",
    "search_result": "~search",
    "tool_reference": "~reference",
    "tool_result": "~result",
    "thinking": "~thinking",
    "redacted_thinking": "~redacted",
    "tool_use": "~use",
}
Block = Annotated[
    Annotated[TextBlock, Tag("~text")]
    | Annotated[ImageBlock, Tag("~image")]
    | Annotated[DocumentBlock, Tag("~document")]
    | Annotated[SearchResultBlock, Tag("~search")]
    | Annotated[ToolReferenceBlock, Tag("~reference")]
    | Annotated[ToolResultBlock, Tag("~result")]
    | Annotated[ThinkingBlock, Tag("~thinking")]
    | Annotated[RedactedBlock, Tag("~redacted")]
    | Annotated[ToolUseBlock, Tag("~use")],
    one_of("type", BLOCK_TAGS, "are " + " and ".join(map(repr, BLOCK_TAGS))),
]
Blocks = Annotated[
    Annotated[str, Tag("~text")] | Annotated[list[Block], Tag("~list")],
    text_or_list("are a string and a list of blocks"),
]


class AnthropicMessage(Lenient):
    """One message; `system` and `developer` may stand anywhere."""

    role: Literal["user", "assistant", "system", "developer"]
    content: Blocks


# These hold blocks themselves, which pydantic could not know when it read the classes.
DocumentSource.model_rebuild()
DocumentBlock.model_rebuild()
ToolResultBlock.model_rebuild()
AnthropicMessage.model_rebuild()


class BlockReader:
    """Messages for the chat template, the files of their pictures, the tools they refer to."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.pictures: dict[str, bytes] = {}
        self.references: set[str] = set()

    def read(self, message: AnthropicMessage, place: str) -> None:
        """Add one message; raises Refused for a block that cannot be read."""
        content = message.content
        if isinstance(content, str):
            role = "system" if message.role == "developer" else message.role
            self.messages.append({"role": role, "content": content})
        elif message.role == "assistant":
            self._read_assistant(content)
        else:
            role = "user" if message.role == "user" else "system"
            self._read_user(content, role, f"{place}.content")

    def _read_user(self, blocks: list[Any], role: str, place: str) -> None:
        """Tools' results are messages of their own, before what the person says."""
        if not blocks:
            raise wrong(place, blocks, "are a string and a list of blocks with at least one")
        parts = []
        for index, block in enumerate(blocks):
            inner = f"{place}[{index}]"
            if isinstance(block, ToolResultBlock):
                self.messages.append(self._result(block, inner))
            elif not isinstance(block, ThinkingBlock | RedactedBlock | ToolUseBlock):
                parts.append(self.part(block, inner))
            else:
                raise wrong(f"{inner}.type", block.type, "is it only in an assistant's message")
        if parts:
            self.messages.append({"role": role, "content": parts})

    def _result(self, block: ToolResultBlock, place: str) -> dict[str, Any]:
        content: Any = block.content or ""
        if isinstance(content, list):
            inner = f"{place}.content"
            content = [self.part(one, f"{inner}[{index}]") for index, one in enumerate(content)]
        if block.is_error:
            error = {"type": "text", "text": "Error: "}
            content = [error, *content] if isinstance(content, list) else f"Error: {content}"
        return {"role": "tool", "tool_call_id": block.tool_use_id, "content": content}

    def part(self, block: Any, place: str) -> dict[str, Any]:
        """Return a block as a part for the template, and keep a picture's file. Raises Refused."""
        if isinstance(block, TextBlock):
            return _text(block.text)
        if isinstance(block, ImageBlock):
            field = f"{place}.source.data"
            self.pictures[field] = read_base64(block.source.data, field)
            return {"type": "image_url"}
        if isinstance(block, DocumentBlock):
            return _text(read_document(block, place))
        if isinstance(block, SearchResultBlock):
            found = "\n".join(one.text for one in block.content)
            return _text(f"{block.title} ({block.source})\n{found}\n")
        if isinstance(block, ToolReferenceBlock):
            self.references.add(block.tool_name)
            return _text(f"The tool {block.tool_name} is available now.\n")
        raise wrong(f"{place}.type", block.type, "are 'text' and 'image' and 'document' here")

    def _read_assistant(self, blocks: list[Any]) -> None:
        text, thought = "", ""
        calls = []
        for block in blocks:
            if isinstance(block, TextBlock):
                text += block.text
            elif isinstance(block, ThinkingBlock):
                thought += block.thinking
            elif isinstance(block, ToolUseBlock):
                arguments = json.dumps(block.input, ensure_ascii=False)
                function = {"name": block.name, "arguments": arguments}
                calls.append({"id": block.id, "function": function})
        message: dict[str, Any] = {"role": "assistant", "content": text}
        message["reasoning_content"] = thought
        self.messages.append({**message, "tool_calls": calls} if calls else message)


def read_document(block: DocumentBlock, place: str) -> str:
    """Return a document's text with its title; raises Refused for a PDF, an address or a file's id."""
    source, field = block.source, f"{place}.source"
    if block.citations.enabled:
        raise Refused(
            f"{place}.citations cannot be honoured: no citations are made.", f"{place}.citations"
        )
    if source.media_type == "application/pdf":
        raise Refused(
            f"{field}.media_type is 'application/pdf'; PDF cannot be read here: send its text, or "
            "its pages as pictures.",
            f"{field}.media_type",
        )
    if source.type == "text" and source.data is not None:
        text = source.data
    elif source.type == "content":
        text = _document_text(source.content, f"{field}.content")
    elif source.type == "base64" and (source.media_type or "").startswith("text/"):
        text = read_base64(source.data or "", f"{field}.data").decode("utf-8", "replace")
    else:
        raise wrong(
            f"{field}.type",
            source.type,
            "are 'text' and 'content', for this server fetches nothing",
        )
    head = [one for one in (block.title, block.context) if one]
    return "\n".join([*head, text, ""])


def _document_text(content: str | list[Any] | None, place: str) -> str:
    if isinstance(content, str):
        return content
    texts = [block.text for block in content or () if isinstance(block, TextBlock)]
    if not content or len(texts) != len(content):
        raise wrong(place, content, "are a string and blocks of text alone")
    return "\n".join(texts)


def _text(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}
