"""The tools of `likeness mcp`, on local files.

The tools' libraries and the browser are opened with the first call. Agents wait few seconds for a
server to start and fewer for the list of its tools.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import anyio

from studio.cli.errors import RemoteError, describe_missing
from studio.cli.local_options import LocalOptions
from studio.mcp.run_resources import list_run_resources, read_run_resource
from studio.mcp.server import Content, Delivered, Report, Resource
from studio.pipeline.rendering.browser import BrowserMissing
from studio.pipeline.tools.catalog import Tool, find_tool, make_schema
from studio.pipeline.tools.results import ToolError

if TYPE_CHECKING:
    from studio.cli.local_runs import LocalRuns
    from studio.pipeline.tools.workbench import Workbench

WORDS = {
    "mockup": "Path of the mockup in the working folder (PNG, JPEG, WebP, GIF, AVIF, HEIC or PDF), or the "
    "address of a page or picture, like http://localhost:3000/pricing.",
    "page": "Path of an HTML file or of a page's folder, or an address like http://localhost:3000/pricing.",
    "out": "Folder for the files, inside the working folder (default: likeness-out).",
}


class LocalDoor:
    """See `studio.mcp.server.Door`. One call at a time works with the browser."""

    def __init__(self, options: LocalOptions) -> None:
        self.options = options
        self._opened: tuple[Workbench, LocalRuns] | None = None
        self._opening, self._measuring = threading.Lock(), threading.Lock()
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def describe_input(self, tool: Tool) -> dict[str, Any]:
        return make_schema(tool, WORDS)

    async def call(self, name: str, arguments: Mapping[str, Any], report: Report) -> Delivered:
        """Call the tool in a thread, so that other messages are answered meanwhile."""

        def tell(words: str) -> None:
            anyio.from_thread.run(report, words)

        return await anyio.to_thread.run_sync(partial(self._call, name, arguments, tell))

    async def list_resources(self) -> Sequence[Resource]:
        if self._opened is None:  # nothing was called, so there are no runs
            return ()
        runs = self._opened[1]
        return list_run_resources(runs, runs.ids)

    async def read_resource(self, uri: str) -> Content:
        _, runs = await anyio.to_thread.run_sync(self._open)
        return read_run_resource(runs, uri)

    def _open(self) -> tuple[Workbench, LocalRuns]:
        """Return what the tools work with, opened once.

        Raises ToolError on Windows, and without a browser or one of the studio's libraries.
        """
        with self._opening:
            if self._opened is None:
                try:
                    from studio.cli.local_bench import open_workbench_with_runs

                    opened = self._stack.enter_context(open_workbench_with_runs(self.options))
                except (BrowserMissing, RemoteError) as error:
                    raise ToolError(str(error)) from None
                except ModuleNotFoundError as error:
                    raise ToolError(describe_missing("The tools need", error)) from None
                self._opened = opened
            return self._opened

    def _call(self, name: str, arguments: Mapping[str, Any], tell: Any) -> Delivered:
        tool = find_tool(name)
        bench = replace(self._open()[0], report=tell, notes=[])
        if tool.is_measure:
            with self._measuring:
                return _carry_out(bench, tool, arguments)
        return _carry_out(bench, tool, arguments)


def _carry_out(bench: Workbench, tool: Tool, arguments: Mapping[str, Any]) -> Delivered:
    from studio.pipeline.tools.calls import call_tool

    try:
        result = call_tool(bench, tool.name, arguments)
        texts = [result.text]
        if result.files and tool.writes_files:
            texts.append(bench.sources.deliver(str(arguments.get("out") or ""), result.files))
        elif result.files:
            names = ", ".join(sorted(result.files))
            texts.append(f"Files: {names}. Export them, or read resources.")
    except OSError as error:
        place = str(error.filename or "A file")[:200]
        raise ToolError(f"{place} cannot be used: {error.strerror or error}.") from None
    return Delivered(texts, result.pictures)
