"""The services of exporting, and the only code that writes its rows.

An export is claimed like a run: every write checks the name in `claimed_by`.
"""

from __future__ import annotations

import logging
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from studio.config.celery import app
from studio.config.loopback import LOOPBACK
from studio.config.vault import seal, unseal
from studio.export import ssh
from studio.export.git import GitError, Remote, check, wrap_git_errors
from studio.export.models import Export, Repository
from studio.outgoing.budget import Budget
from studio.outgoing.connection import find_addresses
from studio.outgoing.errors import Denied, OutgoingError
from studio.outgoing.policies import export_policy
from studio.runs import events
from studio.runs.models import Attempt
from studio.teams.activity import record
from studio.teams.models import Team, User
from studio.teams.storage import check_storage, store_file

TASK = "studio.export.export"
STALE = timedelta(seconds=15)  # heartbeats come every two seconds
UNHEARD = timedelta(seconds=30)
MOST_CLAIMS = 3
# For each exchange while a person waits for the page; a forge answers in one or two seconds.
CHECK_SECONDS = 20.0

logger = logging.getLogger(__name__)


class ExportError(Exception):
    """Raised for people: what cannot be done, and what to do instead."""


def add_repository(
    *, team: Team, by: User, kind: str, url: str, username: str = "", secret: str = ""
) -> Repository:
    """Save a repository after checking its credentials; replaces one with the same address."""
    remote = Remote(
        url=check_address(url),
        username=username,
        secret=secret,
        policy=export_policy(),
        seconds=CHECK_SECONDS,
    )
    if urlsplit(url).scheme == "ssh":
        remote = _add_host_key(remote)
    try:
        base, can_write, note = check(remote)
    except GitError as error:
        raise ExportError(str(error)) from None
    repository, _ = Repository.objects.update_or_create(
        team=team,
        url=url,
        defaults={
            "kind": kind,
            "username": username,
            "sealed": seal(secret) if secret else "",
            "host_key": remote.host_key,
            "base": base or "main",
            "can_write": can_write,
            "note": note,
            "checked_at": timezone.now(),
            "created_by": by,
        },
    )
    record(team=team, actor=by, verb=gettext_noop("added the repository"), target=url)
    return repository


def remove_repository(*, repository: Repository, by: User) -> None:
    record(
        team=repository.team,
        actor=by,
        verb=gettext_noop("removed the repository"),
        target=repository.url,
    )
    repository.delete()


def make_remote(repository: Repository) -> Remote:
    secret = unseal(repository.sealed) if repository.sealed else ""
    return Remote(
        url=repository.url,
        username=repository.username,
        secret=secret,
        host_key=repository.host_key,
        policy=export_policy(),
        seconds=settings.EXPORT_SECONDS,
    )


def check_address(url: str) -> str:
    """Return the address if exports may go there; credentials in it would appear in logs."""
    parts = urlsplit(url)
    schemes = ("https", "ssh", "http") + (("file",) if settings.EXPORT_FILES else ())
    if parts.scheme not in schemes or not parts.path.strip("/"):
        raise ExportError(
            "Enter the repository's address as https://host/owner/name or ssh://git@host/path."
        )
    if parts.password or (parts.username and parts.scheme != "ssh"):
        raise ExportError("Enter the name and token in their own fields, not in the address.")
    if parts.scheme != "file":
        _check_host(parts)
    return url


def _check_host(parts: SplitResult) -> None:
    """Raise ExportError for forbidden hosts and for tokens over plain http."""
    host = parts.hostname or ""
    if parts.scheme == "http" and host not in LOOPBACK:
        raise ExportError("Plain http would reveal the token: use an https:// address.")
    try:
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 22)
    except ValueError:
        raise ExportError("Port: use a number from 0 to 65535.") from None
    try:
        find_addresses(export_policy(), host, port, Budget(host, seconds=CHECK_SECONDS))
    except Denied as error:
        raise ExportError(str(error)) from None
    except OutgoingError as error:
        raise ExportError(f"{error} Check the address.") from None


def plan_export(
    *,
    attempt: Attempt,
    repository: Repository,
    by: User,
    branch: str,
    folder: str = "",
    address: str = "",
) -> Export:
    """Create an export that is only planned; nothing is pushed before `confirm_export`."""
    if not repository.can_write:
        raise ExportError(
            f"The token of {repository.url} may only read; add the repository again with a token that may push."
        )
    if branch == repository.base:
        raise ExportError(f"{branch} is the branch that pull requests target; choose another one.")
    check_storage(repository.team)
    export = Export.objects.create(
        run=attempt.run,
        attempt=attempt,
        repository=repository,
        created_by=by,
        branch=branch,
        folder=folder.strip("/"),
        address=address,
    )
    transaction.on_commit(lambda: _send(export.pk))
    return export


