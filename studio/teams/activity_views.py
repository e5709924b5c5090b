"""Views of a team's activity log: members see what was done, owners also accounts and addresses."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Any, Protocol

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from studio.teams import access
from studio.teams.forms import ActivityFilter
from studio.teams.models import Activity, Role, Team
from studio.teams.team_views import build_team_frame, get_team

LINES = 50  # per page
MOST_LINES = 50_000  # of a CSV file: about 10 MB, which are made in memory
COLUMNS = ("time", "actor", "action", "target", "address", "browser")
# What a spreadsheet would compute; some also read the wide signs of Chinese and Japanese.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


class Writable(Protocol):
    def write(self, text: str, /) -> Any: ...


@never_cache
@require_safe
def activity(request: HttpRequest, team_id: int) -> HttpResponse:
    team = get_team(request, team_id)
    lines = _list_visible(request, team)
    form = ActivityFilter(request.GET)
    page = Paginator(form.filter(lines), LINES).get_page(request.GET.get("page"))
    filters = request.GET.copy()
    filters.pop("page", None)
    context = {
        **build_team_frame(request, team),
        "page": page,
        "form": form,
        "verbs": lines.order_by("verb").values_list("verb", flat=True).distinct(),
        "filters": filters.urlencode(),
        "most_lines": MOST_LINES,
    }
    status = 422 if form.errors else 200
    return render(request, "teams/activity.html", context, status=status)


@never_cache
@require_safe
def download(request: HttpRequest, team_id: int) -> HttpResponse:
    """Return the filtered lines as CSV, newest first; for owners."""
    team = get_team(request, team_id, Role.OWNER)
    lines = ActivityFilter(request.GET).filter(_list_visible(request, team))[:MOST_LINES]
    headers = {"Content-Disposition": f'attachment; filename="activity-{team.pk}.csv"'}
    answer = HttpResponse(content_type="text/csv; charset=utf-8", headers=headers)
    write_csv(answer, lines)
    return answer


def write_csv(file: Writable, lines: Iterable[Activity]) -> None:
    """Write the lines as CSV. Times are in UTC; texts that look like formulas get an apostrophe."""
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for line in lines:
        texts = (line.actor, line.verb, line.target, line.address, line.browser)
        writer.writerow([line.created_at.isoformat(), *map(_disarm, texts)])


def _disarm(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _list_visible(request: HttpRequest, team: Team) -> QuerySet[Activity]:
    lines = team.activities.all()
    if access.find_role(team, access.get_person(request)) is Role.OWNER:
        return lines
    return lines.filter(is_account=False)
