"""A team's runs for the tools, as far as a token goes. Only services write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studio.jobs.references import MockupReference, find_run, find_version, read_mockup_reference
from studio.pipeline.tools.inputs import FollowUpInput, GenerateInput
from studio.pipeline.tools.runs import choose_version
from studio.pipeline.tools.workbench import compute_scale
from studio.projects.services import get_first_project
from studio.runs import selectors, services, version_files, version_numbers
from studio.runs.models import Attempt, Run
from studio.teams import access
from studio.teams.models import ApiToken, Role, Team
from studio.versions import revisions

LISTED = 20  # runs among the resources


class StudioRuns:
    """See `studio.pipeline.tools.workbench.Runs`. Raises PermissionDenied and TeamError too."""

    def __init__(self, caller: ApiToken) -> None:
        self.caller = caller

    def list_ids(self) -> list[str]:
        """Return the newest runs that this token may see."""
        rows = access.filter_visible(Run.objects.all(), self.caller).order_by("-created_at")
        return [str(key) for key in rows.values_list("pk", flat=True)[:LISTED]]

    def start(self, request: GenerateInput) -> dict[str, Any]:
        team = access.fetch(
            Team.objects.all(), self.caller, need=Role.EDITOR, pk=self.caller.team_id
        )
        mockup, scale = MockupReference(), None
        if request.mockup:
            mockup = read_mockup_reference(self.caller, request.mockup, request.width)
        if mockup.upload is not None:
            scale = compute_scale(mockup.upload.width, request.width)
        run = services.start_run(
            project=get_first_project(team=team),
            by=self.caller.user,
            upload=mockup.upload,
            address=mockup.address,
            address_width=request.width if mockup.address else None,
            scale=scale,
            prompt=request.prompt,
            stack=request.stack,
            rounds=request.rounds,
        )
        return self._describe(run)

    def follow_up(self, request: FollowUpInput) -> dict[str, Any]:
        number = choose_version(self, request.run, request.version)
        base = find_version(self.caller, f"{request.run}/{number}", Role.EDITOR)
        run = revisions.follow_up(base=base, by=self.caller.user, prompt=request.prompt)
        return self._describe(run)

    def describe(self, run: str) -> dict[str, Any]:
        return self._describe(find_run(self.caller, run))

    def list_versions(self, run: str) -> list[dict[str, Any]]:
        versions = version_numbers.list_versions(find_run(self.caller, run).family)
        return [
            {
                "number": version.number,
                "source": version.attempt.source,
                "kept": version.kept,
                "likeness": version.attempt.likeness,
                "quality": version.attempt.quality,
                "run": str(version.run.pk),
            }
            for version in versions
        ]

    def read_files(self, run: str, number: int) -> Mapping[str, bytes]:
        attempt = find_version(self.caller, f"{run}/{number}")
        return {**selectors.read_source_files(attempt), **_read_pictures(attempt)}

    def export(self, run: str, number: int) -> Mapping[str, bytes]:
        attempt = find_version(self.caller, f"{run}/{number}")
        return {**version_files.make_project_files(attempt), **_read_pictures(attempt)}

    def _describe(self, run: Run) -> dict[str, Any]:
        names = ("state", "stop_reason", "message", "prompt", "stack")
        scores = {name: run.report.get(name) for name in ("likeness", "quality")}
        return {"id": str(run.pk), **{name: getattr(run, name) for name in names}, **scores}


def _read_pictures(attempt: Attempt) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for name in ("render", "heatmap"):
        picture = getattr(attempt, name)
        if picture:
            with picture.open() as stored:
                found[f"{name}.png"] = stored.read()
    return found