def confirm_export(*, export: Export, digest: str, by: User) -> bool:
    """Push the plan that was shown (`digest`); return False if it is not waiting for that."""
    changed = Export.objects.filter(pk=export.pk, state=Export.State.PLANNED).update(
        state=Export.State.QUEUED, confirmed=digest, message="", claims=0
    )
    if changed:
        target = f"{export.repository.url} ({export.branch})"
        team = export.run.project.team
        record(team=team, actor=by, verb=gettext_noop("confirmed the export to"), target=target)
        transaction.on_commit(lambda: _send(export.pk))
    return bool(changed)


def retry_export(*, export: Export) -> bool:
    """Retry a failed export where it stopped; a confirmed plan stays confirmed.

    False if it has not failed, or if its version was deleted.
    """
    failed = Export.objects.filter(
        pk=export.pk, state=Export.State.FAILED, attempt__deleted_at=None
    )
    changed = failed.update(state=Export.State.QUEUED, message="", claims=0)
    if changed:
        transaction.on_commit(lambda: _send(export.pk))
    return bool(changed)


def cancel_export(*, export: Export) -> bool:
    going = (
        Q(state=Export.State.QUEUED) | Q(state=Export.State.RUNNING) | Q(state=Export.State.PLANNED)
    )
    changed = Export.objects.filter(going, pk=export.pk).update(
        state=Export.State.CANCELLED, claimed_by="", finished_at=timezone.now()
    )
    if changed:
        events.publish_event(export.run_id, "export", {"id": str(export.pk), "state": "cancelled"})
    return bool(changed)


def claim_export(*, export_id: uuid.UUID, worker: str) -> Export | None:
    """Claim an export; None if it is not waiting any more."""
    updated = Export.objects.filter(pk=export_id, state=Export.State.QUEUED).update(
        state=Export.State.RUNNING,
        claimed_by=worker,
        claims=F("claims") + 1,
        heartbeat=timezone.now(),
    )
    related = ("run__upload", "run__project__team", "attempt", "repository", "created_by")
    if not updated:
        return None
    return Export.objects.select_related(*related).get(pk=export_id)


def keep_export(*, export_id: uuid.UUID, worker: str, **values: Any) -> bool:
    """Write a heartbeat and values; return False if the export is no longer this worker's."""
    own = Export.objects.filter(pk=export_id, state=Export.State.RUNNING, claimed_by=worker)
    return bool(own.update(heartbeat=timezone.now(), **values))


def end_export(*, export: Export, worker: str, state: str, **values: Any) -> bool:
    ended = keep_export(
        export_id=export.pk, worker=worker, state=state, finished_at=timezone.now(), **values
    )
    if ended:
        event = {"id": str(export.pk), "state": state, "message": values.get("message", "")}
        events.publish_event(export.run_id, "export", event)
        if state == Export.State.DONE and export.created_by is not None:
            record(
                team=export.run.project.team,
                actor=export.created_by,
                verb=gettext_noop("exported to"),
                target=f"{export.repository.url} ({export.branch})",
            )
    return ended


def keep_files(*, export: Export, data: bytes) -> str:
    """Store the exported files, the base of the next merge. Called before each push."""
    return store_file(
        team_id=export.run.project.team_id, name=f"exports/{export.pk}.zip", data=data
    )


def rescue_exports() -> int:
    """Requeue exports of dead workers and lost messages; return how many."""
    now = timezone.now()
    stale = Q(state=Export.State.RUNNING, heartbeat__lt=now - STALE)
    lost = Export.objects.filter(stale, claims__gte=MOST_CLAIMS)
    words = (
        f"The worker died {MOST_CLAIMS} times during this export; pushed commits remain. Try again."
    )
    lost.update(state=Export.State.FAILED, message=words, finished_at=now)
    export_ids = list(Export.objects.filter(stale).values_list("pk", flat=True))
    Export.objects.filter(stale).update(state=Export.State.QUEUED, claimed_by="", heartbeat=now)
    unheard = Export.objects.filter(
        Q(heartbeat=None) | Q(heartbeat__lt=now - UNHEARD), state=Export.State.QUEUED
    )
    export_ids += list(unheard.filter(created_at__lt=now - UNHEARD).values_list("pk", flat=True))
    for export_id in export_ids:
        _send(export_id)
    return len(export_ids)


def _add_host_key(remote: Remote) -> Remote:
    parts = urlsplit(remote.url)
    try:
        with wrap_git_errors(remote, "Reading the repository"):
            ssh.load_key(remote.secret)
            host = parts.hostname or ""
            budget = Budget(host, seconds=remote.seconds)
            key = ssh.scan_key(remote.policy, host, parts.port or 22, budget)
    except GitError as error:
        raise ExportError(str(error)) from None
    return replace(remote, host_key=key)


def _send(export_id: uuid.UUID) -> None:
    """Send a message for the export; if the queue is away, `rescue_exports` repeats it."""
    try:
        app.send_task(TASK, args=[str(export_id)])
    except Exception as error:
        logger.warning(
            "export %s waits: the queue is unavailable (%s)", export_id, type(error).__name__
        )
