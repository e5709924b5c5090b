"""A call of a tool by its name: the input is checked, and its function loaded when it is first called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any

from studio.pipeline.isolation.confined import LimitHit
from studio.pipeline.perception.confined_hints import PerceptionLimit
from studio.pipeline.rendering.render import BrowserMissing
from studio.pipeline.tools.catalog import Tool, find_tool, parse_arguments
from studio.pipeline.tools.results import ToolError, ToolResult
from studio.pipeline.tools.workbench import Workbench
from studio.pipeline.types import RenderError


def load_function(tool: Tool) -> Callable[[Any, Any], ToolResult]:
    """Return the tool's function; its module brings the libraries of perception and scoring."""
    module, _, name = tool.target.partition(":")
    function: Callable[[Any, Any], ToolResult] = getattr(
        import_module(f"studio.pipeline.tools.{module}"), name
    )
    return function


def call_tool(bench: Workbench, name: str, arguments: Mapping[str, Any]) -> ToolResult:
    """Check the input and call the tool.

    Raises ToolError; what goes wrong while rendering or reading becomes one.
    """
    tool = find_tool(name)
    given = parse_arguments(tool.input, arguments)
    try:
        result = load_function(tool)(bench, given)
    except (RenderError, BrowserMissing, PerceptionLimit) as error:
        raise ToolError(str(error)) from None
    except LimitHit:
        raise ToolError(
            "The work on this took too much time or memory; use a smaller page."
        ) from None
    return replace(result, text="\n".join([*bench.notes, result.text]))
