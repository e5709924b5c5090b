"""The services of share links and comments, and the only code that writes their rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.signing import BadSignature, Signer, TimestampSigner
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from studio.collaboration import presence
from studio.collaboration.models import Comment, ShareLink
from studio.runs.models import Run
from studio.runs.services import record_activity
from studio.teams.models import User

UNDO_LASTS = timedelta(days=1)
UNDO = TimestampSigner(salt="together.comment")
LINKS = Signer(salt="together.share")  # no timestamp: a link has one address
PAGES = Signer(salt="together.page")


def share_run(*, run: Run, by: User, days: int) -> ShareLink:
    link = ShareLink.objects.create(
        run=run, created_by=by, expires_at=timezone.now() + timedelta(days=days)
    )
    period = "1 day" if days == 1 else f"{days} days"
    record_activity(run, by, gettext_noop("shared"), f"for {period}")
    return link


def close_link(*, link: ShareLink, by: User) -> None:
    """Close the link; it stays listed for a day."""
    if ShareLink.objects.filter(pk=link.pk, expires_at__gt=timezone.now()).update(
        expires_at=timezone.now()
    ):
        record_activity(link.run, by, gettext_noop("closed a share link of"))


def make_link_token(link: ShareLink) -> str:
    return LINKS.sign_object(link.pk)


def open_link(*, token: str) -> ShareLink | None:
    """Return the link with this address; None if it is forged, closed or expired."""
    try:
        number = LINKS.unsign_object(token)
    except BadSignature:
        return None
    return _open(number)


def make_page_token(link: ShareLink, attempt: int, site: str) -> str:
    """Return a token for the frame of a shared page.

    The generated page can read its own address, so it must differ from the link's. `site` is the
    origin of the page around the frame.
    """
    return PAGES.sign_object([link.pk, attempt, site])


def open_page(*, token: str) -> tuple[ShareLink, int, str] | None:
    """Return the link, the attempt's number and the site; None once the link is closed."""
    try:
        number, attempt, site = PAGES.unsign_object(token)
    except (BadSignature, ValueError):  # forged, or from an older version of the studio
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
    comment = Comment.objects.create(
        run=run,
        author=by,
        text=text,
        attempt=attempt,
        element=element,
        box=list(box) if box else None,
    )
    transaction.on_commit(lambda: presence.ring(run.pk))
    return comment


def resolve_comment(*, comment: Comment, resolved: bool = True) -> None:
    """Mark the comment as resolved or open."""
    Comment.objects.filter(pk=comment.pk).update(resolved_at=timezone.now() if resolved else None)
    transaction.on_commit(lambda: presence.ring(comment.run_id))


def delete_comment(*, comment: Comment) -> str:
    """Delete the comment; return a token that `restore_comment` takes for a day.

    The token holds the comment, so what was deleted is nowhere else.
    """
    kept = ("pk", "author_id", "text", "attempt", "element", "box")
    content: dict[str, Any] = {name: getattr(comment, name) for name in kept}
    content["created_at"] = comment.created_at.isoformat()
    content["resolved_at"] = comment.resolved_at.isoformat() if comment.resolved_at else None
    run_id = comment.run_id
    comment.delete()
    transaction.on_commit(lambda: presence.ring(run_id))
    return UNDO.sign_object({"run": str(run_id), **content}, compress=True)


def restore_comment(*, run: Run, token: str) -> bool:
    """Bring back a comment of this run; False if the token is forged, too old or another run's."""
    try:
        content = UNDO.unsign_object(token, max_age=UNDO_LASTS)
    except BadSignature:
        return False
    if content.pop("run") != str(run.pk):
        return False
    created = content.pop("created_at")
    pk = content.pop("pk")
    if not User.objects.filter(pk=content["author_id"]).exists():
        content["author_id"] = None
    with transaction.atomic():
        _, is_new = Comment.objects.get_or_create(pk=pk, defaults={"run": run, **content})
        if is_new:  # the creation's moment is set by the database layer
            Comment.objects.filter(pk=pk).update(created_at=created)
    transaction.on_commit(lambda: presence.ring(run.pk))
    return True
