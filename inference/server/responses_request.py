"""OpenAI's Responses API: what is asked, as Codex and the SDKs do."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, Tag, ValidationError

from inference.server.chat_request import Mode, NamedFunction
from inference.server.errors import Refused, from_validation, wrong
from inference.server.fields import (
    Lenient,
    Strict,
    TokenCount,
    real,
    text_or_object,
    whole,
)
from inference.server.generation import Chat, Constraint, Wishes
from inference.server.response_items import Input, ItemReader, qualify
from inference.server.sampling_fields import StreamOptions, read_schema
from inference.server.schemas import check_schema
from inference.server.tool_choice import ToolChoice, check_names, constrain_calls, declared

log = logging.getLogger(__name__)
ENCRYPTED = "reasoning.encrypted_content"
LOGPROBS = "message.output_text.logprobs"
# What else may be included would come from tools that OpenAI runs.
INCLUDES = (ENCRYPTED, LOGPROBS)


class ResponseTool(Lenient):
    """A tool; function and custom ones are the client's, the others OpenAI's."""

    type: str
    name: str | None = None
    description: str | None = None
    parameters: Any = None
    strict: bool | None = None
    format: Any = None
    tools: list[Any] = Field(default_factory=list)
    defer_loading: bool = False


class ResponseChoice(Lenient):
    """One tool that must be called, or those that may be."""

    type: str
    name: str | None = None
    mode: Literal["auto", "required"] = "auto"
    tools: list[NamedFunction] = Field(default_factory=list)


Choice = Annotated[
    Annotated[Mode, Tag("~text")] | Annotated[ResponseChoice, Tag("~object")],
    text_or_object("are 'auto', 'none', 'required' and an object that names a tool"),
]


class Reasoning(Strict):
    """Whether to think; K2.6 has no degrees of effort, and its thoughts are told whole."""

    hints = frozenset({"summary", "generate_summary", "context"})
    effort: str | None = None


class TextOptions(Strict):
    """What form the answer has."""

    hints = frozenset({"verbosity"})
    format: dict[str, Any] | None = None


class ResponsesRequest(Strict):
    """The body of a response."""

    # These change nothing about the answer, here or elsewhere.
    hints: ClassVar[frozenset[str]] = frozenset(
        {
            "model",
            "metadata",
            "client_metadata",
            "user",
            "service_tier",
            "prompt_cache_key",
            "prompt_cache_retention",
            "prompt_cache_options",
            "safety_identifier",
        }
    )
    neutral: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "background": (False,),
        "truncation": ("disabled",),
    }
    refused: ClassVar[Mapping[str, str]] = {
        "conversation": "cannot be honoured: this server keeps responses, not conversations",
        "prompt": "cannot be honoured: this server keeps no prompts",
        "max_tool_calls": "cannot be honoured: this server runs no tools",
    }

    input: Input
    instructions: str | None = None
    previous_response_id: str | None = None
    store: bool = True
    stream: bool = False
    stream_options: StreamOptions = StreamOptions()
    tools: list[Any] = Field(default_factory=list)
    tool_choice: Choice = "auto"
    parallel_tool_calls: bool = True
    reasoning: Reasoning = Reasoning()
    text: TextOptions = TextOptions()
    include: list[str] = Field(default_factory=list)
    max_output_tokens: TokenCount | None = None
    temperature: Annotated[float | None, real(0, 2)] = None
    top_p: Annotated[float | None, real(0, 1)] = None
    top_logprobs: Annotated[int, whole(0, 20)] = 0


@dataclass(frozen=True)
class ToolNames:
    """How the model's names of tools are told: `custom` ones take a text, the others an object.

    `spaces`: a name as the model writes it -> (namespace, name).
    """

    custom: frozenset[str] = frozenset()
    spaces: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class ResponseAsk:
    """A response, ready for the engine."""

    chat: Chat
    wishes: Wishes
    stream: bool
    names: ToolNames
    sealed: bool  # thoughts are also told as an opaque text


def read_response(request: ResponsesRequest) -> ResponseAsk:
    """Return what is asked; raises Refused for the first field that is wrong."""
    for index, name in enumerate(request.include):
        if name not in INCLUDES:
            raise wrong(f"include[{index}]", name, "are " + " and ".join(map(repr, INCLUDES)))
    reader = ItemReader()
    if request.instructions:
        reader.messages.append({"role": "system", "content": request.instructions})
    if isinstance(request.input, str):
        reader.messages.append({"role": "user", "content": request.input})
    else:
        for index, item in enumerate(request.input):
            reader.read(item, f"input[{index}]")
    if not reader.messages:
        raise wrong("input", [], "is a list of items with at least one")
    told = _ToolReader()
    for index, tool in enumerate(request.tools):
        told.read(tool, f"tools[{index}]")
    for place, tool in reader.tools:
        told.read(tool, place)
    check_names(told.tools)
    tools, choice = _choice(request, told.tools)
    effort = reader.effort or request.reasoning.effort
    chat = Chat(
        messages=reader.messages,
        pictures=reader.pictures,
        tools=declared(tools, choice),
        thinking=effort != "none",
    )
    wishes = _wishes(request, tools, choice, reader.messages)
    return ResponseAsk(chat, wishes, request.stream, told.names, ENCRYPTED in request.include)


def _wishes(
    request: ResponsesRequest,
    tools: list[Mapping[str, Any]],
    choice: ToolChoice,
    messages: list[dict[str, Any]],
) -> Wishes:
    constraint, forced = _format(request.text), constrain_calls(tools, choice, messages)
    if constraint and forced and choice.mode in ("required", "named"):
        raise Refused(f"{forced.field} and {constraint.field} exclude each other.", forced.field)
    wants_logprobs = LOGPROBS in request.include or request.top_logprobs
    return Wishes(
        max_tokens=request.max_output_tokens,
        limit_field="max_output_tokens",
        temperature=request.temperature,
        top_p=request.top_p,
        logprobs=request.top_logprobs if wants_logprobs else None,
        constraint=constraint or forced,
        one_call=bool(tools) and not choice.several and forced is None,
    )


class _ToolReader:
    """The client's tools as chat completions write them, and how their names are told."""

    def __init__(self) -> None:
        self.tools: list[Mapping[str, Any]] = []
        self.custom: set[str] = set()
        self.spaces: dict[str, tuple[str, str]] = {}

    @property
    def names(self) -> ToolNames:
        return ToolNames(frozenset(self.custom), self.spaces)

    def read(self, tool: Any, place: str, namespace: str | None = None) -> None:
        """Add a tool, or those of a namespace. Raises Refused."""
        try:
            told = ResponseTool.model_validate(tool)
        except ValidationError as error:
            raise from_validation(error, place) from None
        if told.type == "namespace":
            for index, inner in enumerate(told.tools):
                self.read(inner, f"{place}.tools[{index}]", told.name)
            return
        name = qualify(namespace, told.name or "")
        if namespace:
            self.spaces[name] = (namespace, told.name or "")
        self.tools += _declare(told, name, place, self.custom)


