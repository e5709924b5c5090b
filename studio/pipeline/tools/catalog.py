"""The tools by name: what each is for, its input and whether it only reads.

Every door offers this one list: MCP over stdio and HTTP, and our own loop, whose model gets those
that work on its page. `calls` carries them out. An agent waits for this list while its program
starts, so nothing here brings the libraries that the tools need.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError

from studio.pipeline.tools import inputs
from studio.pipeline.tools.results import ToolError

Input = TypeVar("Input", bound=inputs.ToolInput)

MOST_PROBLEMS = 5  # of an input, in one sentence each


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool; `target` is 'module:function' in this package, see `calls`.

    `reads`: it changes nothing. `writes_files`: it makes files, which the caller gets. `is_measure`: it
    works on mockups and pages, and needs a browser.
    """

    name: str
    description: str
    input: type[inputs.ToolInput]
    target: str
    reads: bool = True
    writes_files: bool = False
    is_measure: bool = True


TOOLS: tuple[Tool, ...] = (
    Tool(
        "read_mockup",
        "Read a mockup: texts, fonts, colors, boxes, pictures and sections in CSS pixels; with an area, "
        "exact numbers of what is in it.",
        inputs.ReadMockupInput,
        "read_mockup:read_mockup",
    ),
    Tool(
        "draft",
        "Write a first page for a mockup by rules, without a model, in a stack. A good start: it looks "
        "right, and its structure is yours to improve.",
        inputs.DraftInput,
        "draft:draft_page",
        reads=False,
        writes_files=True,
    ),
    Tool(
        "render",
        "Render a page at a width without network: its picture, size, overflow, script errors and files "
        "that were not found.",
        inputs.RenderInput,
        "render:render_page",
    ),
    Tool(
        "compare",
        "Measure how much a page looks like a mockup (likeness 0 to 1, by parts) and list the worst "
        "differences with their places. Use it after every change.",
        inputs.CompareInput,
        "compare:compare_page",
    ),
    Tool(
        "check_quality",
        "Measure a page's code (0 to 1): responsive, semantic, accessible, reusable, clean; and say what "
        "lowers it.",
        inputs.CheckQualityInput,
        "check_quality:check_quality",
    ),
    Tool(
        "fit",
        "Correct numbers and colors in a page's own style sheets so that it matches the mockup, without a "
        "model. Use it when the structure is right.",
        inputs.FitInput,
        "fit:fit_page",
        reads=False,
        writes_files=True,
    ),
    Tool(
        "extract_assets",
        "Cut the pictures and icons out of a mockup, and add the fonts that it is set in.",
        inputs.ExtractAssetsInput,
        "extract_assets:extract_assets",
        reads=False,
        writes_files=True,
    ),
    Tool(
        "generate",
        "Start a whole run: draft, a model's attempts, fit, and the measured likeness of each. Takes "
        "minutes; answers at once with the run's id.",
        inputs.GenerateInput,
        "runs:start_run",
        reads=False,
        is_measure=False,
    ),
    Tool(
        "generate_status",
        "Say what a run is doing, and list its versions with their scores; can wait for its end.",
        inputs.StatusInput,
        "runs:read_status",
        is_measure=False,
    ),
    Tool(
        "generate_result",
        "Return a version of a run: its scores, differences and code.",
        inputs.ResultInput,
        "runs:read_result",
        is_measure=False,
    ),
    Tool(
        "follow_up",
        "Start a run that changes a version as a prompt says.",
        inputs.FollowUpInput,
        "runs:follow_up",
        reads=False,
        is_measure=False,
    ),
    Tool(
        "export",
        "Return a version as a complete project of its stack, with the pictures that prove its likeness.",
        inputs.ExportInput,
        "runs:export_run",
        reads=False,
        writes_files=True,
        is_measure=False,
    ),
)
BY_NAME: Mapping[str, Tool] = {tool.name: tool for tool in TOOLS}


def find_tool(name: str) -> Tool:
    """Return the tool; raises ToolError for any other name."""
    if name not in BY_NAME:
        raise ToolError(f"There is no tool {name[:80]!r}; use one of {', '.join(BY_NAME)}.")
    return BY_NAME[name]


def make_schema(
    tool: Tool, words: Mapping[str, str] | None = None, *, without: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """Return the JSON schema of a tool's input.

    `words` describe fields as a door means them (what a mockup is there); fields in `without` are left
    out, because the door knows them.
    """
    schema = tool.input.model_json_schema()
    properties: dict[str, Any] = schema["properties"]
    for name in without & properties.keys():
        del properties[name]
    for name, description in (words or {}).items():
        if name in properties:
            properties[name]["description"] = description
    if "required" in schema:
        schema["required"] = [name for name in schema["required"] if name in properties]
    return schema


def parse_arguments(model: type[Input], arguments: Mapping[str, Any]) -> Input:
    """Return the checked input; raises ToolError with a sentence for each wrong field.

    Null stands for a field that is left out: models that have to name every field send it.
    """
    optional = {name for name, field in model.model_fields.items() if not field.is_required()}
    given = {
        name: value
        for name, value in arguments.items()
        if value is not None or name not in optional
    }
    try:
        return model.model_validate(given)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False)[:MOST_PROBLEMS]
        sentences = [
            f"{'.'.join(map(str, problem['loc'])) or 'the input'}: {problem['msg']}."
            for problem in problems
        ]
        raise ToolError(f"The input cannot be used. {' '.join(sentences)}") from None
