"""Daily budgets of teams: limits, use and error messages. Days are in UTC."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from studio.teams.activity import record
from studio.teams.errors import TeamError
from studio.teams.models import Spending, Team, User


@dataclass(frozen=True, slots=True)
class Today:
    """Today's use and the rest of the budget; `tokens_left` and `seconds_left`: None without one."""

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
    tokens = f"{tokens_a_day} tokens" if tokens_a_day is not None else "unlimited tokens"
    seconds = f"{seconds_a_day} seconds" if seconds_a_day is not None else "unlimited time"
    record(
        team=team,
        actor=by,
        verb=gettext_noop("set the daily budget to"),
        target=f"{tokens} and {seconds}",
    )


def spend(*, team_id: int, tokens: int, seconds: float) -> None:
    row, _ = Spending.objects.get_or_create(team_id=team_id, day=timezone.now().date())
    Spending.objects.filter(pk=row.pk).update(
        tokens=F("tokens") + tokens, seconds=F("seconds") + seconds
    )


def read_today(team_id: int) -> Today:
    team = Team.objects.values("tokens_a_day", "seconds_a_day").get(pk=team_id)
    row = Spending.objects.filter(team_id=team_id, day=timezone.now().date()).first()
    tokens = row.tokens if row else 0
    seconds = row.seconds if row else 0.0
    token_budget = team["tokens_a_day"]
    second_budget = team["seconds_a_day"]
    return Today(
        tokens,
        seconds,
        tokens_left=None if token_budget is None else token_budget - tokens,
        seconds_left=None if second_budget is None else second_budget - seconds,
    )


def check_budget(*, team: Team, model: bool) -> None:
    """Raise TeamError if today's budget is used up; only runs with a `model` need tokens."""
    now = read_today(team.pk)
    if now.no_seconds:
        raise TeamError(
            gettext(
                "{name} has used today's budget of {seconds_a_day} seconds; wait until "
                "midnight UTC, or ask an owner to raise it."
            ).format(name=team.name, seconds_a_day=team.seconds_a_day)
        )
    if model and now.no_tokens:
        raise TeamError(
            gettext(
                "{name} has used today's budget of {tokens_a_day} tokens; wait until midnight "
                "UTC, ask an owner to raise it, or start runs without a model."
            ).format(name=team.name, tokens_a_day=team.tokens_a_day)
        )
