"""Where somebody is signed in: listed for them, and ended by them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from studio.teams.models import Session
from tests.people import cast

pytestmark = pytest.mark.django_db
PASSWORD = "a boat for a quiet day"


def browser(name: str, agent: str) -> Client:
    client = Client(headers={"user-agent": agent})
    client.force_login(cast(name))
    client.get("/account")
    return client


def test_each_browser_is_listed_by_its_name() -> None:
    phone = browser("ada", "A phone")
    browser("ben", "Ben's own")
    page = browser("ada", "A laptop").get("/account").content.decode()
    assert ("A phone" in page, "A laptop" in page, "Ben" in page) == (True, True, False)
    assert page.count("this session") == 1
    assert (
        str(phone.session.session_key) not in page
    )  # who reads the page over a shoulder gets no session


def test_one_is_ended() -> None:
    phone, laptop = browser("ada", "A phone"), browser("ada", "A laptop")
    handle = Session.objects.get(browser="A phone").handle
    laptop.post("/sign-out-elsewhere", {"session": handle})
    assert phone.get("/")["Location"] == "/sign-in?next=/"
    assert laptop.get("/").status_code == 200


def test_all_others_are_ended() -> None:
    phone, laptop = browser("ada", "A phone"), browser("ada", "A laptop")
    laptop.post("/sign-out-elsewhere")
    assert (phone.get("/").status_code, laptop.get("/").status_code) == (302, 200)


def test_nobody_elses_can_be_ended() -> None:
    ben = browser("ben", "Ben's own")
    handle = Session.objects.get(browser="Ben's own").handle
    browser("ada", "A laptop").post("/sign-out-elsewhere", {"session": handle})
    assert ben.get("/").status_code == 200


def test_a_new_password_ends_the_others() -> None:
    phone, laptop = browser("ada", "A phone"), browser("ada", "A laptop")
    laptop.post("/account", {"email": "ada@example.org", "password": PASSWORD})
    assert (phone.get("/").status_code, laptop.get("/").status_code) == (302, 200)
    assert Session.objects.count() == 1


def test_it_says_since_when_and_when_last() -> None:
    laptop = browser("ada", "A laptop")
    Session.objects.update(since=timezone.now() - timedelta(days=3))
    began = Session.objects.get().since
    session = laptop.session
    session["seen"] = (timezone.now() - timedelta(hours=1)).isoformat()
    session["since"] = began.isoformat()
    session.save()
    laptop.get("/account")
    found = Session.objects.get()
    assert found.since == began
    assert timezone.now() - found.seen_at < timedelta(minutes=1)
