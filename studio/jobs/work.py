"""A job in its worker: the tool on the team's stored mockup and page, with the worker's browser."""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, partial

from PIL import Image

from studio.capture.addresses import CaptureError, get_host
from studio.jobs.services import (
    JobRequest,
    note_progress,
    store_error,
    store_result,
    take_request,
)
from studio.pipeline.bounds import OutOfBounds, check_code
from studio.pipeline.bundle import (
    ENTRY,
    MOST_CHARACTERS,
    MOST_FILES,
    Bundle,
    BundleError,
    require_safe_path,
)
from studio.pipeline.picture_files import PictureError
from studio.pipeline.rendering.page_files import make_bundle_site
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.stacks.kinds import STACKS, is_native
from studio.pipeline.stacks.sources import make_measured_page
from studio.pipeline.tools.calls import call_tool
from studio.pipeline.tools.inputs import UNSTORABLE
from studio.pipeline.tools.results import ToolError
from studio.pipeline.tools.workbench import MockupSource, PageSource, Workbench
from studio.pipeline.types import RenderError
from studio.runs import version_files
from studio.runs.address_mockups import capture_upload
from studio.runs.models import Attempt
from studio.teams.budgets import spend
from studio.teams.errors import TeamError
from studio.teams.models import Team
from studio.uploads.models import Upload

FIT_SECONDS = 120.0  # after which a fit ends with the best page so far

logger = logging.getLogger(__name__)


class StoredSources:
    """See `Sources`. The names were resolved before; a job has one mockup and one page."""

    def __init__(self, request: JobRequest, renderer: Renderer) -> None:
        self.request, self.renderer = request, renderer

    def open_mockup(self, name: str, width: int | None) -> MockupSource:
        if self.request.address:
            return self._capture_mockup(width)
        if self.request.upload is None:
            raise ToolError("This call names no mockup.")
        return MockupSource(read_mockup(Upload.objects.get(pk=self.request.upload)), width)

    def _capture_mockup(self, width: int | None) -> MockupSource:
        team = Team.objects.get(pk=self.request.team)
        address = self.request.address
        try:
            captured = capture_upload(team, address, width, self.renderer)
        except (CaptureError, PictureError, TeamError) as error:
            raise ToolError(str(error)) from None
        kept = (
            f"What {get_host(address)} shows is kept as the mockup {captured.upload.sha256}; name it so in "
            "further calls."
        )
        note = " ".join(filter(None, (kept, captured.note)))
        return MockupSource(read_mockup(captured.upload), captured.width or width, note)

    def open_page(self, name: str) -> PageSource:
        if self.request.files is not None:
            return open_files(self.request.files)
        if self.request.attempt is None:
            raise ToolError("This call names no page.")
        attempt = Attempt.objects.select_related("run").get(pk=self.request.attempt)
        bundle = version_files.read_bundle_of(attempt)
        shown = make_measured_page(bundle, attempt.run.stack)
        return PageSource(make_bundle_site(shown), bundle)

    def deliver(self, folder: str, files: Mapping[str, bytes]) -> str:
        return ""


def read_mockup(upload: Upload) -> Image.Image:
    """Return the stored picture."""
    with upload.file.open() as stored:
        return Image.open(io.BytesIO(stored.read())).convert("RGB")


def open_files(files: Mapping[str, str]) -> PageSource:
    """Return the page that a caller sent as texts; raises ToolError."""
    size = sum(map(len, files.values()))
    if not 0 < len(files) <= MOST_FILES or size > MOST_CHARACTERS:
        raise ToolError(
            f"Got {len(files)} files of {size} characters; send 1 to {MOST_FILES} of up to "
            f"{MOST_CHARACTERS} in all."
        )
    if any(UNSTORABLE.search(text) for text in files.values()):
        raise ToolError("The files hold U+0000 or half characters; send whole text.")
    try:
        bundle = Bundle({require_safe_path(path): text for path, text in files.items()})
        check_code(bundle.files)
    except (BundleError, OutOfBounds) as error:
        raise ToolError(str(error)) from None
    stack = next((one for one in STACKS if one != "html-css" and is_native(bundle, one)), None)
    if stack is None and ENTRY not in bundle.files:
        raise ToolError(f"The files have no {ENTRY}.")
    try:
        shown = make_measured_page(bundle, stack or "html-css")
    except RenderError as error:
        raise ToolError(str(error)) from None
    return PageSource(make_bundle_site(shown), bundle)


def carry_out(job: str) -> None:
    """Carry out the job and keep its outcome; return at once when it was forgotten."""
    request = take_request(job)
    if request is None:
        return
    began = time.monotonic()
    bench = _get_bench()
    bench = replace(
        bench,
        sources=StoredSources(request, bench.renderer),
        notes=[],
        report=partial(note_progress, job),
        stop=lambda: time.monotonic() - began > FIT_SECONDS,
    )
    try:
        store_result(job, call_tool(bench, request.tool, request.arguments))
    except ToolError as error:
        store_error(job, str(error))
    except Exception:
        logger.exception("the job failed")
        store_error(job, "An internal error stopped this call; see the studio's log.")
    finally:
        spend(team_id=request.team, tokens=0, seconds=time.monotonic() - began)


@cache
def _get_bench() -> Workbench:
    """Return a workbench with this process's browser; it remembers what it saw in earlier jobs."""
    from studio.runs import worker

    renderer = worker.get_renderer()
    nothing = StoredSources(JobRequest(0, "", {}), renderer)
    return Workbench(nothing, renderer, worker.get_perception())
