"""Anthropic's messages: what is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, Tag

from inference.server.errors import Refused, wrong
from inference.server.fields import (
    MOST_TOKENS,
    AtLeastOne,
    Lenient,
    Stops,
    Strict,
    TokenCount,
    real,
    text_or_list,
    whole,
)
from inference.server.generation import Chat, Constraint, Wishes
from inference.server.message_blocks import AnthropicMessage, BlockReader, TextBlock
from inference.server.sampling_fields import read_schema
from inference.server.schemas import check_schema
from inference.server.tool_choice import ToolChoice, check_names, constrain_calls, declared

SMALLEST_BUDGET = 1024
NO_SERVER_TOOLS = "is {!r}, a tool that Anthropic runs; allowed are tools that the client runs"


class AnthropicTool(Lenient):
    """A tool. `type` other than custom names one whose schema or work is Anthropic's."""

    type: str = "custom"
    name: str
    description: str | None = None
    input_schema: Any = None
    defer_loading: bool = False
    strict: bool = False


class AnthropicChoice(Lenient):
    """How tools are to be chosen."""

    type: Literal["auto", "any", "tool", "none"]
    name: str | None = None
    disable_parallel_tool_use: bool = False


class AnthropicThinking(Strict):
    """Whether to think, and for how many tokens at most."""

    hints = frozenset({"display"})
    type: Literal["enabled", "disabled", "adaptive"]
    budget_tokens: Any = None


class OutputConfig(Strict):
    """The answer's form; K2.6 has no degrees of effort."""

    hints = frozenset({"effort", "task_budget"})
    format: Any = None


Text = Annotated[
    Annotated[str, Tag("~text")] | Annotated[list[TextBlock], Tag("~list")],
    text_or_list("is a string"),
]


class MessagesRequest(Strict):
    """The body of a message, and of a count of its tokens."""

    # These change nothing about the answer, here or elsewhere.
    hints: ClassVar[frozenset[str]] = frozenset(
        {
            "model",
            "metadata",
            "service_tier",
            "betas",
            "context_management",
            "cache_control",
            "inference_geo",
            "speed",
            "diagnostics",
            "anthropic_beta",
        }
    )
    refused: ClassVar[Mapping[str, str]] = {
        "container": "cannot be honoured: this server runs no code",
        "mcp_servers": "cannot be honoured: this server calls no other server",
        "fallbacks": "cannot be honoured: this server has one model",
    }

    messages: Annotated[list[AnthropicMessage], AtLeastOne]
    system: Text | None = None
    max_tokens: TokenCount | None = None
    stream: bool = False
    tools: list[AnthropicTool] = Field(default_factory=list)
    tool_choice: AnthropicChoice | None = None
    thinking: AnthropicThinking | None = None
    temperature: Annotated[float | None, real(0, 1)] = None
    top_p: Annotated[float | None, real(0, 1)] = None
    top_k: Annotated[int, whole(0, 2**31)] = 0
    stop_sequences: Stops = ()
    output_config: OutputConfig = OutputConfig()
    output_format: Any = None


@dataclass(frozen=True)
class MessageAsk:
    """A message, ready for the engine."""

    chat: Chat
    wishes: Wishes
    stream: bool


def read_message(request: MessagesRequest, *, counting: bool = False) -> MessageAsk:
    """Return what is asked; raises Refused. `counting`: for count_tokens, which needs no
    max_tokens.
    """
    if request.max_tokens is None and not counting:
        raise wrong("max_tokens", None, f"are whole numbers from 1 to {MOST_TOKENS}")
    reader = BlockReader()
    if request.system:
        reader.messages.append({"role": "system", "content": _join(request.system)})
    for index, message in enumerate(request.messages):
        reader.read(message, f"messages[{index}]")
    tools = _tools(request, reader.references)
    choice = _choice(request.tool_choice)
    thinking = request.thinking is not None and request.thinking.type != "disabled"
    chat = Chat(
        messages=reader.messages,
        pictures=reader.pictures,
        tools=declared(tools, choice),
        thinking=thinking,
        continue_final=_is_begun(request.messages[-1], reader.messages[-1]),
    )
    return MessageAsk(chat, _wishes(request, tools, choice, reader.messages), request.stream)


