"""A second factor: set up with a code, asked for on every way in, kept by recovery codes, needed by
teams.
"""

from __future__ import annotations

import re
import time

import pyotp
import pytest
from django.core.management import call_command
from django.http import Http404
from django.test import Client
from pytest_django.fixtures import Settings

from studio.accounts import services, throttle, two_factor
from studio.config import vault
from studio.runs.models import Run
from studio.teams import access
from studio.teams.errors import TeamError
from studio.teams.membership import require_two_factor
from studio.teams.models import RecoveryCode, Role, Session, Team, TwoFactor, User
from studio.teams.services import create_user
from studio.teams.tokens import create_token, find_token
from tests.people import adas_team, cast
from tests.studio.runs.making import queued_run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey")]
PASSWORD = "a boat for a quiet day"


@pytest.fixture(autouse=True)
def fast_hashes(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def nothing_counted(valkey: None) -> None:
    throttle.connect().flushdb()


def app_code(secret: str, steps: int = 0) -> str:
    """What the app shows now, or so many steps later."""
    return pyotp.TOTP(secret).generate_otp(int(time.time()) // two_factor.STEP + steps)


def turn_on(user: User) -> tuple[str, list[str]]:
    """The app's secret, and the recovery codes; no code of the app is used up for what follows."""
    secret = two_factor.make_secret()
    codes = two_factor.turn_on(user=user, secret=secret, code=app_code(secret))
    TwoFactor.objects.update(last_step=0)
    throttle.forget_codes(name=str(user.pk))
    return secret, codes


def fay() -> User:
    return create_user(email="fay@example.org", password=PASSWORD)


def sign_in(client: Client, then: str = "/projects/1/") -> str:
    form = {"username": "fay@example.org", "password": PASSWORD, "next": then}
    return str(client.post("/sign-in", form)["Location"])


class TestSettingUp:
    def test_the_page_shows_a_code_to_scan_and_the_apps_first_code_turns_it_on(self) -> None:
        client = Client()
        client.force_login(fay())
        page = client.get("/account/two-factor").content.decode()
        found = re.search(r'id="secret">([A-Z2-7]{32})<', page)
        assert found
        assert "<svg" in page
        form = {"code": app_code(found[1]), "current": PASSWORD}
        done = client.post("/account/two-factor", form).content.decode()
        codes = re.findall(r"^(?:.*>)?((?:[a-z2-7]{4}-){3}[a-z2-7]{4})$", done, re.M)
        assert len(codes) == two_factor.RECOVERY_CODES
        assert "It is on. 10 recovery codes left." in client.get("/account").content.decode()

    @pytest.mark.parametrize(
        ("code", "current"), [("000000", PASSWORD), (None, "wrong"), ("letter", PASSWORD)]
    )
    def test_a_wrong_code_or_password_turns_nothing_on(
        self, code: str | None, current: str
    ) -> None:
        client = Client()
        client.force_login(fay())
        page = client.get("/account/two-factor").content.decode()
        found = re.search(r'id="secret">(\w+)<', page)
        assert found
        form = {"code": code or app_code(found[1]), "current": current}
        assert client.post("/account/two-factor", form).status_code == 422
        assert not TwoFactor.objects.exists()

    def test_the_qr_code_holds_the_account_and_the_secret(self) -> None:
        address = two_factor.setup_address(user=fay(), secret="A" * 32)
        assert (
            address
            == f"otpauth://totp/Likeness:fay%40example.org?secret={'A' * 32}&issuer=Likeness"
        )

    def test_the_database_holds_neither_the_secret_nor_the_codes(self) -> None:
        secret, codes = turn_on(fay())
        kept = f"{list(TwoFactor.objects.values())} {list(RecoveryCode.objects.values())}"
        assert secret not in kept
        assert not any(code in kept or code.replace("-", "") in kept for code in codes)
        assert vault.unseal(TwoFactor.objects.get().secret) == secret

    def test_a_new_key_of_the_vault_still_opens_it(self) -> None:
        secret, _ = turn_on(fay())
        call_command("rotate_keys", "--forget")
        assert vault.unseal(TwoFactor.objects.get().secret) == secret

    def test_other_browsers_are_signed_out(self) -> None:
        user, phone, laptop = fay(), Client(), Client()
        phone.force_login(user)
        laptop.force_login(user)
        page = laptop.get("/account/two-factor").content.decode()
        found = re.search(r'id="secret">(\w+)<', page)
        assert found
        laptop.post("/account/two-factor", {"code": app_code(found[1]), "current": PASSWORD})
        assert (phone.get("/").status_code, laptop.get("/").status_code) == (302, 200)


class TestSigningIn:
    def test_a_password_alone_opens_no_page_and_no_session(self) -> None:
        turn_on(fay())
        client = Client()
        assert sign_in(client) == "/second-step"
        assert client.get("/")["Location"] == "/sign-in?next=/"
        assert not Session.objects.exclude(user=None).exists()

    def test_the_apps_code_signs_in_and_leads_on(self) -> None:
        secret, _ = turn_on(fay())
        client = Client()
        sign_in(client)
        assert (
            client.post("/second-step", {"code": f" {app_code(secret)} "})["Location"]
            == "/projects/1/"
        )
        assert client.get("/").status_code == 200

    def test_a_code_works_once(self) -> None:
        secret, _ = turn_on(fay())
        code = app_code(secret)
        outcomes = []
        for _ in range(2):
            client = Client()
            sign_in(client)
            outcomes.append(client.post("/second-step", {"code": code}).status_code)
        assert outcomes == [302, 422]

    @pytest.mark.parametrize(
        ("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
    )
    def test_clocks_may_differ_by_half_a_minute(
        self, steps: int, right: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        user = fay()
        secret, _ = turn_on(user)
        monkeypatch.setattr("time.time", lambda: 1_800_000_000.0)
        code = pyotp.TOTP(secret).generate_otp(1_800_000_000 // two_factor.STEP + steps)
        assert two_factor.check_code(user=user, code=code) is right

    def test_a_recovery_code_works_once(self) -> None:
        user = fay()
        _, codes = turn_on(user)
        assert two_factor.check_code(user=user, code=codes[0].upper().replace("-", " "))
        assert not two_factor.check_code(user=user, code=codes[0])
        assert user.recovery_codes.count() == two_factor.RECOVERY_CODES - 1

    def test_nobody_elses_code_works(self) -> None:
        user, dan = fay(), cast("dan")
        turn_on(user)
        secret, codes = turn_on(dan)
        assert not two_factor.check_code(user=user, code=app_code(secret))
        assert not two_factor.check_code(user=user, code=codes[0])

    def test_codes_are_not_guessed(self) -> None:
        secret, _ = turn_on(fay())
        client = Client()
        sign_in(client)
        pages = [
            client.post("/second-step", {"code": f"{n:06}"}).content.decode() for n in range(8)
        ]
        assert "Too many codes were tried" in pages[7]
        assert client.post("/second-step", {"code": app_code(secret)}).status_code == 422

    def test_a_link_asks_for_it_too(self) -> None:
        user = fay()
        turn_on(user)
        client = Client()
        token = services.make_sign_in_link(user=user)
        assert client.post(f"/welcome/{token}")["Location"] == "/second-step"
        assert client.get("/")["Location"] == "/sign-in?next=/"

    def test_a_password_changed_meanwhile_ends_the_half_way_in(self) -> None:
        user = fay()
        secret, _ = turn_on(user)
        client = Client()
        sign_in(client)
        user.set_password("another boat, another day")
        user.save()
        assert client.post("/second-step", {"code": app_code(secret)})["Location"] == "/sign-in"

    def test_it_leads_to_no_other_site(self) -> None:
        secret, _ = turn_on(fay())
        client = Client()
        sign_in(client, "https://evil.example/")
        assert client.post("/second-step", {"code": app_code(secret)})["Location"] == "/"

    def test_without_a_first_factor_there_is_no_second(self) -> None:
        assert Client().get("/second-step")["Location"] == "/sign-in"


class TestTurningOff:
    @pytest.mark.parametrize("path", ["/account/two-factor/off", "/account/two-factor/codes"])
    @pytest.mark.parametrize("missing", ["code", "current"])
    def test_it_takes_password_and_code(self, path: str, missing: str) -> None:
        user = fay()
        secret, codes = turn_on(user)
        client = Client()
        client.force_login(user)
        form = {"code": app_code(secret), "current": PASSWORD}
        client.post(path, {**form, missing: "wrong"})
        assert TwoFactor.objects.exists()
        assert RecoveryCode.objects.count() == len(codes)
        throttle.forget_codes(name=str(user.pk))
        client.post(path, form)
        if path.endswith("off"):
            assert not TwoFactor.objects.exists()
            assert not RecoveryCode.objects.exists()
        else:
            assert not two_factor.check_code(user=user, code=codes[0])

    def test_not_while_a_team_needs_it(self) -> None:
        user = fay()
        turn_on(user)
        team = access.get_own_team(user)
        require_two_factor(team=team, by=user, needed=True)
        with pytest.raises(TeamError, match="requires two-factor authentication; leave it first"):
            two_factor.turn_off(user=user)

    def test_the_operator_helps_who_lost_everything(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        turn_on(fay())
        call_command("signin", "fay@example.org", "--forget-two-factor")
        assert not TwoFactor.objects.exists()


class TestTeamsThatNeedIt:
    def needing(self) -> Team:
        turn_on(cast("ada"))
        cast("ben")
        require_two_factor(team=adas_team(), by=cast("ada"), needed=True)
        return adas_team()

    def test_members_without_it_see_nothing_and_are_told_why(self) -> None:
        run, team = queued_run(), self.needing()
        with pytest.raises(access.SecondFactorNeeded):
            access.fetch(Run.objects.all(), cast("ben"), pk=run.pk)
        client = Client()
        client.force_login(cast("ben"))
        page = client.get(f"/runs/{run.pk}/")
        assert page.status_code == 403
        assert "requires two-factor authentication: set it up" in page.content.decode()
        assert "requires two-factor authentication" in client.get("/teams/").content.decode()
        assert (
            not access.filter_visible(Team.objects.all(), cast("ben")).filter(pk=team.pk).exists()
        )

    def test_with_it_they_see_everything_again(self) -> None:
        run = queued_run()
        self.needing()
        turn_on(cast("ben"))
        assert access.fetch(Run.objects.all(), cast("ben"), pk=run.pk) == run

    def test_their_tokens_and_sockets_are_held_to_it(self) -> None:
        run = queued_run()
        cast("ben")
        _, secret = create_token(team=adas_team(), user=cast("ben"), name="CI", role=Role.EDITOR)
        client = Client()
        client.force_login(cast("ben"))
        key = client.session.session_key
        assert key
        assert access.find_standing(Run.objects.all(), cast("ben"), key, pk=run.pk) is Role.EDITOR
        self.needing()
        assert access.find_standing(Run.objects.all(), cast("ben"), key, pk=run.pk) is None
        caller = find_token(secret)
        assert caller
        with pytest.raises(access.SecondFactorNeeded):
            access.fetch(Run.objects.all(), caller, pk=run.pk)

    def test_without_it_they_can_still_leave(self) -> None:
        team = self.needing()
        client = Client()
        client.force_login(cast("ben"))
        assert f'action="/teams/{team.pk}/leave"' in client.get("/teams/").content.decode()
        assert client.post(f"/teams/{team.pk}/leave").status_code == 302
        assert access.find_role(team, cast("ben")) is None

    def test_strangers_learn_nothing_of_it(self) -> None:
        run = queued_run()
        self.needing()
        with pytest.raises(Http404):
            access.fetch(Run.objects.all(), cast("dan"), pk=run.pk)

    def test_an_owner_without_it_cannot_need_it(self) -> None:
        with pytest.raises(TeamError, match="on your own account first"):
            require_two_factor(team=adas_team(), by=cast("ada"), needed=True)

    @pytest.mark.parametrize(("who", "status"), [("ada", 302), ("ben", 403), ("dan", 404)])
    def test_only_owners_decide(self, who: str, status: int) -> None:
        turn_on(cast("ada"))
        client = Client()
        client.force_login(cast(who))
        assert (
            client.post(f"/teams/{adas_team().pk}/two-factor", {"needed": "yes"}).status_code
            == status
        )
        assert adas_team().needs_two_factor is (who == "ada")
