"""OpenAI's chat completions: what is asked, with the switches of vLLM, SGLang and Moonshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, Tag

from inference.server.chat_messages import ChatMessage, MessageReader, find_continued
from inference.server.errors import Refused, wrong
from inference.server.fields import AtLeastOne, Lenient, Strict, TokenCount, text_or_object, whole
from inference.server.generation import Chat, Wishes
from inference.server.sampling_fields import SamplingFields
from inference.server.schemas import check_schema
from inference.server.tool_choice import ToolChoice, check_names, constrain_calls, declared


class ToolFunction(Lenient):
    """What a model is told of a tool."""

    name: str
    description: str | None = None
    parameters: Any = None
    strict: bool = False


class Tool(Lenient):
    """A tool that the client runs."""

    type: Literal["function"]
    function: ToolFunction


class NamedFunction(Lenient):
    """The name of the tool that is to be called."""

    name: str


class AllowedTools(Lenient):
    """Some of the tools, and whether one of them must be called."""

    mode: Literal["auto", "required"]
    tools: list[Any]


class NamedTool(Lenient):
    """One tool that must be called, or those that may be."""

    type: Literal["function", "allowed_tools"]
    function: NamedFunction | None = None
    allowed_tools: AllowedTools | None = None


Mode = Literal["auto", "none", "required"]
Choice = Annotated[
    Annotated[Mode, Tag("~text")] | Annotated[NamedTool, Tag("~object")],
    text_or_object("are 'auto', 'none', 'required' and an object that names a tool"),
]


class TemplateSwitches(Strict):
    """vLLM's way to the chat template's switches."""

    thinking: bool | None = None
    enable_thinking: bool | None = None
    preserve_thinking: bool | None = None


class ThinkingSwitch(Strict):
    """Moonshot's switch."""

    type: Literal["enabled", "disabled"] | None = None
    keep: str | None = None
    budget_tokens: TokenCount | None = None


class ReasoningSwitch(Strict):
    """The switch of OpenRouter, which some clients send everywhere."""

    hints = frozenset({"summary", "generate_summary"})
    effort: str | None = None
    enabled: bool | None = None
    exclude: bool = False
    max_tokens: TokenCount | None = None


class ChatRequest(SamplingFields):
    """The body of a chat completion."""

    neutral: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        **SamplingFields.neutral,
        "echo": (False,),
        "modalities": (["text"],),
        "add_special_tokens": (False,),
    }
    refused: ClassVar[Mapping[str, str]] = {
        **SamplingFields.refused,
        "functions": "cannot be honoured; use tools",
        "function_call": "cannot be honoured; use tool_choice",
        "audio": "cannot be honoured: this model writes text alone",
        "prediction": "cannot be honoured; leave it out",
        "web_search_options": "cannot be honoured: this server searches nothing",
        "documents": "cannot be honoured; write them into the messages",
        "chat_template": "cannot be honoured: the template is the checkpoint's own",
        "mm_processor_kwargs": "cannot be honoured; scale pictures before they are sent",
        "cache_salt": "cannot be honoured: the prefix cache is one for all",
        "kv_transfer_params": "cannot be honoured; leave it out",
    }

    messages: Annotated[list[ChatMessage], AtLeastOne]
    max_completion_tokens: TokenCount | None = None
    tools: list[Tool] = Field(default_factory=list)
    tool_choice: Choice = "auto"
    parallel_tool_calls: bool = True
    logprobs: bool = False
    top_logprobs: Annotated[int, whole(0, 20)] = 0
    chat_template_kwargs: TemplateSwitches = TemplateSwitches()
    thinking: ThinkingSwitch = ThinkingSwitch()
    reasoning: ReasoningSwitch = ReasoningSwitch()
    reasoning_effort: str | None = None
    include_reasoning: bool = True
    thinking_token_budget: TokenCount | None = None
    add_generation_prompt: bool = True
    continue_final_message: bool = False


@dataclass(frozen=True)
class Completion:
    """A chat completion, ready for the engine."""

    chat: Chat
    wishes: Wishes
    stream: bool
    include_usage: bool
    always_count: bool
    show_thoughts: bool


