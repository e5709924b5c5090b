"""Tools and how they are to be chosen, from any API, as a constraint on the answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from inference.engine.tool_grammar import ToolCalls
from inference.server.errors import Refused, wrong
from inference.server.generation import Constraint

TOOL_NAME = re.compile(r"[\w.:/-]{1,256}")


@dataclass(frozen=True)
class ToolChoice:
    """`mode` "named" means one of `names`; `several` False allows one call an answer."""

    mode: Literal["auto", "none", "required", "named"] = "auto"
    names: tuple[str, ...] = ()
    several: bool = True
    field: str = "tool_choice"


def check_names(tools: Sequence[Mapping[str, Any]], place: str = "tools") -> None:
    """Raise Refused for a name that no call could be told by."""
    for index, tool in enumerate(tools):
        name = tool["function"]["name"]
        if not TOOL_NAME.fullmatch(name):
            raise wrong(f"{place}[{index}].name", name, "are letters, digits and _.:/- , up to 256")


def constrain_calls(
    tools: Sequence[Mapping[str, Any]],
    choice: ToolChoice,
    messages: Sequence[Mapping[str, Any]],
) -> Constraint | None:
    """Return what the answer has to follow so that the choice is honoured; None: nothing special.

    `tools` are OpenAI's. Raises Refused for a tool that is not there.
    """
    schemas = {tool["function"]["name"]: tool["function"].get("parameters") for tool in tools}
    before = sum(len(message.get("tool_calls") or ()) for message in messages)
    if choice.mode in ("required", "named"):
        return _force(schemas, choice, before)
    strict = any(tool["function"].get("strict") for tool in tools)
    if choice.mode == "none" or not strict:
        return None
    free = {
        tool["function"]["name"]: schemas[tool["function"]["name"]]
        if tool["function"].get("strict")
        else None
        for tool in tools
    }
    return Constraint("calls", ToolCalls(free, before, False, choice.several), "tools")


def _force(
    schemas: Mapping[str, Mapping[str, Any] | None], choice: ToolChoice, before: int
) -> Constraint:
    if not schemas:
        raise Refused(
            f"{choice.field} asks for a call of a tool, but there are no tools.", choice.field
        )
    for name in choice.names:
        if name not in schemas:
            allowed = " and ".join(map(repr, schemas))
            raise wrong(choice.field, name, f"are the names of tools: {allowed}")
    wanted = choice.names if choice.mode == "named" else tuple(schemas)
    several = choice.several and choice.mode == "required"
    calls = ToolCalls({name: schemas[name] for name in wanted}, before, True, several)
    return Constraint("calls", calls, choice.field)


def declared(tools: Sequence[Mapping[str, Any]], choice: ToolChoice) -> list[Mapping[str, Any]]:
    """Return the tools the model is told of."""
    return [] if choice.mode == "none" else list(tools)
