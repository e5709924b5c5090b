"""The tools on local files: what `likeness mcp` and `likeness compare` work with, without a studio."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import anyio

from inference.client import connect
from inference.types import ModelClient
from studio.cli.client import RemoteError
from studio.cli.local_runs import LocalRuns
from studio.cli.local_sources import LocalSources, is_loopback
from studio.mcp.run_resources import list_run_resources, read_run_resource
from studio.mcp.server import Content, Delivered, Report, Resource
from studio.pipeline.isolation.systems import UnsupportedSystem, check_system
from studio.pipeline.perception.confined_hints import ConfinedPerception
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.tools.catalog import Tool, call_tool, find_tool, make_schema
from studio.pipeline.tools.results import ToolResult
from studio.pipeline.tools.workbench import Workbench

# For perceiving one mockup: the defaults of PERCEPTION_MEGABYTES and PERCEPTION_SECONDS.
MEGABYTES, SECONDS = 1500, 300

WORDS = {
    "mockup": "Path of the mockup in the working folder: PNG, JPEG, WebP, GIF, AVIF, HEIC or PDF.",
    "page": "Path of an HTML file or of a page's folder, or an address like http://localhost:3000/pricing.",
    "out": "Folder for the files, inside the working folder (default: likeness-out).",
}


@dataclass(frozen=True, slots=True)
class LocalOptions:
    """What a person allows: folders (the first is the working folder), hosts, and a model."""

    folders: tuple[Path, ...]
    hosts: tuple[str, ...] = ()
    any_host: bool = False
    browser: str = ""
    model_url: str = ""
    model_name: str = ""
    model_key: str = ""


class LocalDoor:
    """See `studio.mcp.server.Door`. One call at a time works with the browser."""

    def __init__(self, bench: Workbench, runs: LocalRuns) -> None:
        self.bench, self.runs = bench, runs
        self._lock = threading.Lock()

    def describe_input(self, tool: Tool) -> dict[str, Any]:
        return make_schema(tool, WORDS)

    async def call(self, name: str, arguments: Mapping[str, Any], report: Report) -> Delivered:
        """Call the tool in a thread, so that other messages are answered meanwhile."""

        def tell(words: str) -> None:
            anyio.from_thread.run(report, words)

        return await anyio.to_thread.run_sync(partial(self._call, name, arguments, tell))

    async def list_resources(self) -> Sequence[Resource]:
        return list_run_resources(self.runs, self.runs.ids)

    async def read_resource(self, uri: str) -> Content:
        return read_run_resource(self.runs, uri)

    def _call(self, name: str, arguments: Mapping[str, Any], tell: Any) -> Delivered:
        tool = find_tool(name)
        bench = replace(self.bench, report=tell)
        if not tool.is_measure:
            return self._deliver(call_tool(bench, name, arguments), arguments, tool.writes_files)
        with self._lock:
            result = call_tool(bench, name, arguments)
        return self._deliver(result, arguments, tool.writes_files)

    def _deliver(
        self, result: ToolResult, arguments: Mapping[str, Any], writes_files: bool
    ) -> Delivered:
        texts = [result.text]
        if result.files and writes_files:
            texts.append(self.bench.sources.deliver(str(arguments.get("out", "")), result.files))
        elif result.files:
            texts.append(
                f"Files: {', '.join(sorted(result.files))}. Export them, or read resources."
            )
        return Delivered(texts, result.pictures)


@contextmanager
def open_workbench(options: LocalOptions) -> Iterator[Workbench]:
    """Open a browser and perception for local files; raises BrowserMissing and RemoteError."""
    try:
        check_system()
    except UnsupportedSystem as error:
        raise RemoteError(str(error)) from None

    def may_open(host: str) -> bool:
        return options.any_host or is_loopback(host) or host in options.hosts

    sources = LocalSources(options.folders, may_open)
    perception = ConfinedPerception(MEGABYTES, SECONDS)
    try:
        with Renderer(options.browser or None) as renderer:
            yield Workbench(sources, renderer, perception)
    finally:
        perception.close()


@contextmanager
def open_local_door(options: LocalOptions) -> Iterator[LocalDoor]:
    """Open the local tools with runs; their model is the one that `options` name, or none."""
    with (
        open_workbench(options) as bench,
        Renderer(options.browser or None) as renderer,
    ):
        runs = LocalRuns(bench.sources, renderer, bench.perceive, partial(_connect, options))
        try:
            yield LocalDoor(replace(bench, runs=runs), runs)
        finally:
            runs.close()


def _connect(options: LocalOptions) -> ModelClient | None:
    if options.model_url in ("", "none"):
        return None
    return connect(
        options.model_url, model=options.model_name or None, api_key=options.model_key or None
    )