def read_completion(request: ChatRequest) -> Completion:
    """Return what is asked; raises Refused for the first field that is wrong."""
    reader = MessageReader()
    for index, message in enumerate(request.messages):
        reader.read(message, f"messages[{index}]")
    continued = find_continued(request.messages, request.continue_final_message)
    if not request.add_generation_prompt and not continued:
        raise wrong("add_generation_prompt", False, "is it only with continue_final_message true")
    tools, choice = read_tools(request)
    chat = Chat(
        messages=reader.messages,
        pictures=reader.pictures,
        tools=declared(tools, choice),
        thinking=_is_thinking(request),
        preserve_thinking=_preserves(request),
        continue_final=continued,
    )
    return Completion(
        chat=chat,
        wishes=_wishes(request, tools, choice, reader.messages),
        stream=request.stream,
        include_usage=request.stream_options.include_usage,
        always_count=request.stream_options.continuous_usage_stats,
        show_thoughts=request.include_reasoning and not request.reasoning.exclude,
    )


def _wishes(
    request: ChatRequest,
    tools: list[Mapping[str, Any]],
    choice: ToolChoice,
    messages: list[dict[str, Any]],
) -> Wishes:
    named = "max_tokens" if request.max_completion_tokens is None else "max_completion_tokens"
    constraint, forced = request.constraint(), constrain_calls(tools, choice, messages)
    if constraint and forced and choice.mode in ("required", "named"):
        raise Refused(f"{forced.field} and {constraint.field} exclude each other.", forced.field)
    return request.wishes(
        max_tokens=request.max_completion_tokens or request.max_tokens,
        limit_field=named,
        logprobs=_logprobs(request),
        constraint=constraint or forced,
        thought_budget=_budget(request),
        one_call=bool(tools) and not choice.several and forced is None,
    )


def read_tools(request: ChatRequest) -> tuple[list[Mapping[str, Any]], ToolChoice]:
    """Return the tools as OpenAI writes them, and how they are to be chosen. Raises Refused."""
    tools: list[Mapping[str, Any]] = []
    for index, tool in enumerate(request.tools):
        if tool.function.parameters is not None:
            check_schema(tool.function.parameters, f"tools[{index}].function.parameters")
        tools.append({"type": "function", "function": tool.function.model_dump(exclude_none=True)})
    check_names(tools)
    choice, several = request.tool_choice, request.parallel_tool_calls
    if isinstance(choice, str):
        return tools, ToolChoice(choice, several=several)
    if choice.type == "allowed_tools":
        return _allow(tools, choice.allowed_tools, several)
    if choice.function is None:
        raise wrong("tool_choice.function", None, "is a JSON object")
    return tools, ToolChoice("named", (choice.function.name,), several, "tool_choice.function.name")


def _allow(
    tools: list[Mapping[str, Any]], allowed: AllowedTools | None, several: bool
) -> tuple[list[Mapping[str, Any]], ToolChoice]:
    if allowed is None:
        raise wrong("tool_choice.allowed_tools", None, "is a JSON object")
    names = {_name_of(tool) for tool in allowed.tools}
    kept = [tool for tool in tools if tool["function"]["name"] in names]
    return kept, ToolChoice(allowed.mode, several=several)


def _name_of(tool: Any) -> Any:
    if not isinstance(tool, Mapping):
        return None
    function = tool.get("function")
    return function.get("name") if isinstance(function, Mapping) else tool.get("name")


def _is_thinking(request: ChatRequest) -> bool:
    """Return the first switch that is there; on where there is none."""
    template = request.chat_template_kwargs
    for switch in (template.thinking, template.enable_thinking):
        if switch is not None:
            return switch
    if request.thinking.type is not None:
        return request.thinking.type == "enabled"
    if request.reasoning.enabled is not None:
        return request.reasoning.enabled
    effort = request.reasoning_effort or request.reasoning.effort
    return effort != "none"


def _preserves(request: ChatRequest) -> bool:
    preserve = request.chat_template_kwargs.preserve_thinking
    return request.thinking.keep == "all" if preserve is None else preserve


def _budget(request: ChatRequest) -> int | None:
    return (
        request.thinking_token_budget
        or request.thinking.budget_tokens
        or request.reasoning.max_tokens
    )


def _logprobs(request: ChatRequest) -> int | None:
    if request.top_logprobs and not request.logprobs:
        raise wrong("top_logprobs", request.top_logprobs, "is it only with logprobs true")
    return request.top_logprobs if request.logprobs else None
