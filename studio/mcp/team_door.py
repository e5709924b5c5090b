"""The tools for a team's token, over HTTP: mockups are uploads, pages are versions or sent files."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from asgiref.sync import sync_to_async
from django.core.exceptions import PermissionDenied
from django.db import close_old_connections
from django.http import Http404
from django.urls import reverse

from studio.jobs import services
from studio.jobs.references import MockupReference, find_version, read_mockup_reference
from studio.jobs.services import JobRequest
from studio.mcp.run_resources import list_run_resources, read_run_resource
from studio.mcp.server import Content, Delivered, Report, Resource
from studio.mcp.studio_runs import StudioRuns
from studio.pipeline.bundle import TEXT_TYPES
from studio.pipeline.stacks.kinds import StackError
from studio.pipeline.tools.calls import load_function
from studio.pipeline.tools.catalog import Tool, find_tool, make_schema, parse_arguments
from studio.pipeline.tools.inputs import StatusInput, ToolInput
from studio.pipeline.tools.results import ToolError, ToolPicture, ToolResult
from studio.pipeline.tools.runs import OVER
from studio.pipeline.tools.workbench import RunsDesk
from studio.teams import access
from studio.teams.errors import TeamError
from studio.teams.models import ApiToken, Role, Team

PATIENCE = 240.0  # seconds for a worker to take and finish a job
POLL = 0.3  # seconds between two looks at a job
RUN_POLL = 1.0  # seconds between two looks at a run that is waited for
MOST_CHARACTERS = 200_000  # of code in one result
MOST_PICTURES = 12  # of a result's files
MOCKUP = (
    "Id of an upload (POST {api}uploads returns it), or of a run made from the mockup; or the address of a "
    "page or picture (https://…), which is captured and kept as an upload."
)
PAGE = (
    "A version as RUN/NUMBER; leave it out and send `files` for a page that is not in the studio."
)
FILES = {
    "type": "object",
    "additionalProperties": {"type": "string"},
    "description": "The page's text files, path to content, with index.html; instead of `page`.",
}


T = TypeVar("T")


class TeamDoor:
    """See `studio.mcp.server.Door`."""

    def __init__(self, caller: ApiToken) -> None:
        self.caller = caller

    def describe_input(self, tool: Tool) -> dict[str, Any]:
        words = {"mockup": MOCKUP.format(api=reverse("api:api-root")), "page": PAGE}
        schema = make_schema(tool, words, without=frozenset({"out"}))
        properties: dict[str, Any] = schema["properties"]
        if "page" in properties:
            properties["files"] = FILES
            schema["required"] = [name for name in schema.get("required", []) if name != "page"]
        return schema

    async def call(self, name: str, arguments: Mapping[str, Any], report: Report) -> Delivered:
        """Call the tool. Nothing waits in a thread: there are few of them for all callers."""
        tool = find_tool(name)
        await run_in_thread(lambda: self._check_role(tool))
        if tool.is_measure:
            return deliver(await self._measure(tool, arguments, report))
        if tool.input is StatusInput:
            return deliver(await self._wait_for_run(tool, arguments, report))
        given = parse_arguments(tool.input, arguments)
        return deliver(await run_in_thread(lambda: self._ask_runs(tool, given)))

    async def list_resources(self) -> Sequence[Resource]:
        runs = StudioRuns(self.caller)
        return await run_in_thread(lambda: list_run_resources(runs, runs.list_ids()))

    async def read_resource(self, uri: str) -> Content:
        return await run_in_thread(lambda: read_run_resource(StudioRuns(self.caller), uri))

    def _check_role(self, tool: Tool) -> None:
        if not tool.reads:
            access.fetch(Team.objects.all(), self.caller, need=Role.EDITOR, pk=self.caller.team_id)

    def _ask_runs(self, tool: Tool, given: ToolInput) -> ToolResult:
        return load_function(tool)(RunsDesk(StudioRuns(self.caller)), given)

    async def _wait_for_run(
        self, tool: Tool, arguments: Mapping[str, Any], report: Report
    ) -> ToolResult:
        """Return the run's state once it is over, or when the wait is."""
        given = parse_arguments(StatusInput, arguments)
        now = given.model_copy(update={"wait": 0})
        until = time.monotonic() + given.wait
        while True:
            result = await run_in_thread(lambda: self._ask_runs(tool, now))
            if result.data["state"] in OVER or time.monotonic() >= until:
                return result
            await report(f"The run is {result.data['state']}")
            await asyncio.sleep(RUN_POLL)

    async def _measure(
        self, tool: Tool, arguments: Mapping[str, Any], report: Report
    ) -> ToolResult:
        """Check the input and access here, and wait for a worker's result."""

        def start() -> str:
            request = make_request(self.caller, tool, arguments)
            return services.start_job(caller=self.caller, request=request)

        job = await run_in_thread(start)
        until = time.monotonic() + PATIENCE
        told = ""
        while time.monotonic() < until:
            outcome = await run_in_thread(lambda: services.read_job(caller=self.caller, job=job))
            if outcome is None:
                raise ToolError("The studio has forgotten this call; try again.")
            if outcome.state != "waiting":
                # Results hold pictures, and nobody else knows this job's id.
                await run_in_thread(lambda: services.forget_job(job))
            if outcome.state == "failed":
                raise ToolError(outcome.error)
            if outcome.result is not None:
                return outcome.result
            doing = outcome.doing or "Waiting for a worker"
            if doing != told:
                await report(doing)
                told = doing
            await asyncio.sleep(POLL)
        raise ToolError(f"No worker finished this in {PATIENCE:g} seconds; try again later.")


