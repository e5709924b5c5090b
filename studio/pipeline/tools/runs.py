"""The tools of runs: start one, ask for its state and result, change a version, export it."""

from __future__ import annotations

import json
import time
from typing import Any

from studio.pipeline.tools.fences import fence
from studio.pipeline.tools.inputs import (
    ExportInput,
    FollowUpInput,
    GenerateInput,
    ResultInput,
    StatusInput,
)
from studio.pipeline.tools.results import ToolError, ToolResult
from studio.pipeline.tools.workbench import Runs, RunsDesk, Workbench

Desk = RunsDesk | Workbench

POLL = 0.5  # seconds between two looks at a run that is waited for
OVER = ("finished", "failed", "cancelled")


def start_run(bench: Desk, given: GenerateInput) -> ToolResult:
    """Start a run; it goes on by itself."""
    if not given.mockup and not given.prompt.strip():
        raise ToolError("Got neither a mockup nor a prompt; give at least one of the two.")
    return _tell_started(_need_runs(bench).start(given))


def follow_up(bench: Desk, given: FollowUpInput) -> ToolResult:
    """Start a run that changes a version as the prompt says."""
    return _tell_started(_need_runs(bench).follow_up(given))


def read_status(bench: Desk, given: StatusInput) -> ToolResult:
    """Return the run's state, after it ended or `wait` seconds have passed."""
    runs = _need_runs(bench)
    run = runs.describe(given.run)
    until = time.monotonic() + given.wait
    while run["state"] not in OVER and time.monotonic() < until:
        bench.report(f"{run['state']}: {run.get('doing') or 'waiting'}")
        time.sleep(POLL)
        run = runs.describe(given.run)
    lines = [f"The run is {run['state']}."]
    if run.get("doing") and run["state"] not in OVER:
        lines.append(f"It is at: {run['doing']}.")
    if run.get("message"):
        lines.append(str(run["message"]))
    versions = runs.list_versions(given.run)
    lines += [_write_version_line(version) for version in versions]
    return ToolResult("\n".join(lines), {**run, "versions": versions})


def read_result(bench: Desk, given: ResultInput) -> ToolResult:
    """Return a version's scores and its files."""
    runs = _need_runs(bench)
    number = choose_version(runs, given.run, given.version)
    versions = {version["number"]: version for version in runs.list_versions(given.run)}
    version = versions[number]
    lines = [_write_version_line(version)]
    differences = version.get("differences", [])
    if differences:
        lines += ["worst differences first:", fence("\n".join(differences))]
    return ToolResult("\n".join(lines), version, files=dict(runs.read_files(given.run, number)))


def export_run(bench: Desk, given: ExportInput) -> ToolResult:
    """Return a version as a project of its stack, with the proof beside it."""
    runs = _need_runs(bench)
    number = choose_version(runs, given.run, given.version)
    files = dict(runs.export(given.run, number))
    return ToolResult(
        f"v{number} as a project of {len(files)} files.", {"version": number}, files=files
    )


def choose_version(runs: Runs, run: str, number: int | None) -> int:
    """Return `number`, or the newest version of this run that was kept; raises ToolError.

    A studio's list has the versions of follow-ups and of the runs before, too.
    """
    versions = runs.list_versions(run)
    if number is None:
        own = runs.describe(run)["id"]
        kept = [
            version["number"]
            for version in versions
            if version["kept"] and version.get("run", own) == own
        ]
        if not kept:
            raise ToolError("This run has no version yet; ask for its status.")
        return int(kept[-1])
    numbers = [version["number"] for version in versions]
    if number not in numbers:
        known = ", ".join(map(str, numbers)) or "none"
        raise ToolError(f"This run has no version {number}; it has {known}.")
    return number


def _need_runs(bench: Desk) -> Runs:
    if bench.runs is None:
        raise ToolError("There are no runs here.")
    return bench.runs


def _tell_started(run: dict[str, Any]) -> ToolResult:
    text = f"Run {run['id']} is {run['state']}. Ask for it with generate_status (wait up to 50 s a call)."
    return ToolResult(text, json.loads(json.dumps(run, default=str)))


def _write_version_line(version: dict[str, Any]) -> str:
    scores = [
        f"{name} {version[name]:.4f}"
        for name in ("likeness", "quality")
        if version.get(name) is not None
    ]
    kept = "kept" if version["kept"] else "not kept"
    return f"v{version['number']} ({version['source']}): {', '.join(scores) or 'no scores'}, {kept}"
