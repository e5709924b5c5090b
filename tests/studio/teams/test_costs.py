"""The cost page puts measured tokens against an API's price and a node's."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from studio.teams import costs
from studio.teams.costs import Comparison, draw_chart, find_usual_break_evens
from studio.teams.models import Spending
from tests.people import adas_team, cast


def test_the_break_even_is_where_both_cost_the_same() -> None:
    comparison = Comparison(tokens=5_000_000_000, api_price=2.0, node_price=10_000.0)
    assert comparison.break_even == 5_000_000_000
    assert comparison.api_cost == comparison.node_price
    assert (comparison.share, comparison.node_is_cheaper) == (1.0, False)
    assert comparison.break_even_pace == pytest.approx(5e9 / (30 * 86_400))


@pytest.mark.parametrize(("tokens", "cheaper"), [(4_999_999_999, False), (5_000_000_001, True)])
def test_above_it_the_node_is_cheaper(tokens: int, cheaper: bool) -> None:
    assert Comparison(tokens, 2.0, 10_000.0).node_is_cheaper is cheaper


def test_the_usual_prices_give_a_range() -> None:
    """$8,000 at $3, and $12,000 at $1.5, a million."""
    assert find_usual_break_evens() == pytest.approx((8_000 / 3 * 1e6, 8_000 * 1e6))


@pytest.mark.parametrize("tokens", [0, 1e6, 5e9, 9e11])
def test_the_charts_points_are_on_its_lines_and_within_it(tokens: float) -> None:
    chart = draw_chart(Comparison(tokens, 2.0, 10_000.0))
    (x0, y0), (x1, y1) = (map(float, point.split(",")) for point in chart.api.split())
    for x, y in (chart.cross, chart.here):
        assert y == pytest.approx(y0 + (y1 - y0) * (x - x0) / (x1 - x0), abs=0.2)
        assert 0 <= x <= costs.WIDTH
        assert 0 <= y <= costs.HEIGHT
    assert chart.cross[1] == chart.node_y


@pytest.mark.django_db
class TestPage:
    def use(self, day: date, tokens: int, seconds: float = 0) -> None:
        Spending.objects.create(team=adas_team(), day=day, tokens=tokens, seconds=seconds)

    def page(self, query: str = "", name: str = "ada") -> Any:
        client = Client()
        client.force_login(cast(name))
        return client.get(f"/teams/{adas_team().pk}/cost{query}")

    def test_the_last_thirty_days_are_the_measured_month(self) -> None:
        today = timezone.now().date()
        self.use(today, 1_000_000)
        self.use(today - timedelta(days=29), 2_000_000)
        self.use(today - timedelta(days=30), 4_000_000)
        answer = self.page()
        assert answer.context["measured"] == 3_000_000
        assert answer.context["comparison"] == Comparison(3_000_000, 2.0, 10_000.0)
        assert "3.0 million tokens a month cost $6.00 at an API." in answer.content.decode()

    def test_months_are_listed_with_their_cost(self) -> None:
        self.use(date(2026, 9, 3), 1_500_000, 1800)
        self.use(date(2026, 9, 30), 500_000, 1800)
        self.use(date(2026, 10, 1), 1_000_000)
        october, september = self.page("?api_price=3").context["months"]
        assert (october.first, october.cost) == (date(2026, 10, 1), 3.0)
        assert (september.tokens, september.hours, september.cost) == (2_000_000, 1.0, 6.0)

    def test_own_numbers_replace_the_usual_ones(self) -> None:
        answer = self.page("?tokens=9000&api_price=1.5&node_price=12000")
        assert answer.context["comparison"] == Comparison(9_000_000_000, 1.5, 12_000.0)
        page = answer.content.decode()
        assert "The node is cheaper." in page
        assert "Both cost the same at 8,000 million tokens a month" in page

    @pytest.mark.parametrize("query", ["?api_price=0", "?node_price=much", "?tokens=-1"])
    def test_what_is_no_price_is_said_so(self, query: str) -> None:
        answer = self.page(query)
        assert answer.status_code == 422
        assert "use a number from" in answer.content.decode()

    def test_each_member_sees_it_and_no_stranger(self) -> None:
        assert self.page(name="cleo").status_code == 200
        assert self.page(name="dan").status_code == 404

    def test_an_empty_team_sees_zeros(self) -> None:
        assert "0.0 million tokens a month cost $0.00 at an API." in self.page().content.decode()
