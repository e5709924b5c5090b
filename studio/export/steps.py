"""The spine of an export: read, assemble, plan; and once a person agreed to the plan: push, prove,
request.

Every step can be done again: a branch that holds the plan's result already is left as it is, an
open request is brought up to date. Between steps it is asked whether the export is still wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings

from studio.export.assemble import assemble
from studio.export.conventions import Conventions, detect
from studio.export.git import Branch, GitError, RemoteRepository
from studio.export.merge import ExportPlan, plan
from studio.export.models import Export
from studio.export.proof import collect_pictures, make_title, write_description
from studio.export.services import keep_files, make_remote
from studio.export.targets import make_target
from studio.export.targets.base import PullRequest
from studio.pipeline.bundle_zip import unzip_files, zip_files
from studio.runs.version_files import read_bundle_of

TRIES = 3  # of a push that somebody else's push came before


class Lost(Exception):
    """The export was cancelled, or is another worker's by now."""


class Job:
    """One export under way. `keep` writes what is known and says whether it is still ours; `tell`
    tells watchers.
    """

    def __init__(
        self, export: Export, keep: Callable[..., bool], tell: Callable[[dict[str, Any]], None]
    ) -> None:
        self.export, self.keep, self.tell = export, keep, tell
        self.remote = make_remote(export.repository)
        self.last: Mapping[str, bytes] | None = None
        self.ours: Mapping[str, bytes] = {}

    def carry_out(self) -> str:
        """The state it ends in: 'planned' when a person has to look first, else 'done'."""
        for attempt in range(TRIES):
            repository, plan, found = self.look()
            self.save(plan=self.shown(plan, repository, found))
            if not self.export.confirmed:
                return Export.State.PLANNED
            if self.export.confirmed != plan.digest() and not self.is_sent(repository, plan):
                self.save(
                    message="The repository changed since you looked: this is what the export would do now."
                )
                return Export.State.PLANNED
            try:
                self.push(repository, plan, found)
            except GitError as error:
                if not error.again or attempt == TRIES - 1:
                    raise
                continue
            break
        self.request(plan)
        return Export.State.DONE

    def look(self) -> tuple[RemoteRepository, ExportPlan, Conventions]:
        with self.step("reading"):
            repository = RemoteRepository(self.remote, settings.EXPORT_MEGABYTES * 1_000_000)
            repository.fetch(self.export.repository.base, self.export.branch)
            there = repository.files(self.tip(repository), self.export.folder)
            self.last = read_sent_files(self.export, there) or read_last_files(self.export)
        with self.step("assembling"):
            found = detect(_remove_earlier_export(there, self.last or {}))
            run = self.export.run
            self.ours = assemble(
                read_bundle_of(self.export.attempt),
                run.stack,
                run.prompt or "likeness page",
                there,
                found,
            )
        with self.step("planning"):
            made = plan(ours=self.ours, theirs=there, last=self.base(there, found))
        return repository, made, found

    def base(self, there: Mapping[str, bytes], found: Conventions) -> Mapping[str, bytes] | None:
        """What was exported last; the application's own sheet, which only gets a line, is its own
        base.
        """
        if found.sheet and found.sheet in self.ours and found.sheet in there:
            return {**(self.last or {}), found.sheet: there[found.sheet]}
        return self.last

    def tip(self, repository: RemoteRepository) -> Branch:
        """The branch as it is; where there is none yet, the one it will begin at."""
        own = repository.branch(self.export.branch)
        return own if own.head else repository.branch(self.export.repository.base)

    def is_sent(self, repository: RemoteRepository, plan: ExportPlan) -> bool:
        """A push that was cut off may have got through."""
        return plan.is_nothing and repository.branch(self.export.branch).head is not None

    def push(self, repository: RemoteRepository, plan: ExportPlan, found: Conventions) -> None:
        with self.step("pushing"):
            if plan.is_nothing:
                head = self.tip(repository).head
                self.save(
                    commit=head.decode()
                    if head and repository.branch(self.export.branch).head
                    else ""
                )
                return
            own = {path: data for path, data in self.ours.items() if path != found.sheet}
            self.save(files=keep_files(export=self.export, data=zip_files(own)))
            send = repository.commit(
                parent=self.tip(repository),
                onto=self.export.branch,
                files={self.at(path): data for path, data in plan.result.items()},
                deleted=tuple(self.at(path) for path in plan.deleted),
                message=f"{make_title(self.export.run)}\n\nMade from a mockup: {self.export.address}\n",
                author=self.export.created_by.name if self.export.created_by else "",
            )
            self.save(commit=send())

    def request(self, plan: ExportPlan) -> None:
        target = make_target(self.export.repository.kind, self.remote)
        images = collect_pictures(self.export.attempt)
        side = f"likeness-proof/{str(self.export.run.family)[:8]}"
        shown = target.addresses(side, images)
        if shown and self.export.commit:
            with self.step("proving"):
                self.push_pictures(side, images)
        if not self.export.commit:
            return
        with self.step("requesting"):
            body = write_description(
                self.export.attempt,
                shown,
                self.export.address,
                [change.path for change in plan.conflicts],
            )
            wanted = PullRequest(
                self.export.branch, self.export.repository.base, make_title(self.export.run), body
            )
            self.save(request_url=target.request(wanted))

    def push_pictures(self, side: str, images: Mapping[str, bytes]) -> None:
        """On a branch of their own, which nobody merges."""
        repository = RemoteRepository(self.remote, settings.EXPORT_MEGABYTES * 1_000_000)
        repository.fetch(side)
        own = repository.branch(side)
        if repository.files(own) == images:
            return
        gone = tuple(path for path in repository.files(own) if path not in images)
        repository.commit(
            parent=own,
            onto=side,
            files=images,
            deleted=gone,
            message="Pictures of a page\n",
            author="",
        )()

    def shown(
        self, plan: ExportPlan, repository: RemoteRepository, found: Conventions
    ) -> dict[str, Any]:
        """The plan, and what a person should know of the place, as JSON."""
        notes = found.words() if self.last is None else []
        branch = repository.branch(self.export.branch)
        before = find_last_commit(self.export)
        if before and branch.head is None:
            notes.append("The branch is gone (merged, perhaps): it begins anew at the base branch.")
        elif before and before.encode() not in branch.ancestors:
            notes.append(
                "The branch was rewritten since the last export: what it holds now is what counts."
            )
        return {**plan.to_json(), "notes": notes, "unchanged": plan.is_nothing}

    def at(self, path: str) -> str:
        return f"{self.export.folder}/{path}" if self.export.folder else path

    def save(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self.export, name, value)
        if not self.keep(**values):
            raise Lost

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        self.save(step=name)
        self.tell({"id": str(self.export.pk), "state": "running", "step": name})
        yield


