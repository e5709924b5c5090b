"""Queries for pages that show share links and comments. Read only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from studio.collaboration import services
from studio.collaboration.models import ShareLink
from studio.runs.models import Attempt, Run
from studio.runs.selectors import find_best_attempt, list_code_files
from studio.teams import access
from studio.teams.models import Role, User

CLOSED_SHOWN = timedelta(days=1)  # time for which a closed link is still listed


def list_links(run: Run, absolute: Callable[[str], str]) -> list[dict[str, Any]]:
    """Return the run's links with their addresses, newest first."""
    recent = run.share_links.filter(expires_at__gt=timezone.now() - CLOSED_SHOWN).select_related(
        "created_by"
    )
    links = []
    for link in recent:
        path = reverse("collaboration:shared", args=[services.make_link_token(link)])
        links.append({"link": link, "address": absolute(path)})
    return links


def list_comments(run: Run, by: User) -> dict[str, Any]:
    """Return the comments for `by`; editors may resolve all, others only their own."""
    deleted = Attempt.objects.filter(run=OuterRef("run"), number=OuterRef("attempt"))
    comments = list(
        run.comments.select_related("author").annotate(
            is_on_deleted=Exists(deleted.exclude(deleted_at=None))
        )
    )
    return {
        "run": run,
        "user": by,
        "comments": comments,
        "open": len([comment for comment in comments if comment.resolved_at is None]),
        "may_resolve": access.find_role(run.project.team, by) in Role.EDITOR.at_least,
    }


def build_shared_context(link: ShareLink, site: str) -> dict[str, Any]:
    """Return what a share link shows: mockup, best attempt, code and scores."""
    best = find_best_attempt(link.run)
    return {
        "run": link.run,
        "link": link,
        "best": best,
        "is_deleted": best is None and link.run.attempts.exclude(deleted_at=None).exists(),
        "files": list_code_files(best) if best else [],
        "page_token": services.make_page_token(link, best.number, site) if best else "",
    }


def read_shared_picture(run: Run, name: str) -> bytes | None:
    best = find_best_attempt(run)
    stored = run.upload.file if name == "mockup" and run.upload else None
    if best and name in ("render", "heatmap"):
        stored = getattr(best, name)
    if not stored:
        return None
    with stored.open() as file:
        content: bytes = file.read()
    return content
