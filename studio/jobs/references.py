"""What callers name: mockups by an upload or run, pages by a run's version. Access is checked here."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

from django.http import Http404

from studio.capture.address_parts import has_web_scheme
from studio.capture.addresses import CaptureError, read_address
from studio.capture.widths import LEAST_WIDTH, MOST_WIDTH
from studio.pipeline.tools.results import ToolError
from studio.runs.models import Attempt, Run
from studio.runs.version_numbers import list_versions
from studio.teams import access
from studio.teams.access import Caller
from studio.teams.models import ApiToken, Role, Team
from studio.uploads.models import Upload

SHA256 = re.compile(r"[0-9a-f]{64}")
VERSION = re.compile(r"(?:likeness://runs/)?([0-9a-f-]{32,36})/(?:versions/)?(\d{1,6})(?:/.*)?")


def find_mockup(caller: Caller, name: str) -> Upload:
    """Return the upload that `name` means: its id, or the id of a run made from it.

    Raises ToolError for a name that is neither, Http404 for what is not this caller's.
    """
    if SHA256.fullmatch(name):
        return access.fetch(Upload.objects.all(), caller, sha256=name)
    run = find_run(caller, name)
    if run.needs_capture:
        raise ToolError(f"The page of run {name[:40]} is not captured yet; ask again when it runs.")
    if run.upload is None:
        raise ToolError(f"Run {name[:40]} was made from words; it has no mockup.")
    return run.upload


@dataclass(frozen=True, slots=True)
class MockupReference:
    """A stored mockup, or the address of a page or picture that the worker has to capture."""

    upload: Upload | None = None
    address: str = ""


def read_mockup_reference(caller: ApiToken, name: str, width: int | None) -> MockupReference:
    """Return the mockup that `name` means: an upload's id, a run's, or an address of the web.

    `width`: of the window for an address. An address needs an editor, as starting a run from it does:
    the studio fetches it, and keeps the picture as an upload. Raises ToolError, Http404, and
    PermissionDenied.
    """
    if not has_web_scheme(name):
        return MockupReference(find_mockup(caller, name))
    access.fetch(Team.objects.all(), caller, need=Role.EDITOR, pk=caller.team_id)
    if width is not None and not LEAST_WIDTH <= width <= MOST_WIDTH:
        raise ToolError(
            f"A page is captured in a window of {LEAST_WIDTH} to {MOST_WIDTH} px; got the width {width}."
        )
    try:
        return MockupReference(address=read_address(name))
    except CaptureError as error:
        raise ToolError(str(error)) from None


def find_version(caller: Caller, name: str, need: Role = Role.VIEWER) -> Attempt:
    """Return the version that 'RUN/3' or likeness://runs/RUN/versions/3 means.

    Raises ToolError and Http404, and PermissionDenied below the role `need`.
    """
    found = VERSION.fullmatch(name)
    if found is None:
        raise ToolError(f"{name[:80]!r} names no version; use RUN/NUMBER, or send files.")
    run = find_run(caller, found[1], need)
    number = int(found[2])
    version = next((one for one in list_versions(run.family) if one.number == number), None)
    if version is None:
        raise Http404(f"Run {found[1]} has no version {number}.")
    return Attempt.objects.select_related("run__project", "run__upload").get(pk=version.attempt.pk)


def find_run(caller: Caller, name: str, need: Role = Role.VIEWER) -> Run:
    """Return the run. Raises ToolError, Http404, and PermissionDenied below the role `need`."""
    try:
        key = uuid.UUID(name)
    except ValueError:
        raise ToolError(f"{name[:80]!r} is no id of an upload or a run.") from None
    rows = Run.objects.select_related("project", "upload")
    return access.fetch(rows, caller, need=need, pk=key)
