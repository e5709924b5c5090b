"""The files that a model works on: read, written whole, or changed in one place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, Field

from inference.types import ToolSpec
from studio.pipeline.bundle import (
    MOST_CHARACTERS,
    MOST_FILES,
    Bundle,
    BundleError,
    require_safe_path,
)
from studio.pipeline.editing.search_replace import Edit, apply_edits
from studio.pipeline.loop.agent.conversation import AgentTool
from studio.pipeline.tools.catalog import parse_arguments
from studio.pipeline.tools.inputs import ToolInput
from studio.pipeline.tools.results import ToolError, ToolResult

Path = Annotated[str, Field(min_length=1, max_length=200, description="A file of the page.")]


class ReadFileInput(ToolInput):
    path: Path


class WriteFileInput(ToolInput):
    path: Path
    text: str = Field(description="The whole file.")


class EditFileInput(ToolInput):
    path: Path
    search: str = Field(
        min_length=1, description="Lines of the file as they are now, found exactly once."
    )
    replace: str = Field(description="The lines that shall stand there instead.")


class PageFiles:
    """The page in its present state; `revision` grows with every change."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.revision = 0

    def read(self, path: str) -> ToolResult:
        if path not in self.bundle.files:
            raise ToolError(
                f"There is no file {path[:80]!r}; the files are {', '.join(self.bundle.files)}."
            )
        return ToolResult(self.bundle.files[path])

    def write(self, path: str, text: str) -> ToolResult:
        try:
            path = require_safe_path(path)
        except BundleError as error:
            raise ToolError(str(error)) from None
        self._replace({**self.bundle.files, path: text})
        return ToolResult(f"Wrote {path}: {len(text.splitlines())} lines.")

    def edit(self, path: str, search: str, replace: str) -> ToolResult:
        edited = apply_edits(self.bundle, [Edit(path, search, replace)])
        if edited.failures:
            raise ToolError(edited.failures[0])
        self._replace(dict(edited.bundle.files))
        return ToolResult(f"Changed {path}.")

    def _replace(self, files: Mapping[str, str]) -> None:
        if len(files) > MOST_FILES or sum(map(len, files.values())) > MOST_CHARACTERS:
            raise ToolError(
                f"A page has up to {MOST_FILES} files and {MOST_CHARACTERS} characters; not written."
            )
        self.bundle = Bundle(files, self.bundle.assets)
        self.revision += 1


def make_file_tools(files: PageFiles) -> list[AgentTool]:
    """Return the tools that read and change the files."""

    def read(arguments: Mapping[str, object]) -> ToolResult:
        return files.read(parse_arguments(ReadFileInput, arguments).path)

    def write(arguments: Mapping[str, object]) -> ToolResult:
        given = parse_arguments(WriteFileInput, arguments)
        return files.write(given.path, given.text)

    def edit(arguments: Mapping[str, object]) -> ToolResult:
        given = parse_arguments(EditFileInput, arguments)
        return files.edit(given.path, given.search, given.replace)

    return [
        AgentTool(make_spec("read_file", "Read a file of the page.", ReadFileInput), read),
        AgentTool(
            make_spec("write_file", "Write a whole file of the page.", WriteFileInput), write
        ),
        AgentTool(
            make_spec(
                "edit_file", "Replace some lines of a file; cheaper than writing it.", EditFileInput
            ),
            edit,
        ),
    ]


def make_spec(name: str, description: str, model: type[BaseModel]) -> ToolSpec:
    """Return the tool as a model server takes it."""
    return ToolSpec(name, description, model.model_json_schema())
