"""Guessing passwords: after a few wrong ones none is tried for a while."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from studio.accounts import throttle
from studio.teams.services import create_user
from tests.people import cast

PASSWORD = "a boat for a quiet day"
FAST = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # these tests hash often

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey")]


@pytest.fixture(autouse=True)
def fast_hashes(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = FAST


@pytest.fixture(autouse=True)
def nothing_counted(valkey: None) -> None:
    throttle.connect().flushdb()


def sign_in(password: str, email: str = "ada@example.org", place: str = "10.0.0.1") -> str:
    answer = Client().post("/sign-in", {"username": email, "password": password}, REMOTE_ADDR=place)
    return (
        "in"
        if answer.status_code == 302
        else "later"
        if "Too many tries" in answer.content.decode()
        else "no"
    )


def test_after_ten_wrong_ones_even_the_right_one_waits() -> None:
    create_user(email="ada@example.org", password=PASSWORD)
    assert [sign_in("wrong", place="10.0.1.1") for _ in range(11)] == ["no"] * 10 + ["later"]
    assert sign_in(PASSWORD, place="10.0.1.1") == "later"
    assert sign_in(PASSWORD, "ADA@example.org", place="10.0.1.1") == "later"
    assert (
        sign_in(PASSWORD, place="10.0.1.2") == "in"
    )  # nobody is locked out by a stranger elsewhere


def test_a_whole_ipv6_network_is_one_place() -> None:
    create_user(email="net@example.org", password=PASSWORD)
    tried = [sign_in("wrong", "net@example.org", place=f"2001:db8:1:2::{n:x}") for n in range(11)]
    assert tried == ["no"] * 10 + ["later"]
    assert sign_in(PASSWORD, "net@example.org", place="2001:db8:1:2:ffff::1") == "later"
    assert sign_in(PASSWORD, "net@example.org", place="2001:db8:1:3::1") == "in"


@pytest.mark.parametrize(
    ("place", "network"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix:", "unix:"),
    ],
)
def test_a_place_is_what_one_sender_can_change_within(place: str, network: str) -> None:
    assert throttle.network_of(place) == network


space_out = throttle._space_out


@pytest.fixture
def spaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries of one account are spaced after three, and the space lasts longer than the test."""
    monkeypatch.setattr(throttle, "MOST_OF_AN_ACCOUNT", 3)
    monkeypatch.setattr(throttle, "_space_out", lambda key, seconds: space_out(key, 600))


@pytest.mark.usefixtures("spaced")
def test_one_account_guessed_from_many_addresses_is_slowed() -> None:
    create_user(email="many@example.org", password=PASSWORD)
    tried = [sign_in("wrong", "many@example.org", place=f"10.1.0.{n}") for n in range(40)]
    assert tried == ["no"] * 4 + ["later"] * 36  # after the third, one in each pause


@pytest.mark.usefixtures("spaced")
def test_a_browser_that_signed_in_before_does_not_wait_for_strangers() -> None:
    create_user(email="known@example.org", password=PASSWORD)
    form = {"username": "known@example.org", "password": PASSWORD}
    known = Client()
    assert known.post("/sign-in", form, REMOTE_ADDR="10.2.0.1").status_code == 302
    known.post("/sign-out")
    for n in range(10):
        sign_in("wrong", "known@example.org", place=f"10.2.1.{n}")
    assert sign_in(PASSWORD, "known@example.org", place="10.2.2.1") == "later"
    assert known.post("/sign-in", form, REMOTE_ADDR="10.2.2.1").status_code == 302


@pytest.mark.usefixtures("spaced")
def test_a_known_browser_has_its_own_end_of_tries_and_knows_one_account() -> None:
    create_user(email="one@example.org", password=PASSWORD)
    create_user(email="two@example.org", password=PASSWORD)
    known = Client()
    known.post(
        "/sign-in", {"username": "one@example.org", "password": PASSWORD}, REMOTE_ADDR="10.3.0.1"
    )
    known.post("/sign-out")

    def guess(email: str) -> str:
        return known.post("/sign-in", {"username": email, "password": "wrong"}).content.decode()

    assert ["Too many" in guess("two@example.org") for _ in range(5)] == [False] * 4 + [True]
    assert ["Too many" in guess("one@example.org") for _ in range(11)] == [False] * 10 + [True]


def test_one_try_is_let_through_in_each_pause() -> None:
    assert [space_out("pause-test", 5), space_out("pause-test", 5)] == [0, 5]
    assert 0 < throttle.connect().ttl("pause-test") <= 5
    throttle.connect().delete("pause-test")  # as Redis does when it ends
    assert space_out("pause-test", 5) == 0


def test_tries_made_at_once_are_counted_before_they_are_tried() -> None:
    waits = [throttle.take_turn(place="10.4.0.1", name="race@example.org") for _ in range(12)]
    assert [bool(wait) for wait in waits] == [False] * 10 + [True] * 2


def test_a_right_one_forgets_the_wrong_ones() -> None:
    create_user(email="ada@example.org", password=PASSWORD)
    for _ in range(2):
        assert [sign_in("wrong", place="10.0.2.1") for _ in range(9)] == ["no"] * 9
        assert sign_in(PASSWORD, place="10.0.2.1") == "in"


def test_nor_can_one_place_try_a_few_on_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "MOST_OF_A_PLACE", 5)
    cast("ada")
    tried = [sign_in("wrong", f"p{number}@example.org", place="10.0.3.1") for number in range(6)]
    assert tried == ["no"] * 5 + ["later"]


def sign_up(number: int, place: str) -> str:
    form = {"email": f"new{number}@example.org"}
    answer = Client().post("/sign-up", form, REMOTE_ADDR=place)
    return "later" if "Too many tries" in answer.content.decode() else "mailed"


def test_accounts_are_not_made_by_the_dozen(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.SIGN_UP = "open"
    monkeypatch.setattr(throttle, "MOST_SIGN_UPS", 3)
    assert [sign_up(number, "10.0.5.1") for number in range(4)] == ["mailed"] * 3 + ["later"]
    assert sign_up(9, "10.0.5.2") == "mailed"


def test_a_redis_that_is_away_keeps_nobody_out(settings: Settings) -> None:
    create_user(email="ada@example.org", password=PASSWORD)
    throttle.connect.cache_clear()
    settings.REDIS_URL = "unix:///nowhere.sock"
    assert sign_in("wrong", place="10.0.4.1") == "no"
    assert sign_in(PASSWORD, place="10.0.4.1") == "in"
    throttle.connect.cache_clear()
