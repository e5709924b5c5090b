"""The conversation of a family: what each of its runs was asked, and the versions it made. Read only."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext, gettext_lazy

from studio.runs.models import Run
from studio.runs.version_numbers import Version, list_members
from studio.uploads.models import Upload

# What a run was asked for where nobody wrote instructions.
REQUESTS = {
    Run.Kind.GENERATE: gettext_lazy("Generate this page"),
    Run.Kind.TEXT: gettext_lazy("Generate a page"),
    Run.Kind.FOLLOW_UP: gettext_lazy("Change the page"),
    Run.Kind.EDIT: gettext_lazy("Edited by hand"),
    Run.Kind.RESTORE: gettext_lazy("Restored an earlier version"),
    Run.Kind.IMPORT: gettext_lazy("Imported a page"),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One request and its answer. `mockups` are those that the run before did not have."""

    run: Run
    mockups: tuple[Upload, ...]
    versions: tuple[Version, ...]

    @property
    def request(self) -> str:
        """Return the instructions, or what the request was without any."""
        if self.run.kind == Run.Kind.RESTORE:
            base = self.versions[0].base if self.versions else None
            if base:
                return gettext("Restored v{number}").format(number=base)
        return self.run.prompt or str(REQUESTS[Run.Kind(self.run.kind)])


def list_turns(run: Run, versions: list[Version]) -> list[Turn]:
    """Return the family's turns, oldest first, with two queries."""
    members = list_members(run.family).select_related("created_by", "upload")
    turns: list[Turn] = []
    known: set[str] = set()
    for member in members.prefetch_related("mockups"):
        sent = [upload for upload in (member.upload, *member.mockups.all()) if upload]
        fresh = tuple(upload for upload in sent if upload.sha256 not in known)
        known.update(upload.sha256 for upload in fresh)
        own = tuple(version for version in versions if version.attempt.run_id == member.pk)
        turns.append(Turn(member, fresh, own))
    return turns
