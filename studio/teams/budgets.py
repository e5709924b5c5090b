"""What a team may use in a day, what it has used, and the sentence that says when that is over.
Days are UTC's.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F
from django.utils import timezone

from studio.teams.activity import record
from studio.teams.errors import TeamError
from studio.teams.models import Spending, Team, User


@dataclass(frozen=True, slots=True)
class Today:
    """`tokens_left`, `seconds_left`: None without a budget."""

    tokens: int
    seconds: float
    tokens_left: int | None
    seconds_left: float | None

    @property
    def no_tokens(self) -> bool:
        return self.tokens_left is not None and self.tokens_left <= 0

    @property
    def no_seconds(self) -> bool:
        return self.seconds_left is not None and self.seconds_left <= 0


def set_budget(
    *, team: Team, by: User, tokens_a_day: int | None, seconds_a_day: int | None
) -> None:
    Team.objects.filter(pk=team.pk).update(tokens_a_day=tokens_a_day, seconds_a_day=seconds_a_day)
    shown = [f"{tokens_a_day} tokens" if tokens_a_day is not None else "tokens without end"]
    shown.append(f"{seconds_a_day} seconds" if seconds_a_day is not None else "time without end")
    record(team=team, actor=by, verb="set the budget of a day to", target=" and ".join(shown))


def spend(*, team_id: int, tokens: int, seconds: float) -> None:
    row, _ = Spending.objects.get_or_create(team_id=team_id, day=timezone.now().date())
    Spending.objects.filter(pk=row.pk).update(
        tokens=F("tokens") + tokens, seconds=F("seconds") + seconds
    )


def read_today(team_id: int) -> Today:
    team = Team.objects.values("tokens_a_day", "seconds_a_day").get(pk=team_id)
    row = Spending.objects.filter(team_id=team_id, day=timezone.now().date()).first()
    tokens, seconds = (row.tokens, row.seconds) if row else (0, 0.0)
    return Today(
        tokens,
        seconds,
        None if team["tokens_a_day"] is None else team["tokens_a_day"] - tokens,
        None if team["seconds_a_day"] is None else team["seconds_a_day"] - seconds,
    )


def check_budget(*, team: Team, model: bool) -> None:
    """Raises TeamError when today's budget is spent; only a run with a `model` needs tokens."""
    now = read_today(team.pk)
    if now.no_seconds:
        raise TeamError(
            f"{team.name} has used its {team.seconds_a_day} seconds of today; it goes on at midnight UTC, "
            "or when an owner raises the budget."
        )
    if model and now.no_tokens:
        raise TeamError(
            f"{team.name} has used its {team.tokens_a_day} tokens of today; it goes on at midnight UTC, "
            "or when an owner raises the budget. Runs without a model still start."
        )
