"""The verbs of working together, and the only writers of links and comments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import timezone

from studio.collaboration import presence
from studio.collaboration.models import Comment, ShareLink
from studio.runs.models import Run
from studio.runs.services import record_activity
from studio.teams.models import User

LINKS = Signer(salt="together.share")  # without the time: a link has one address
PAGES = Signer(salt="together.page")


def share_run(*, run: Run, by: User, days: int) -> ShareLink:
    link = ShareLink.objects.create(
        run=run, created_by=by, expires_at=timezone.now() + timedelta(days=days)
    )
    record_activity(run, by, "shared", f"for {days} day{'s' if days > 1 else ''}")
    return link


def close_link(*, link: ShareLink, by: User) -> None:
    """Nobody gets in by it any more; it stays in the list for a day to be seen."""
    if ShareLink.objects.filter(pk=link.pk, expires_at__gt=timezone.now()).update(
        expires_at=timezone.now()
    ):
        record_activity(link.run, by, "closed a share link of")


def make_link_token(link: ShareLink) -> str:
    return LINKS.sign_object(link.pk)


def open_link(*, token: str) -> ShareLink | None:
    """The link with this address; None when it was made up, closed or is too old."""
    try:
        number = LINKS.unsign_object(token)
    except BadSignature:
        return None
    return _open(number)


def make_page_token(link: ShareLink, attempt: int, site: str) -> str:
    """For the frame in which the page is shown. It knows its own address, which must not be that of
    the link.

    `site`: the origin of the page around the frame.
    """
    return PAGES.sign_object([link.pk, attempt, site])


def open_page(*, token: str) -> tuple[ShareLink, int, str] | None:
    """The link, the number of the attempt shown by it, and the site around it; None as soon as the
    link is closed.
    """
    try:
        number, attempt, site = PAGES.unsign_object(token)
    except (BadSignature, ValueError):  # made up, or by an older studio
        return None
    link = _open(number)
    return (link, attempt, site) if link else None


def _open(number: int) -> ShareLink | None:
    links = ShareLink.objects.select_related("run__upload").filter(
        pk=number, expires_at__gt=timezone.now()
    )
    return links.filter(**dict.fromkeys(ShareLink.DELETED)).first()


def add_comment(
    *,
    run: Run,
    by: User,
    text: str,
    attempt: int | None = None,
    element: str = "",
    box: Sequence[float] | None = None,
) -> Comment:
    said = Comment.objects.create(
        run=run,
        author=by,
        text=text,
        attempt=attempt,
        element=element,
        box=list(box) if box else None,
    )
    transaction.on_commit(lambda: presence.ring(run.pk))
    return said


def resolve_comment(*, comment: Comment, resolved: bool = True) -> None:
    """Done with, or not yet after all."""
    Comment.objects.filter(pk=comment.pk).update(resolved_at=timezone.now() if resolved else None)
    transaction.on_commit(lambda: presence.ring(comment.run_id))
