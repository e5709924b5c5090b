"""Changing how somebody signs in: only by themselves, and to an address that is theirs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from studio.accounts import services, throttle
from studio.teams.access import get_own_team
from studio.teams.models import Activity, EmailChange, Session, Team, User
from studio.teams.services import OWNER, create_user
from tests.people import adas_team, cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey")]
PASSWORD, NEW = "a boat for a quiet day", "another boat, another day"


@pytest.fixture(autouse=True)
def known_address(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://likeness.example"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def nothing_counted(valkey: None) -> None:
    throttle.connect().flushdb()


@pytest.fixture
def fay() -> Client:
    """Fay's browser; Fay has a password."""
    client = Client()
    client.force_login(create_user(email="fay@example.org", password=PASSWORD))
    return client


def change(
    client: Client, email: str = "fay@example.org", password: str = "", current: str = ""
) -> str:
    form = {"email": email, "password": password, "current": current}
    return client.post("/account", form, follow=True).content.decode()


def mailed_path() -> str:
    found = re.search(
        r"https://likeness.example(/account/confirm/[\w-]+)", str(mail.outbox[-1].body)
    )
    assert found
    return found[1]


@pytest.mark.parametrize("current", ["", "wrong"])
@pytest.mark.parametrize("wish", [{"password": NEW}, {"email": "new@example.org"}])
def test_nothing_changes_without_the_current_password(
    fay: Client, current: str, wish: dict[str, str]
) -> None:
    assert "This is not your current password." in change(fay, current=current, **wish)
    found = User.objects.get(email="fay@example.org")
    assert found.check_password(PASSWORD)
    assert not EmailChange.objects.exists()
    assert not mail.outbox


def test_the_current_password_is_not_guessed_here_either(fay: Client) -> None:
    pages = [change(fay, password=NEW, current=f"wrong {n}") for n in range(11)]
    assert "Too many tries" in pages[10]
    assert "Too many tries" in change(fay, password=NEW, current=PASSWORD)


def test_a_new_password_is_told_by_mail(fay: Client) -> None:
    change(fay, password=NEW, current=PASSWORD)
    assert User.objects.get(email="fay@example.org").check_password(NEW)
    assert "Your account has a new password." in str(mail.outbox[0].body)


def test_who_has_no_password_needs_a_fresh_sign_in() -> None:
    client = Client()
    client.force_login(cast("ada"))
    session = client.session
    session["since"] = (timezone.now() - timedelta(minutes=11)).isoformat()
    session.save()
    assert "Sign out and in again first" in change(client, "ada@example.org", NEW)
    assert not User.objects.get(email="ada@example.org").has_usable_password()


def test_a_new_address_counts_once_its_link_is_opened(fay: Client) -> None:
    assert "A link was sent to new@example.org" in change(fay, "New@example.org", current=PASSWORD)
    assert mail.outbox[0].to == ["new@example.org"]
    path = mailed_path()
    assert "new@example.org" in fay.get(path).content.decode()
    assert User.objects.filter(email="fay@example.org").exists()  # looking at it changes nothing
    assert fay.post(path).status_code == 302
    found = User.objects.get(email="new@example.org")
    assert found.confirmed
    assert get_own_team(found).name == "new"
    assert mail.outbox[-1].to == ["fay@example.org"]  # the old address is told
    assert fay.post(path).status_code == 410


def test_the_owners_team_does_not_stay_named_after_the_placeholder() -> None:
    owner = create_user(email=OWNER)
    services.change_account(user=owner, email="boss@example.org", password=PASSWORD)
    assert get_own_team(owner).name == "boss"


def test_a_name_that_was_chosen_for_the_team_stays() -> None:
    owner = create_user(email=OWNER)
    Team.objects.update(name="Harbour")
    services.change_account(user=owner, email="boss@example.org", password=PASSWORD)
    assert get_own_team(owner).name == "Harbour"


