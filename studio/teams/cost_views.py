"""The page that compares what a team's tokens cost at an API and on a node of its own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from studio.teams import costs
from studio.teams.forms import CostForm
from studio.teams.team_views import build_team_frame, get_team


@never_cache
@require_safe
def cost(request: HttpRequest, team_id: int) -> HttpResponse:
    """Show the comparison for the numbers in the address; without them, for measured and usual ones."""
    team = get_team(request, team_id)
    measured = costs.measure_month(team)
    usual = {
        "tokens": measured / costs.MILLION,
        "api_price": costs.API_PRICE,
        "node_price": costs.NODE_PRICE,
    }
    form = CostForm(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    own = {name: value for name, value in given.items() if value is not None}
    numbers = {**usual, **own}
    comparison = costs.Comparison(
        numbers["tokens"] * costs.MILLION, numbers["api_price"], numbers["node_price"]
    )
    lowest, highest = costs.find_usual_break_evens()
    context = {
        **build_team_frame(request, team),
        "form": form,
        "numbers": numbers,
        "fields": {name: f"{number:.12g}" for name, number in numbers.items()},
        "own": own,
        "measured": measured,
        "comparison": comparison,
        "break_even": comparison.break_even / costs.MILLION,
        "lowest": lowest / costs.MILLION,
        "highest": highest / costs.MILLION,
        "months": costs.list_months(team, comparison.api_price),
        "chart": costs.draw_chart(comparison),
    }
    status = 422 if form.errors else 200
    return render(request, "teams/cost.html", context, status=status)
