"""Where sign-up is open, an account is made by a mailed link, and nobody else learns who has one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries, Settings

from studio.accounts import throttle
from studio.config.topology import PRINTED_MAIL
from studio.teams.models import User
from studio.teams.services import create_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey")]
PASSWORD = "a boat for a quiet day"


@pytest.fixture(autouse=True)
def open_studio(settings: Settings, valkey: None) -> None:
    settings.SIGN_UP = "open"
    settings.PUBLIC_URL = "https://likeness.example"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    throttle.connect().flushdb()
    cache.clear()


def ask(email: str, place: str = "10.1.0.1") -> Any:
    return Client().post("/sign-up", {"email": email}, REMOTE_ADDR=place)


def mailed_path() -> str:
    found = re.search(r"https://likeness.example(/sign-up/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_who_reads_the_mail_chooses_a_password_and_is_in() -> None:
    assert Client().get("/sign-in").content.decode().count("/sign-up") == 1
    ask("Eve@example.org")
    assert mail.outbox[-1].to == ["eve@example.org"]
    assert not User.objects.exists()
    client, path = Client(), mailed_path()
    assert "eve@example.org" in client.get(path).content.decode()
    assert client.post(path, {"password": PASSWORD})["Location"] == "/"
    assert client.get("/").status_code == 200
    eve = User.objects.get()
    assert (eve.email, eve.confirmed, eve.check_password(PASSWORD)) == (
        "eve@example.org",
        True,
        True,
    )


def without_parts_of_its_own(page: str, email: str) -> str:
    return re.sub(r'(nonce|value)="[^"]*"', "", page.replace(email, "?"))


def test_the_answer_is_the_same_for_an_address_with_an_account() -> None:
    create_user(email="fay@example.org", password=PASSWORD)
    answers = {email: ask(email) for email in ("fay@example.org", "new@example.org")}
    pages = {
        without_parts_of_its_own(answer.content.decode(), email)
        for email, answer in answers.items()
    }
    assert len(pages) == 1
    assert {answer.status_code for answer in answers.values()} == {200}
    assert [message.to for message in mail.outbox] == [["fay@example.org"], ["new@example.org"]]


def test_so_is_the_work_behind_it(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    create_user(email="fay@example.org", password=PASSWORD)
    for email in ("fay@example.org", "new@example.org"):
        with django_assert_num_queries(1):  # whether it has an account; no hash of a password
            ask(email)


def test_the_mail_tells_its_reader_and_holds_no_link_to_an_account_that_exists() -> None:
    create_user(email="fay@example.org", password=PASSWORD)
    ask("fay@example.org")
    text = str(mail.outbox[-1].body)
    assert "already has an account" in text
    assert "/sign-up/" not in text


def test_too_many_mails_to_one_address_are_refused_whether_it_has_an_account_or_not() -> None:
    create_user(email="fay@example.org", password=PASSWORD)
    for email in ("fay@example.org", "new@example.org"):
        answers = [ask(email, f"10.1.1.{n}") for n in range(throttle.MOST_MAILS + 1)]
        assert [a.status_code for a in answers] == [200] * throttle.MOST_MAILS + [422]
        assert "Too many mails" in answers[-1].content.decode()


def test_a_link_makes_one_account() -> None:
    ask("eve@example.org")
    path = mailed_path()
    Client().post(path, {"password": PASSWORD})
    again = Client().post(path, {"password": "another boat, another day"})
    assert again.status_code == 410
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize("change", ["x", ""])
def test_a_link_that_was_changed_is_refused(change: str) -> None:
    ask("eve@example.org")
    path = mailed_path()
    changed = path[:-1] + change if change else "/sign-up/nonsense"
    assert Client().post(changed, {"password": PASSWORD}).status_code == 410
    assert not User.objects.exists()


def test_a_weak_password_is_refused() -> None:
    ask("eve@example.org")
    answer = Client().post(mailed_path(), {"password": "short"})
    assert answer.status_code == 422
    assert not User.objects.exists()


@pytest.mark.parametrize("way", ["invite", "off"])
def test_elsewhere_there_is_none(settings: Settings, way: str) -> None:
    ask("eve@example.org")
    path = mailed_path()
    settings.SIGN_UP = way
    assert ask("new@example.org").status_code == 404
    assert Client().post(path, {"password": PASSWORD}).status_code == 404
    assert "/sign-up" not in Client().get("/sign-in").content.decode()
    assert not User.objects.exists()


def test_no_link_is_mailed_under_a_name_that_the_visitor_gave(settings: Settings) -> None:
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "", ["*"]
    answer = Client().post(
        "/sign-up", {"email": "eve@example.org"}, headers={"host": "evil.example"}
    )
    assert answer.status_code == 422
    assert not mail.outbox


def test_without_a_mail_server_the_page_says_where_the_link_is(settings: Settings) -> None:
    settings.EMAIL_BACKEND = PRINTED_MAIL
    page = ask("eve@example.org").content.decode()
    assert "no mail server (EMAIL_URL)" in page
    assert "A mail was sent" not in page