def _wishes(
    request: MessagesRequest,
    tools: list[Mapping[str, Any]],
    choice: ToolChoice,
    messages: list[dict[str, Any]],
) -> Wishes:
    constraint, forced = _format(request), constrain_calls(tools, choice, messages)
    if constraint and forced and choice.mode in ("required", "named"):
        raise Refused(f"{forced.field} and {constraint.field} exclude each other.", forced.field)
    return Wishes(
        max_tokens=request.max_tokens,
        temperature=request.temperature,
        top_p=request.top_p,
        top_k=request.top_k,
        stop=request.stop_sequences,
        constraint=constraint or forced,
        thought_budget=_budget(request.thinking, request.max_tokens),
        one_call=bool(tools) and not choice.several and forced is None,
    )


def _join(text: str | list[TextBlock]) -> str:
    if isinstance(text, str):
        return text
    return "\n\n".join(block.text for block in text)


def _tools(request: MessagesRequest, references: set[str]) -> list[Mapping[str, Any]]:
    """Return the tools as OpenAI writes them, without those that are deferred and not referred to."""
    tools: list[Mapping[str, Any]] = []
    for index, tool in enumerate(request.tools):
        place = f"tools[{index}]"
        if tool.type != "custom":
            raise Refused(f"{place}.type {NO_SERVER_TOOLS.format(tool.type)}.", f"{place}.type")
        check_schema(
            tool.input_schema if tool.input_schema is not None else {}, f"{place}.input_schema"
        )
        if tool.defer_loading and tool.name not in references:
            continue
        function: dict[str, Any] = {"name": tool.name, "parameters": tool.input_schema}
        if tool.description is not None:
            function["description"] = tool.description
        if tool.strict:
            function["strict"] = True
        tools.append({"type": "function", "function": function})
    check_names(tools)
    return tools


def _choice(choice: AnthropicChoice | None) -> ToolChoice:
    if choice is None:
        return ToolChoice()
    several = not choice.disable_parallel_tool_use
    if choice.type == "tool":
        if not choice.name:
            raise wrong("tool_choice.name", choice.name, "is a tool's name")
        return ToolChoice("named", (choice.name,), several, "tool_choice.name")
    if choice.type == "any":
        return ToolChoice("required", several=several, field="tool_choice.type")
    return ToolChoice(choice.type, several=several)


def _format(request: MessagesRequest) -> Constraint | None:
    for form, place in (
        (request.output_config.format, "output_config.format"),
        (request.output_format, "output_format"),
    ):
        if form is None:
            continue
        if not isinstance(form, Mapping):
            raise wrong(place, form, "is a JSON object")
        if form.get("type") != "json_schema":
            raise wrong(f"{place}.type", form.get("type"), "is 'json_schema'")
        return read_schema(form.get("schema"), f"{place}.schema")
    return None


def _budget(thinking: AnthropicThinking | None, limit: int | None) -> int | None:
    if thinking is None or thinking.type != "enabled":
        return None
    budget, most = thinking.budget_tokens, (limit or MOST_TOKENS) - 1
    whole_number = isinstance(budget, int) and not isinstance(budget, bool)
    if not whole_number or budget < SMALLEST_BUDGET or (limit is not None and budget > most):
        allowed = f"are whole numbers from {SMALLEST_BUDGET} to below max_tokens"
        raise wrong("thinking.budget_tokens", budget, allowed)
    return int(budget)


def _is_begun(asked: AnthropicMessage, told: Mapping[str, Any]) -> bool:
    """Whether the last message is the beginning of the answer, which Anthropic's clients may write."""
    return asked.role == "assistant" and not told.get("tool_calls")
