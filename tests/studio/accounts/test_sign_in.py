"""The door: a link that works once, then a password."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from studio.accounts import services
from studio.teams.access import get_own_team
from studio.teams.models import SignInLink, User
from studio.teams.services import create_user
from tests.people import cast

pytestmark = pytest.mark.django_db
PASSWORD = "a boat for a quiet day"


def come_in(client: Client, token: str) -> int:
    return client.post(f"/welcome/{token}").status_code


class TestLink:
    def test_a_fresh_studio_has_an_owner_with_a_team_of_their_own(self) -> None:
        token = services.make_first_link()
        assert token is not None
        client = Client()
        assert client.post(f"/welcome/{token}")["Location"] == "/account"
        assert client.get("/").status_code == 200
        assert get_own_team(User.objects.get()).personal

    def test_it_works_once(self) -> None:
        token = services.make_sign_in_link(user=cast("ada"))
        assert come_in(Client(), token) == 302
        assert come_in(Client(), token) == 410

    def test_looking_at_it_does_not_use_it_up(self) -> None:
        token = services.make_sign_in_link(user=cast("ada"))
        assert Client().get(f"/welcome/{token}").status_code == 200
        assert come_in(Client(), token) == 302

    def test_a_newer_one_ends_it(self) -> None:
        old, new = (services.make_sign_in_link(user=cast("ada")) for _ in range(2))
        assert come_in(Client(), old) == 410
        assert come_in(Client(), new) == 302

    def test_it_lasts_a_day(self) -> None:
        token = services.make_sign_in_link(user=cast("ada"))
        SignInLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        assert come_in(Client(), token) == 410

    def test_another_password_ends_it_whoever_sets_it(self) -> None:
        ada = cast("ada")
        before = services.make_sign_in_link(user=ada)
        services.change_account(user=ada, email=ada.email, password=PASSWORD)
        assert come_in(Client(), before) == 410
        between = services.make_sign_in_link(user=ada)
        ada.set_password("another boat for a day")
        ada.save()
        assert come_in(Client(), between) == 410
        assert come_in(Client(), services.make_sign_in_link(user=ada)) == 302

    @pytest.mark.parametrize(
        "token", ["x", "1", ".", "1.", "99999999999999999999.x", "²." + "x" * 43, "-1.x"]
    )
    def test_what_is_no_link_is_refused(self, token: str) -> None:
        assert come_in(Client(), token) == 410

    def test_the_database_does_not_hold_it(self) -> None:
        token = services.make_sign_in_link(user=cast("ada"))
        assert token not in SignInLink.objects.get().digest

    def test_once_somebody_has_a_password_none_is_printed(self) -> None:
        create_user(email="ada@example.org", password=PASSWORD)
        assert services.make_first_link() is None


class TestPassword:
    def test_the_owner_chooses_one_and_signs_in_with_it(self) -> None:
        client = Client()
        token = services.make_first_link()
        assert token
        come_in(client, token)
        assert (
            client.post("/account", {"email": "Ada@Example.org", "password": PASSWORD})["Location"]
            == "/"
        )
        assert client.get("/").status_code == 200  # still signed in
        client.post("/sign-out")
        assert client.get("/")["Location"] == "/sign-in?next=/"
        signed = client.post(
            "/sign-in",
            {"username": "ADA@example.org", "password": PASSWORD, "next": "/projects/1/"},
        )
        assert signed["Location"] == "/projects/1/"

    def test_a_wrong_one_says_nothing_about_which_part_was_wrong(self) -> None:
        create_user(email="ada@example.org", password=PASSWORD)
        for name in ("ada@example.org", "eve@example.org"):
            page = (
                Client().post("/sign-in", {"username": name, "password": "wrong"}).content.decode()
            )
            assert "No account has this e-mail address and password." in page

    def test_it_never_leads_to_another_site(self) -> None:
        create_user(email="ada@example.org", password=PASSWORD)
        form = {
            "username": "ada@example.org",
            "password": PASSWORD,
            "next": "https://evil.example/",
        }
        assert Client().post("/sign-in", form)["Location"] == "/"

    @pytest.mark.parametrize(
        ("email", "password", "words"),
        [
            ("ada", PASSWORD, "Enter an e-mail address"),
            ("ada@example.org", "short", "at least 10 characters"),
            ("ada@example.org", "", "Choose a password"),
        ],
    )
    def test_what_cannot_be_used_is_one_sentence(
        self, client: Client, email: str, password: str, words: str
    ) -> None:
        cast("dan")
        page = client.post("/account", {"email": email, "password": password}).content.decode()
        assert words in page


class TestCommand:
    def test_it_prints_a_link_and_makes_the_account(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        call_command("signin", "eve@example.org")
        found = re.search(r"/welcome/(\S+)", capsys.readouterr().out)
        assert found
        assert come_in(Client(), found[1]) == 302

    def test_what_is_no_address_is_one_sentence(self) -> None:
        with pytest.raises(CommandError, match="Got eve; use an e-mail address"):
            call_command("signin", "eve")
