"""Guessing passwords: after a few wrong ones none is tried for a while."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from studio.teams import services, throttle
from tests.people import cast

PASSWORD = "a boat for a quiet day"
FAST = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # these tests hash often

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey")]


@pytest.fixture(autouse=True)
def fast_hashes(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = FAST


def sign_in(password: str, email: str = "ada@example.org", place: str = "10.0.0.1") -> str:
    answer = Client().post("/sign-in", {"username": email, "password": password}, REMOTE_ADDR=place)
    return "in" if answer.status_code == 302 else "later" if "Too many tries" in answer.content.decode() else "no"


def test_after_ten_wrong_ones_even_the_right_one_waits() -> None:
    services.create_user(email="ada@example.org", password=PASSWORD)
    assert [sign_in("wrong", place="10.0.1.1") for _ in range(11)] == ["no"] * 10 + ["later"]
    assert sign_in(PASSWORD, place="10.0.1.1") == "later"
    assert sign_in(PASSWORD, "ADA@example.org", place="10.0.1.1") == "later"
    assert sign_in(PASSWORD, place="10.0.1.2") == "in"  # nobody is locked out by a stranger elsewhere


def test_a_right_one_forgets_the_wrong_ones() -> None:
    services.create_user(email="ada@example.org", password=PASSWORD)
    for _ in range(2):
        assert [sign_in("wrong", place="10.0.2.1") for _ in range(9)] == ["no"] * 9
        assert sign_in(PASSWORD, place="10.0.2.1") == "in"


def test_nor_can_one_place_try_a_few_on_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "MOST_OF_A_PLACE", 5)
    cast("ada")
    tried = [sign_in("wrong", f"p{number}@example.org", place="10.0.3.1") for number in range(6)]
    assert tried == ["no"] * 5 + ["later"]


def sign_up(number: int, place: str) -> str:
    form = {"email": f"new{number}@example.org", "password": PASSWORD}
    answer = Client().post("/sign-up", form, REMOTE_ADDR=place)
    return "in" if answer.status_code == 302 else "later" if "Too many tries" in answer.content.decode() else "no"


def test_accounts_are_not_made_by_the_dozen(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.SIGN_UP = "open"
    monkeypatch.setattr(throttle, "MOST_SIGN_UPS", 3)
    assert [sign_up(number, "10.0.5.1") for number in range(4)] == ["in"] * 3 + ["later"]
    assert sign_up(9, "10.0.5.2") == "in"


def test_nor_is_it_told_who_has_an_account_to_who_asks_often(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.SIGN_UP = "open"
    monkeypatch.setattr(throttle, "MOST_SIGN_UPS", 3)
    cast("new1")
    assert [sign_up(1, "10.0.6.1") for _ in range(4)] == ["no"] * 3 + ["later"]


def test_a_redis_that_is_away_keeps_nobody_out(settings: Settings) -> None:
    services.create_user(email="ada@example.org", password=PASSWORD)
    throttle.connect.cache_clear()
    settings.REDIS_URL = "unix:///nowhere.sock"
    assert sign_in("wrong", place="10.0.4.1") == "no"
    assert sign_in(PASSWORD, place="10.0.4.1") == "in"
    throttle.connect.cache_clear()
