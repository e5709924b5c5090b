"""The mockup of a run that has an address instead of an upload; carried out by the worker."""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from studio.capture.addresses import get_host
from studio.capture.capture import capture_address
from studio.capture.widths import USUAL_WIDTH
from studio.outgoing.policies import capture_policy
from studio.pipeline.rendering.render import Renderer
from studio.runs import events
from studio.runs.models import Run
from studio.runs.services import record_capture
from studio.teams.models import Team
from studio.uploads.models import Upload
from studio.uploads.services import store_upload

STEP = "capturing"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CapturedUpload:
    """A captured page or picture as it was stored.

    `width`: of a page's window in CSS pixels; None for a picture. `note`: what a person should know.
    """

    upload: Upload
    width: int | None
    note: str


def capture_upload(
    team: Team,
    address: str,
    width: int | None,
    renderer: Renderer,
    *,
    cancelled: Callable[[], bool] = lambda: False,
) -> CapturedUpload:
    """Capture a page or picture under the studio's policy and store it for the team.

    Raises CaptureError, PictureError, TeamError and BrowserMissing, and CaptureCancelled once
    `cancelled` returns True.
    """
    # The host alone: paths and queries may hold secrets.
    logger.info("capturing a page of %s", get_host(address))
    capture = capture_address(
        address,
        width=width or USUAL_WIDTH,
        renderer=renderer,
        policy=capture_policy(),
        seconds=settings.CAPTURE_SECONDS,
        most=settings.CAPTURE_BYTES,
        most_pixels=settings.UPLOAD_PIXELS,
        cancelled=cancelled,
    )
    upload = store_upload(team=team, file=io.BytesIO(capture.picture))
    note = ""
    if capture.cut is not None:
        note = (
            f"The page is {capture.cut} px tall; its top {upload.height} px were captured, as pages are "
            "read up to that height."
        )
    return CapturedUpload(upload, capture.width, note)


def capture_mockup(
    run: Run,
    worker: str,
    writer: events.Writer,
    renderer: Renderer,
    cancelled: Callable[[], bool],
) -> str:
    """Capture the page of a run that needs it, and make it the run's upload.

    Return what a person should know of it; "" for nothing. Raises CaptureError, PictureError,
    TeamError and BrowserMissing, and CaptureCancelled once `cancelled` returns True.
    """
    writer.append("step", {"name": STEP, "state": "started"})
    began = time.monotonic()
    captured = capture_upload(
        run.project.team, run.address, run.address_width, renderer, cancelled=cancelled
    )
    upload = captured.upload
    if record_capture(run_id=run.pk, worker=worker, upload=upload):
        run.upload = upload
    seconds = round(time.monotonic() - began, 3)
    writer.append("step", {"name": STEP, "state": "finished", "seconds": seconds})
    writer.append("mockup", {"width": upload.width, "height": upload.height})
    return captured.note
