"""`manage.py audit`: write the activity log of all teams and accounts, oldest line first."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.teams.activity import list_lines_of_studio
from studio.teams.activity_views import write_csv
from studio.teams.models import Activity

FORMATS = ("lines", "csv", "json")


class Command(BaseCommand):
    help = "Write who did what and when, in all teams and with all accounts; days are in UTC."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--team", type=int, help="the id of one team, from its address")
        parser.add_argument("--who", default="", help="a part of the actor's e-mail address")
        parser.add_argument("--since", default="", help="the first day, such as 2026-11-29")
        parser.add_argument("--until", default="", help="the last day")
        parser.add_argument("--format", choices=FORMATS, default="lines")

    def handle(
        self, *args: Any, team: int | None, who: str, since: str, until: str, **options: Any
    ) -> None:
        lines = list_lines_of_studio().select_related("team").order_by("pk")
        if team is not None:
            lines = Activity.objects.filter(team=team).select_related("team").order_by("pk")
        if who:
            lines = lines.filter(actor__icontains=who)
        if since:
            lines = lines.filter(created_at__gte=read_day(since, time.min))
        if until:
            lines = lines.filter(created_at__lte=read_day(until, time.max))
        found = lines.iterator(chunk_size=1000)
        if options["format"] == "csv":
            write_csv(self.stdout, found)
            return
        for line in found:
            is_json = options["format"] == "json"
            self.stdout.write(json.dumps(describe(line)) if is_json else write_line(line))


def read_day(text: str, at: time) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), at, tzinfo=UTC)
    except ValueError:
        raise CommandError(f"Got the day {text}; use one such as 2026-11-29.") from None


def describe(line: Activity) -> dict[str, Any]:
    """Return the line for a program; `team` is null for a line about an account."""
    return {
        "time": line.created_at.isoformat(),
        "team": line.team_id,
        "actor": line.actor,
        "action": line.verb,
        "target": line.target,
        "address": line.address,
        "browser": line.browser,
    }


def write_line(line: Activity) -> str:
    """Return the line for a terminal: names of people and things must not control it."""
    team = f" [{line.team.name}]" if line.team else ""
    words = f"{line.actor or 'the studio'} {line.verb} {line.target}".strip()
    origin = f" from {line.address}" if line.address else ""
    text = f"{line.created_at:%F %T}{team} {words}{origin}"
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