def find_last_export(export: Export) -> Export | None:
    """The newest export of the same family to the same place that was sent, or may have been."""
    family = export.run.family
    same = Export.objects.filter(
        repository=export.repository, branch=export.branch, folder=export.folder
    )
    sent = same.exclude(files="").exclude(pk=export.pk).select_related("run")
    return next((one for one in sent[:50] if one.run.family == family and one.commit), None)


def read_sent_files(export: Export, there: Mapping[str, bytes]) -> Mapping[str, bytes] | None:
    """What this export itself has brought there already, where it is taken up again; None where it
    has not.
    """
    if not export.files:
        return None
    with export.files.open() as stored:
        own = unzip_files(stored.read())
    return own if all(there.get(path) == data for path, data in own.items()) else None


def read_last_files(export: Export) -> dict[str, bytes] | None:
    found = find_last_export(export)
    if found is None:
        return None
    with found.files.open() as stored:
        return unzip_files(stored.read())


def find_last_commit(export: Export) -> str:
    found = find_last_export(export)
    return found.commit if found else ""


def _remove_earlier_export(
    there: Mapping[str, bytes], ours: Mapping[str, bytes]
) -> dict[str, bytes]:
    """The place as it would be without what an earlier export brought: that is no application of
    theirs.
    """
    return {path: data for path, data in there.items() if path not in ours}
