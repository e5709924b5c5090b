"""Runs and their versions as resources: likeness://runs/RUN and …/versions/N/PATH."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from studio.mcp.server import Content, Resource
from studio.pipeline.bundle import TEXT_TYPES
from studio.pipeline.rendering.page_files import guess_content_type
from studio.pipeline.tools.results import ToolError

if TYPE_CHECKING:
    from studio.pipeline.tools.workbench import Runs

ADDRESS = re.compile(r"likeness://runs/([\w-]{1,64})(?:/versions/(\d{1,6})/(.{1,200}))?")
JSON = "application/json"


def list_run_resources(runs: Runs, ids: list[str]) -> list[Resource]:
    """Return each run, and the files of its kept versions."""
    found: list[Resource] = []
    for run in ids:
        found.append(Resource(f"likeness://runs/{run}", f"run {run[:8]}", JSON))
        for version in runs.list_versions(run):
            if version["kept"]:
                number = version["number"]
                uri = f"likeness://runs/{run}/versions/{number}/index.html"
                found.append(Resource(uri, f"v{number} of run {run[:8]}", "text/html"))
    return found


def read_run_resource(runs: Runs, uri: str) -> Content:
    """Return a run as JSON, or a file of a version; raises ToolError."""
    found = ADDRESS.fullmatch(uri)
    if found is None:
        raise ToolError(f"There is no resource {uri[:100]!r}; use likeness://runs/RUN.")
    run, number, path = found.groups()
    if number is None:
        described = {**runs.describe(run), "versions": runs.list_versions(run)}
        return Content(JSON, json.dumps(described, indent=2, default=str))
    files = runs.read_files(run, int(number))
    if path not in files:
        names = ", ".join(sorted(files)[:20])
        raise ToolError(f"v{number} has no file {path[:100]!r}; it has {names}.")
    media_type = guess_content_type(path)
    if path.endswith(TEXT_TYPES):
        return Content(media_type, files[path].decode("utf-8", "replace"))
    return Content(media_type, files[path])