async def run_in_thread(work: Callable[[], T]) -> T:
    """Run what reads the database; what the caller may not do becomes a ToolError."""

    def guarded() -> T:
        try:
            return work()
        except (Http404, PermissionDenied, TeamError, StackError) as error:
            raise ToolError(str(error)) from None
        finally:
            close_old_connections()

    return await sync_to_async(guarded, thread_sensitive=False)()


def make_request(caller: ApiToken, tool: Tool, arguments: Mapping[str, Any]) -> JobRequest:
    """Return the job of a measuring tool; raises ToolError for wrong input and missing rows."""
    sent = dict(arguments)
    files = sent.pop("files", None)
    if files is not None and not _is_files(files):
        raise ToolError("files: use an object of texts, path to content, with index.html.")
    if "page" in tool.input.model_fields and files is not None:
        sent["page"] = "files"
    given = parse_arguments(tool.input, sent).model_dump()
    mockup = MockupReference()
    if "mockup" in given:
        mockup = read_mockup_reference(caller, given["mockup"], given["width"])
    attempt = None
    if "page" in given and files is None:
        attempt = find_version(caller, given["page"]).pk
    return JobRequest(
        caller.team_id,
        tool.name,
        given,
        mockup.upload.pk if mockup.upload else None,
        attempt,
        files,
        mockup.address,
    )


def deliver(result: ToolResult) -> Delivered:
    """Return the result with its files in the answer: the caller has no folder here."""
    texts = [result.text]
    pictures = list(result.pictures)
    room = MOST_CHARACTERS
    left_out: list[str] = []
    for path, data in sorted(result.files.items()):
        if path.endswith(".png") and len(pictures) < MOST_PICTURES:
            pictures.append(ToolPicture(path, data))
        elif path.endswith(TEXT_TYPES) and len(data) <= room:
            room -= len(data)
            texts.append(f"```{path}\n{data.decode('utf-8', 'replace')}\n```")
        else:
            left_out.append(path)
    if left_out:
        names = ", ".join(left_out)
        api = reverse("api:api-root")
        texts.append(f"Not shown here: {names}. GET {api}runs/RUN/versions/NUMBER/zip has all.")
    return Delivered(texts, pictures)


def _is_files(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())
