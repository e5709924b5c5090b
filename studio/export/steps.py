"""The spine of an export: read, assemble, plan; after confirmation: push, prove, request.

Every step can be repeated: a branch that already has the plan's result stays as it is, and an open
pull request is updated. Each step checks that the export is still wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
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

TRIES = 3  # tries of a push that another push came before


class Lost(Exception):
    """Raised if the export was cancelled or belongs to another worker."""


class Job:
    """One export in progress.

    `keep` writes values and returns whether the export is still ours; `tell` notifies watchers;
    `record_step` records a step's time.
    """

    def __init__(
        self,
        export: Export,
        keep: Callable[..., bool],
        tell: Callable[[dict[str, Any]], None],
        record_step: Callable[[str], AbstractContextManager[None]],
    ) -> None:
        self.export = export
        self.keep = keep
        self.tell = tell
        self.record_step = record_step
        self.remote = make_remote(export.repository)
        self.last: Mapping[str, bytes] | None = None
        self.ours: Mapping[str, bytes] = {}

    def carry_out(self) -> str:
        """Run the export; return "planned" if a person must confirm it, else "done"."""
        for attempt in range(TRIES):
            repository, plan, conventions = self.look()
            self.save(plan=self.shown(plan, repository, conventions))
            if not self.export.confirmed:
                return Export.State.PLANNED
            if self.export.confirmed != plan.digest() and not self.is_sent(repository, plan):
                self.save(
                    message="The repository has changed since the plan was shown: review the new plan."
                )
                return Export.State.PLANNED
            try:
                self.push(repository, plan, conventions)
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
            existing = repository.files(self.tip(repository), self.export.folder)
            self.last = read_sent_files(self.export, existing) or read_last_files(self.export)
        with self.step("assembling"):
            conventions = detect(_remove_earlier_export(existing, self.last or {}))
            run = self.export.run
            self.ours = assemble(
                read_bundle_of(self.export.attempt),
                run.stack,
                run.prompt or "likeness page",
                existing,
                conventions,
            )
        with self.step("planning"):
            export_plan = plan(
                ours=self.ours, theirs=existing, last=self.base(existing, conventions)
            )
        return repository, export_plan, conventions

    def base(
        self, existing: Mapping[str, bytes], conventions: Conventions
    ) -> Mapping[str, bytes] | None:
        """Return the merge base.

        It is the last export; the application's own style sheet, which only gets a line, is its own
        base.
        """
        if conventions.sheet and conventions.sheet in self.ours and conventions.sheet in existing:
            return {**(self.last or {}), conventions.sheet: existing[conventions.sheet]}
        return self.last

    def tip(self, repository: RemoteRepository) -> Branch:
        """Return the branch; the base branch if it does not exist yet."""
        own = repository.branch(self.export.branch)
        return own if own.head else repository.branch(self.export.repository.base)

    def is_sent(self, repository: RemoteRepository, plan: ExportPlan) -> bool:
        """Return True if the branch has the result already, for example after a broken push."""
        return plan.is_nothing and repository.branch(self.export.branch).head is not None

    def push(
        self, repository: RemoteRepository, plan: ExportPlan, conventions: Conventions
    ) -> None:
        with self.step("pushing"):
            if plan.is_nothing:
                head = self.tip(repository).head
                exists = repository.branch(self.export.branch).head is not None
                self.save(commit=head.decode() if head and exists else "")
                return
            own = {path: data for path, data in self.ours.items() if path != conventions.sheet}
            self.save(files=keep_files(export=self.export, data=zip_files(own)))
            send = repository.commit(
                parent=self.tip(repository),
                onto=self.export.branch,
                files={self.at(path): data for path, data in plan.result.items()},
                deleted=tuple(self.at(path) for path in plan.deleted),
                message=f"{make_title(self.export.run)}\n\nGenerated from a mockup: {self.export.address}\n",
                author=self.export.created_by.name if self.export.created_by else "",
            )
            self.save(commit=send())

    def request(self, plan: ExportPlan) -> None:
        target = make_target(self.export.repository.kind, self.remote)
        images = collect_pictures(self.export.attempt)
        side = f"likeness-proof/{str(self.export.run.family)[:8]}"
        picture_addresses = target.addresses(side, images)
        if picture_addresses and self.export.commit:
            with self.step("proving"):
                self.push_pictures(side, images)
        if not self.export.commit:
            return
        with self.step("requesting"):
            body = write_description(
                self.export.attempt,
                picture_addresses,
                self.export.address,
                [change.path for change in plan.conflicts],
            )
            pull_request = PullRequest(
                self.export.branch, self.export.repository.base, make_title(self.export.run), body
            )
            self.save(request_url=target.request(pull_request))

    def push_pictures(self, side: str, images: Mapping[str, bytes]) -> None:
        """Push the pictures to a branch of their own, which nobody merges."""
        repository = RemoteRepository(self.remote, settings.EXPORT_MEGABYTES * 1_000_000)
        repository.fetch(side)
        own = repository.branch(side)
        if repository.files(own) == images:
            return
        outdated = tuple(path for path in repository.files(own) if path not in images)
        repository.commit(
            parent=own,
            onto=side,
            files=images,
            deleted=outdated,
            message="Pictures of a page\n",
            author="",
        )()

    def shown(
        self, plan: ExportPlan, repository: RemoteRepository, conventions: Conventions
    ) -> dict[str, Any]:
        """Return the plan with notes for people, as JSON."""
        notes = conventions.words() if self.last is None else []
        branch = repository.branch(self.export.branch)
        before = find_last_commit(self.export)
        if before and branch.head is None:
            notes.append("The branch was deleted (or merged): it will start at the base branch.")
        elif before and before.encode() not in branch.ancestors:
            notes.append(
                "The branch was rewritten since the last export: its current content is used."
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
        with self.record_step(name):
            yield


def find_last_export(export: Export) -> Export | None:
    """Return the newest export of the same family to the same place that has a commit."""
    family = export.run.family
    same = Export.objects.filter(
        repository=export.repository, branch=export.branch, folder=export.folder
    )
    pushed = same.exclude(files="").exclude(pk=export.pk).select_related("run")
    return next(
        (
            export_of_family
            for export_of_family in pushed[:50]
            if export_of_family.run.family == family and export_of_family.commit
        ),
        None,
    )


def read_sent_files(export: Export, existing: Mapping[str, bytes]) -> Mapping[str, bytes] | None:
    """Return what this export has pushed already when it is retried; None if nothing."""
    if not export.files:
        return None
    with export.files.open() as stored:
        own = unzip_files(stored.read())
    return own if all(existing.get(path) == data for path, data in own.items()) else None


def read_last_files(export: Export) -> dict[str, bytes] | None:
    last_export = find_last_export(export)
    if last_export is None:
        return None
    with last_export.files.open() as stored:
        return unzip_files(stored.read())


def find_last_commit(export: Export) -> str:
    last_export = find_last_export(export)
    return last_export.commit if last_export else ""


def _remove_earlier_export(
    existing: Mapping[str, bytes], ours: Mapping[str, bytes]
) -> dict[str, bytes]:
    """Return the files without those of an earlier export, which are no application."""
    return {path: data for path, data in existing.items() if path not in ours}
