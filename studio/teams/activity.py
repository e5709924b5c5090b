"""The append-only activity log: who did what in a team, or with their account.

A line about an account (a sign-in, a new password) is written once for the studio's operator and
once for each team of the person at that time: its owners see what happened to the accounts that reach
the team, also after a person has left. No line is changed later; the database refuses it
(`migrations/0002_audit.py`). `delete_expired` deletes old lines.
"""

from __future__ import annotations

from copy import copy
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from studio.teams.models import Activity, Team, User
from studio.teams.origin import current_origin

LONGEST = 300  # characters of a target that are stored
NOBODY = 0  # no person has this id
# What somebody entered who has no account is not stored: some type their password there.
UNKNOWN_ACCOUNT = gettext_noop("an account that does not exist")


def record(*, team: Team, actor: User | None, verb: str, target: str = "") -> Activity:
    """Record a sentence: Ada "invited" "ben@example.org as editor"."""
    line = _make_line(actor, verb, target)
    line.team = team
    line.save()
    return line


def record_account(*, user: User | None, verb: str, target: str = "") -> None:
    """Record what a person did with their account; None: somebody without one."""
    _record_for_teams(_make_line(user, verb, target), user)


def record_by_operator(*, user: User, verb: str) -> None:
    """Record what a command of the operator did to an account."""
    _record_for_teams(_make_line(None, verb, user.email), user)


def _record_for_teams(line: Activity, user: User | None) -> None:
    """Write the line for the operator and for each team.

    The queries are the same without a user: the time of a refused sign-in must not tell whether an
    address has an account.
    """
    line.is_account = True
    lines = [line]
    for team in Team.objects.filter(memberships__user=user.pk if user else NOBODY):
        copied = copy(line)
        copied.team = team
        lines.append(copied)
    Activity.objects.bulk_create(lines)


def list_lines_of_studio() -> QuerySet[Activity]:
    """Return all lines for the operator: each line about an account once."""
    return Activity.objects.exclude(is_account=True, team__isnull=False)


def delete_expired() -> int:
    """Delete the lines older than AUDIT_DAYS and return their number; 0 days keep them for ever."""
    if not settings.AUDIT_DAYS:
        return 0
    oldest = timezone.now() - timedelta(days=settings.AUDIT_DAYS)
    return Activity.objects.filter(created_at__lt=oldest).delete()[0]


def _make_line(actor: User | None, verb: str, target: str) -> Activity:
    origin = current_origin()
    return Activity(
        actor=actor.email if actor else "",
        verb=verb,
        target=target[:LONGEST],
        address=origin.address,
        browser=origin.browser,
    )