def test_its_link_is_worth_nothing_to_others(fay: Client) -> None:
    change(fay, "new@example.org", current=PASSWORD)
    other = Client()
    assert other.post(mailed_path())["Location"].startswith("/sign-in")
    other.force_login(cast("dan"))
    assert other.post(mailed_path()).status_code == 410
    assert not User.objects.filter(email="new@example.org").exists()


def test_its_link_ends_after_a_day_and_with_a_new_password(fay: Client) -> None:
    change(fay, "new@example.org", current=PASSWORD)
    first = mailed_path()
    EmailChange.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert fay.post(first).status_code == 410
    change(fay, "new@example.org", current=PASSWORD)
    second = mailed_path()
    change(fay, password=NEW, current=PASSWORD)
    assert fay.post(second).status_code == 410


def test_whether_an_address_has_an_account_is_not_told(fay: Client) -> None:
    cast("dan")
    answers, counts = [], []
    for email in ("dan@example.org", "nobody@example.org"):
        page = change(fay, email, current=PASSWORD)
        answers.append(re.sub(r"(dan|nobody)@example.org|name=\"csrf.*?>|nonce=\S+", "", page))
        counts.append(len(mail.outbox))
    assert answers[0] == answers[1]
    assert counts == [1, 2]
    assert "/account/confirm/" not in str(
        mail.outbox[0].body
    )  # Dan is told, and gives nothing away


def test_an_address_that_got_an_account_meanwhile_stays_its_owners(fay: Client) -> None:
    change(fay, "new@example.org", current=PASSWORD)
    create_user(email="new@example.org")
    assert fay.post(mailed_path()).status_code == 410
    assert User.objects.filter(email="fay@example.org").exists()


def test_nobody_sends_mails_without_end(fay: Client) -> None:
    pages = [change(fay, f"n{n}@example.org", current=PASSWORD) for n in range(6)]
    assert "Too many mails" in pages[5]
    assert len(mail.outbox) == 5


def test_an_address_is_not_confirmed_under_a_name_that_the_visitor_gave(
    fay: Client, settings: Settings
) -> None:
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "", ["*"]
    form = {"email": "new@example.org", "password": "", "current": PASSWORD}
    page = fay.post("/account", form, headers={"host": "evil.example"}).content.decode()
    assert "set PUBLIC_URL" in page
    assert not mail.outbox


def test_sessions_and_log_say_where_from(fay: Client) -> None:
    client = Client(headers={"user-agent": "A laptop"}, REMOTE_ADDR="192.0.2.7")
    client.post("/sign-in", {"username": "fay@example.org", "password": PASSWORD})
    assert "192.0.2.7" in client.get("/account").content.decode()
    assert Session.objects.get(browser="A laptop").address == "192.0.2.7"
    team = get_own_team(User.objects.get(email="fay@example.org"))
    client.post(f"/teams/{team.pk}/rename", {"name": "Boats"})
    found = Activity.objects.first()
    assert found
    assert (found.address, found.browser) == ("192.0.2.7", "A laptop")


def test_a_browser_that_moves_is_shown_where_it_is() -> None:
    client = Client(headers={"user-agent": "A laptop"})
    client.force_login(create_user(email="gil@example.org", password=PASSWORD))
    client.post("/sign-out")
    client.post(
        "/sign-in", {"username": "gil@example.org", "password": PASSWORD}, REMOTE_ADDR="192.0.2.7"
    )
    client.get("/", REMOTE_ADDR="192.0.2.8")
    assert Session.objects.get(browser="A laptop").address == "192.0.2.8"


def test_only_owners_see_where_others_worked_from() -> None:
    owner, viewer = Client(headers={"user-agent": "A laptop"}, REMOTE_ADDR="192.0.2.7"), Client()
    owner.force_login(cast("ada"))
    viewer.force_login(cast("cleo"))
    owner.post(f"/teams/{adas_team().pk}/rename", {"name": "Boats"})
    pages = [
        one.get(f"/teams/{adas_team().pk}/activity").content.decode() for one in (owner, viewer)
    ]
    assert ["192.0.2.7" in page for page in pages] == [True, False]
