"""What is shown at an address where nothing is."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.people import cast

pytestmark = pytest.mark.django_db
WORDS = "There is no such page"


@pytest.mark.parametrize(
    "address", ["/no/such/page", "/runs/00000000-0000-4000-8000-000000000000/"]
)
def test_a_page_of_the_studio_leads_back_to_its_start(address: str) -> None:
    visitor = Client()
    visitor.force_login(cast("ada"))
    answer = visitor.get(address)
    assert answer.status_code == 404
    assert WORDS in answer.content.decode()
    assert f'class="button" href="{reverse("runs:start")}"' in answer.content.decode()


def test_who_is_not_signed_in_is_told_the_same() -> None:
    answer = Client().get("/no/such/page")
    assert answer.status_code == 404
    assert WORDS in answer.content.decode()


@pytest.mark.parametrize("address", ["/pages/none/index.html", "/static/none.css"])
def test_what_a_generated_page_asks_for_gets_nothing_of_the_studio(address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 404
    assert WORDS not in answer.content.decode()
    assert "csrf" not in answer.content.decode()
