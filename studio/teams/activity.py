"""The append-only activity log: who did what in a team."""

from __future__ import annotations

from studio.teams.models import Activity, Team, User
from studio.teams.origin import current_origin

LONGEST = 300  # characters of a target that are stored


def record(*, team: Team, actor: User | None, verb: str, target: str = "") -> Activity:
    """Record a sentence: Ada "invited" "ben@example.org as editor"."""
    origin = current_origin()
    return Activity.objects.create(
        team=team,
        actor=actor.email if actor else "",
        verb=verb,
        target=target[:LONGEST],
        address=origin.address,
        browser=origin.browser,
    )