def _declare(
    tool: ResponseTool, name: str, place: str, custom: set[str]
) -> list[Mapping[str, Any]]:
    if tool.type not in ("function", "custom"):
        # A model may always choose not to call a tool; this one never can.
        log.info(
            "%s is %r, a tool that OpenAI runs: the model is not told of it.", place, tool.type
        )
        return []
    if not name:
        raise wrong(f"{place}.name", tool.name, "is a string")
    function: dict[str, Any] = {"name": name, "parameters": tool.parameters}
    if tool.parameters is not None:
        check_schema(tool.parameters, f"{place}.parameters")
    if tool.description is not None:
        function["description"] = tool.description
    if tool.strict:
        function["strict"] = True
    if tool.type == "custom":
        custom.add(name)
        function |= _text_tool(tool)
    return [{"type": "function", "function": function}]


def _text_tool(tool: ResponseTool) -> dict[str, Any]:
    """Return the function that stands for a tool which takes a text, perhaps of a grammar."""
    description = tool.description or ""
    form = tool.format if isinstance(tool.format, Mapping) else {}
    if form.get("type") == "grammar":
        description += (
            f"\n\nThe input follows this {form.get('syntax')} grammar:\n{form.get('definition')}"
        )
    text = {"type": "string", "description": "The tool's whole input, as it is."}
    schema = {"type": "object", "properties": {"input": text}, "required": ["input"]}
    return {"description": description, "parameters": schema}


def _choice(
    request: ResponsesRequest, tools: list[Mapping[str, Any]]
) -> tuple[list[Mapping[str, Any]], ToolChoice]:
    choice, several = request.tool_choice, request.parallel_tool_calls
    if isinstance(choice, str):
        return tools, ToolChoice(choice, several=several)
    if choice.type == "allowed_tools":
        names = {tool.name for tool in choice.tools}
        kept = [tool for tool in tools if tool["function"]["name"] in names]
        return kept, ToolChoice(choice.mode, several=several)
    if choice.type not in ("function", "custom"):
        allowed = "are 'function', 'custom' and 'allowed_tools', for this server runs no tools"
        raise wrong("tool_choice.type", choice.type, allowed)
    if not choice.name:
        raise wrong("tool_choice.name", choice.name, "is a tool's name")
    return tools, ToolChoice("named", (choice.name,), several, "tool_choice.name")


def _format(text: TextOptions) -> Constraint | None:
    form = text.format
    if form is None or form.get("type") == "text":
        return None
    if form.get("type") == "json_object":
        return Constraint("json", None, "text.format.type")
    if form.get("type") != "json_schema":
        allowed = "are 'text' and 'json_object' and 'json_schema'"
        raise wrong("text.format.type", form.get("type"), allowed)
    return read_schema(form.get("schema"), "text.format.schema")
