"""What a team's measured tokens cost at a model server's prices, and on a node of its own. No writes.

`Spending` has every run's tokens by day, input and output together. So prices are blended: for a million
tokens of the usual mix.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from studio.teams.models import Spending, Team

MILLION = 1_000_000
MONTHS = 12  # that the table lists
DAYS = 30  # of the measured month
SECONDS_A_MONTH = DAYS * 86_400
# US dollars, for Kimi K2.6 in autumn 2026: a blended million tokens at model servers, and a month of
# a rented node with four H100, which holds the model.
API_PRICES = (1.5, 3.0)
NODE_PRICES = (8_000.0, 12_000.0)
API_PRICE, NODE_PRICE = 2.0, 10_000.0
# The chart, in its own units.
WIDTH, HEIGHT, EDGE = 640, 220, 24


@dataclass(frozen=True, slots=True)
class Month:
    """What the team's runs used in one month (UTC)."""

    first: date
    tokens: int
    seconds: float
    cost: float  # at the API's price

    @property
    def hours(self) -> float:
        return self.seconds / 3600


@dataclass(frozen=True, slots=True)
class Comparison:
    """A month's tokens at an API's price (per million) and on a node of a fixed price."""

    tokens: float
    api_price: float
    node_price: float

    @property
    def api_cost(self) -> float:
        return self.tokens * self.api_price / MILLION

    @property
    def break_even(self) -> float:
        """Return the tokens a month at which both cost the same."""
        return find_break_even(self.node_price, self.api_price)

    @property
    def break_even_pace(self) -> float:
        """Return the tokens per second, day and night, that the node must compute for it."""
        return self.break_even / SECONDS_A_MONTH

    @property
    def share(self) -> float:
        """Return the share of the break-even that the tokens reach."""
        return self.tokens / self.break_even

    @property
    def node_is_cheaper(self) -> bool:
        return self.api_cost > self.node_price


@dataclass(frozen=True, slots=True)
class Chart:
    """Two lines over the tokens of a month, and the points where they cross and where the team is."""

    api: str
    node_y: float
    cross: tuple[float, float]
    here: tuple[float, float]


def find_break_even(node_price: float, api_price: float) -> float:
    """Return the tokens a month at which a node costs as much as the API."""
    return node_price / api_price * MILLION


def find_usual_break_evens() -> tuple[float, float]:
    """Return the lowest and highest break-even of the usual prices."""
    lowest = find_break_even(min(NODE_PRICES), max(API_PRICES))
    highest = find_break_even(max(NODE_PRICES), min(API_PRICES))
    return lowest, highest


def list_months(team: Team, api_price: float) -> list[Month]:
    """Return the last months with runs, newest first."""
    rows = (
        Spending.objects.filter(team=team)
        .annotate(month=TruncMonth("day"))
        .values("month")
        .annotate(tokens=Sum("tokens"), seconds=Sum("seconds"))
        .order_by("-month")[:MONTHS]
    )
    return [
        Month(row["month"], row["tokens"], row["seconds"], row["tokens"] * api_price / MILLION)
        for row in rows
    ]


def measure_month(team: Team) -> int:
    """Return the tokens of the last 30 days, today included."""
    first = timezone.now().date() - timedelta(days=DAYS - 1)
    used = Spending.objects.filter(team=team, day__gte=first).aggregate(tokens=Sum("tokens"))
    return int(used["tokens"] or 0)


def draw_chart(comparison: Comparison) -> Chart:
    """Return the chart; it reaches to twice the break-even, or further where the team is there."""
    most_tokens = max(2 * comparison.break_even, 1.1 * comparison.tokens)
    most_cost = most_tokens * comparison.api_price / MILLION

    def place(tokens: float, cost: float) -> tuple[float, float]:
        x = EDGE + (WIDTH - 2 * EDGE) * tokens / most_tokens
        y = HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * cost / most_cost
        return round(x, 1), round(y, 1)

    start, end = place(0, 0), place(most_tokens, most_cost)
    cross = place(comparison.break_even, comparison.node_price)
    return Chart(
        api=f"{start[0]},{start[1]} {end[0]},{end[1]}",
        node_y=cross[1],
        cross=cross,
        here=place(comparison.tokens, comparison.api_cost),
    )
