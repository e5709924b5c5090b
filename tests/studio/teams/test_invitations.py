"""Invitations: by a link that expires, or by e-mail; taken by who has an account or makes one."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from studio.config import topology
from studio.teams import access, invitations, mailing
from studio.teams.errors import TeamError
from studio.teams.models import Invitation, Role, Team, User
from tests.people import adas_team, cast

pytestmark = pytest.mark.django_db
ACCOUNT = {"email": "Eve@Example.org", "password": "a boat for a quiet day"}


def link(email: str = "", role: Role = Role.EDITOR) -> str:
    return (
        "/join/"
        + invitations.invite(team=adas_team(), by=cast("ada"), role=role, days=7, email=email)[1]
    )


def browser(name: str) -> Client:
    client = Client()
    client.force_login(cast(name))
    return client


def role(name: str) -> Role | None:
    return access.find_role(adas_team(), cast(name))


class TestAccepting:
    def test_who_is_signed_in_joins_with_a_click(self) -> None:
        address, dan = link(), browser("dan")
        assert "Join ada" in dan.get(address).content.decode()
        assert role("dan") is None  # looking is not joining
        assert dan.post(address)["Location"] == "/"
        assert role("dan") is Role.EDITOR

    def test_a_link_works_for_everybody_until_it_expires(self) -> None:
        address = link()
        browser("dan").post(address)
        browser("eve").post(address)
        assert (role("dan"), role("eve")) == (Role.EDITOR, Role.EDITOR)
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        assert browser("fay").post(address).status_code == 410
        assert role("fay") is None

    def test_one_to_an_address_works_once(self) -> None:
        address = link("dan@example.org")
        assert browser("dan").post(address).status_code == 302
        assert browser("eve").post(address).status_code == 410

    def test_taken_back_it_opens_nothing(self, client: Client) -> None:
        address, found = link(), Invitation.objects.get()
        client.post(f"/teams/{found.team_id}/invitations/{found.pk}/revoke")
        assert Client().get(address).status_code == 410

    def test_a_member_keeps_the_role_they_have(self) -> None:
        cast("cleo")
        browser("cleo").post(link())
        browser("ada").post(link(role=Role.VIEWER))
        assert (role("cleo"), role("ada")) == (Role.VIEWER, Role.OWNER)

    def test_who_is_new_makes_an_account_with_it(self) -> None:
        client = Client()
        assert client.post(link(), ACCOUNT)["Location"] == "/"
        assert (
            access.find_role(adas_team(), User.objects.get(email="eve@example.org")) is Role.EDITOR
        )
        assert "ada" in client.get("/").content.decode()

    def test_no_account_is_made_for_a_bad_password_or_where_nobody_may(
        self, settings: Settings
    ) -> None:
        address = link()
        page = Client().post(address, {**ACCOUNT, "password": "short"})
        assert (page.status_code, "at least 10 characters" in page.content.decode()) == (422, True)
        settings.SIGN_UP = "off"
        Client().post(address, ACCOUNT)
        assert not User.objects.filter(email="eve@example.org").exists()


class TestInviting:
    def test_the_link_is_shown_once_and_kept_as_a_hash(self, client: Client) -> None:
        address = f"/teams/{adas_team().pk}/"
        page = client.post(
            f"{address}invite", {"email": "", "role": "viewer", "days": "1"}
        ).content.decode()
        found = re.search(r"http://testserver(/join/[\w-]+)", page)
        assert found
        assert found[1].removeprefix("/join/") not in str(Invitation.objects.values().get())
        assert found[1] not in client.get(address).content.decode()
        assert browser("dan").post(found[1]).status_code == 302

    def test_with_an_address_it_goes_there(self, client: Client, settings: Settings) -> None:
        settings.PUBLIC_URL = "https://likeness.example"
        form = {"email": "Dan@example.org", "role": "editor", "days": "7"}
        client.post(f"/teams/{adas_team().pk}/invite", form)
        [sent] = mail.outbox
        assert sent.to == ["dan@example.org"]
        assert "ada@example.org invites you to the team ada" in str(sent.body)
        assert re.search(r"https://likeness.example/join/[\w-]+", str(sent.body))

    @pytest.mark.parametrize(
        ("url", "told"), [("", "EMAIL_URL is not set"), ("smtp://mail", "sent to the address")]
    )
    def test_where_no_mail_is_sent_the_page_does_not_say_so(
        self,
        url: str,
        told: str,
        client: Client,
        settings: Settings,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        settings.PUBLIC_URL = "https://likeness.example"
        settings.EMAIL_BACKEND = topology.make_email_settings(url)["EMAIL_BACKEND"]
        monkeypatch.setattr(mailing, "send_mail", lambda *args: 1)
        form = {"email": "dan@example.org", "role": "editor", "days": "7"}
        page = client.post(f"/teams/{adas_team().pk}/invite", form).content.decode()
        answers = ("EMAIL_URL is not set", "sent to the address")
        assert [words for words in answers if words in page] == [told]

    def test_no_link_is_mailed_under_a_name_that_the_visitor_gave(
        self, client: Client, settings: Settings
    ) -> None:
        settings.ALLOWED_HOSTS = ["*"]
        form = {"email": "dan@example.org", "role": "editor", "days": "7"}
        page = client.post(
            f"/teams/{adas_team().pk}/invite", form, headers={"host": "evil.example"}
        )
        assert "set PUBLIC_URL" in page.content.decode()
        assert not mail.outbox

    def test_the_shown_link_begins_with_the_configured_address(
        self, client: Client, settings: Settings
    ) -> None:
        settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "https://likeness.example", ["*"]
        form = {"email": "", "role": "editor", "days": "7"}
        page = client.post(
            f"/teams/{adas_team().pk}/invite", form, headers={"host": "evil.example"}
        )
        assert "https://likeness.example/join/" in page.content.decode()
        assert "evil.example" not in page.content.decode()

    @pytest.mark.parametrize(
        ("form", "words"),
        [
            ({"role": "owner", "days": "7"}, "Invite as editor or viewer."),
            ({"role": "editor", "days": "365"}, "Days: use one of 1, 7, 30."),
            ({"role": "editor", "days": "7", "email": "dan"}, "Enter an e-mail address"),
            (
                {"role": "editor", "days": "7", "email": "ben@example.org"},
                "ben@example.org is already in ada.",
            ),
        ],
    )
    def test_what_cannot_be_is_one_sentence(
        self, client: Client, form: dict[str, str], words: str
    ) -> None:
        cast("ben")
        page = client.post(f"/teams/{adas_team().pk}/invite", form)
        assert page.status_code == 422
        assert words in page.content.decode()
        assert not Invitation.objects.exists()

    def test_a_mail_server_that_is_away_is_said_and_the_link_remains(
        self, client: Client, settings: Settings
    ) -> None:
        settings.PUBLIC_URL = "https://likeness.example"
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        form = {"email": "dan@example.org", "role": "editor", "days": "7"}
        page = client.post(f"/teams/{adas_team().pk}/invite", form).content.decode()
        assert "The mail could not be sent (ConnectionRefusedError)" in page
        assert "/join/" in page

    def test_a_name_with_a_line_break_makes_no_header(self) -> None:
        team = adas_team()
        Team.objects.filter(pk=team.pk).update(name="a\nBcc: eve@example.org")
        team.refresh_from_db()
        found, _ = invitations.invite(
            team=team, by=cast("ada"), role=Role.VIEWER, days=1, email="dan@example.org"
        )
        invitations.send_invitation(invitation=found, address="http://testserver/join/x")
        assert mail.outbox[0].subject == "Invitation to a Bcc: eve@example.org on Likeness"

    def test_there_is_an_end_to_open_ones(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(invitations, "MOST_OPEN", 1)
        link()
        with pytest.raises(TeamError, match="has 1 open invitations"):
            link()
