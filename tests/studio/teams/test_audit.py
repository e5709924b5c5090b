"""The activity log as an audit log: accounts too, for owners, unchangeable, filtered, as CSV, and for
the operator.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.accounts import services, two_factor
from studio.teams.access import get_own_team
from studio.teams.activity import delete_expired, record, record_account
from studio.teams.models import Activity, Membership, Role, User
from tests.people import adas_team, cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey")]
PASSWORD = "a boat for a quiet day"
BROWSER = "Firefox 145"


def with_password(name: str) -> User:
    user = cast(name)
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(email: str, password: str) -> Client:
    client = Client(REMOTE_ADDR="192.0.2.7", HTTP_USER_AGENT=BROWSER)
    client.post("/sign-in", {"username": email, "password": password})
    return client


def sentences(**lookup: Any) -> list[str]:
    return [str(line) for line in Activity.objects.filter(**lookup).order_by("pk")]


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(cast(name))
    return client


class TestAccounts:
    def test_a_sign_in_is_told_to_the_operator_and_to_each_team_with_its_address(self) -> None:
        ben = with_password("ben")
        sign_in(ben.email, PASSWORD)
        words = "ben@example.org signed in with a password"
        lines = Activity.objects.filter(is_account=True)
        assert {line.team_id for line in lines} == {None, adas_team().pk, get_own_team(ben).pk}
        for line in lines:
            assert (str(line), line.address, line.browser) == (words, "192.0.2.7", BROWSER)

    def test_a_wrong_password_is_told_without_it(self) -> None:
        ben = with_password("ben")
        sign_in(ben.email, "a wrong password")
        words = "ben@example.org failed to sign in with a password"
        assert sentences(team=adas_team()) == [words]
        assert "a wrong password" not in str(list(Activity.objects.values()))

    def test_what_was_typed_is_not_kept_if_no_account_has_that_address(self) -> None:
        sign_in("my-secret-password@example.org", "x")
        assert sentences() == ["failed to sign in an account that does not exist"]
        assert Activity.objects.get().team is None

    def test_a_refused_sign_in_asks_the_database_as_much_with_and_without_an_account(self) -> None:
        counts = []
        for email in (with_password("ben").email, "nobody@example.org"):
            with CaptureQueriesContext(connection) as queries:
                sign_in(email, "a wrong password")
            counts.append([query["sql"].split()[0] for query in queries])
        assert counts[0] == counts[1]

    def test_links_and_signing_out_are_told(self) -> None:
        client = Client()
        client.post(f"/welcome/{services.make_sign_in_link(user=cast('ada'))}")
        client.post("/sign-out-elsewhere")
        client.post("/sign-out")
        assert sentences(team=None) == [
            "ada@example.org signed in with a link",
            "ada@example.org signed out another browser",
            "ada@example.org signed out",
        ]

    def test_a_new_address_and_password_are_told(self) -> None:
        services.change_account(user=cast("ada"), email="ada@example.net", password=PASSWORD)
        assert sentences(team=None) == [
            "ada@example.net changed the e-mail address, which was ada@example.org",
            "ada@example.net set a new password",
        ]
        assert PASSWORD not in str(list(Activity.objects.values()))

    def test_two_factor_authentication_is_told_without_its_codes(self) -> None:
        import pyotp

        secret = two_factor.make_secret()
        codes = two_factor.turn_on(user=cast("ada"), secret=secret, code=pyotp.TOTP(secret).now())
        assert two_factor.check_code(user=cast("ada"), code=codes[0])
        two_factor.make_recovery_codes(user=cast("ada"))
        two_factor.turn_off(user=cast("ada"))
        assert [line.removeprefix("ada@example.org ") for line in sentences(team=None)] == [
            "turned on two-factor authentication",
            "used a recovery code",
            "made new recovery codes",
            "turned off two-factor authentication",
        ]
        assert codes[0] not in str(list(Activity.objects.values()))

    def test_what_the_operator_did_has_no_actor(self) -> None:
        out = io.StringIO()
        call_command("signin", "ada@example.org", "--forget-two-factor", stdout=out)
        assert sentences(team=adas_team()) == [
            "turned off the two-factor authentication of ada@example.org",
            "made a sign-in link for ada@example.org",
        ]

    def test_the_lines_outlive_a_membership(self) -> None:
        ben = cast("ben")
        record_account(user=ben, verb="signed in")
        Membership.objects.filter(team=adas_team(), user=ben).delete()
        record_account(user=ben, verb="signed out")
        assert sentences(team=adas_team()) == ["ben@example.org signed in"]


class TestAppendOnly:
    def test_the_database_refuses_to_change_a_line(self) -> None:
        line = record(team=adas_team(), actor=cast("ada"), verb="invited", target="Ben")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Activity.objects.filter(pk=line.pk).update(target="nobody")
        line.target = "nobody"
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            line.save()
        assert Activity.objects.get().target == "Ben"

    def test_old_lines_are_purged(self, settings: Any) -> None:
        now = timezone.now()
        for days in (0, 29, 31):
            make_line(f"{days} days ago", now - timedelta(days=days))
        settings.AUDIT_DAYS = 30
        assert delete_expired() == 1
        assert sentences() == ["0 days ago", "29 days ago"]

    def test_without_an_age_all_lines_are_kept(self, settings: Any) -> None:
        make_line("a long time ago", timezone.now() - timedelta(days=9000))
        settings.AUDIT_DAYS = 0
        assert delete_expired() == 0

    def test_the_command_purges_them(self, settings: Any) -> None:
        make_line("two years ago", timezone.now() - timedelta(days=730))
        settings.AUDIT_DAYS = 365
        out = io.StringIO()
        call_command("purge", stdout=out)
        assert "1 lines of the activity log removed." in out.getvalue()


def make_line(verb: str, at: Any, **values: Any) -> None:
    """Insert a line of another time; `auto_now_add` overrules every value but a patched clock."""
    line = Activity(team=adas_team(), verb=verb, **values)
    field = Activity._meta.get_field("created_at")
    field.auto_now_add = False
    try:
        line.created_at = at
        line.save()
    finally:
        field.auto_now_add = True


class TestPage:
    @pytest.fixture(autouse=True)
    def lines(self) -> None:
        record(team=adas_team(), actor=cast("ada"), verb="invited", target="ben@example.org")
        record_account(user=cast("ben"), verb="signed in", target="with a link")

    def page(self, name: str, query: str = "") -> str:
        answer = signed_in(name).get(f"/teams/{adas_team().pk}/activity{query}")
        return answer.content.decode()

    def test_owners_see_accounts_and_editors_do_not(self) -> None:
        assert "signed in" in self.page("ada")
        assert "signed in" not in self.page("ben")
        assert "invited" in self.page("ben")

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ("", 2),
            ("?who=BEN", 1),
            ("?what=invited", 1),
            ("?who=ben&what=invited", 0),
            ("?since=2020-01-01&until=2020-12-31", 0),
            ("?since=2020-01-01", 2),
            ("?since=0001-01-01&until=9999-12-31", 2),
        ],
    )
    def test_it_is_filtered(self, query: str, count: int) -> None:
        assert self.page("ada", query).count("<time ") == count

    def test_a_day_that_is_none_is_said_so(self) -> None:
        answer = signed_in("ada").get(f"/teams/{adas_team().pk}/activity?since=yesterday")
        assert (answer.status_code, answer.context["page"].paginator.count) == (422, 0)
        assert "Use a day such as 2026-11-29." in answer.content.decode()

    def test_pages_keep_the_filter(self) -> None:
        for number in range(51):
            record(team=adas_team(), actor=cast("ada"), verb="renamed", target=str(number))
        assert "?page=2&amp;what=renamed" in self.page("ada", "?what=renamed")


class TestCsv:
    def rows(self, name: str, query: str = "") -> list[dict[str, str]]:
        answer = signed_in(name).get(f"/teams/{adas_team().pk}/activity.csv{query}")
        assert answer.status_code == 200
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        return list(csv.DictReader(io.StringIO(answer.content.decode())))

    def test_it_has_the_filtered_lines_of_the_page(self) -> None:
        record(team=adas_team(), actor=cast("ada"), verb="invited", target="Ben")
        record(team=adas_team(), actor=cast("ada"), verb="removed", target="Ben")
        (row,) = self.rows("ada", "?what=removed")
        assert (row["actor"], row["action"], row["target"]) == ("ada@example.org", "removed", "Ben")

    @pytest.mark.parametrize("sign", ["=", "@", "\n=", "＝"])
    def test_no_cell_is_a_formula(self, sign: str) -> None:
        record(team=adas_team(), actor=cast("ada"), verb="invited", target=f"{sign}HYPERLINK(1)")
        (row,) = self.rows("ada")
        assert row["target"] == f"'{sign}HYPERLINK(1)"

    @pytest.mark.parametrize(("name", "status"), [("ben", 403), ("cleo", 403), ("dan", 404)])
    def test_it_is_for_owners(self, name: str, status: int) -> None:
        answer = signed_in(name).get(f"/teams/{adas_team().pk}/activity.csv")
        assert answer.status_code == status


class TestOperator:
    def write(self, *options: str) -> str:
        out = io.StringIO()
        call_command("audit", *options, stdout=out)
        return out.getvalue()

    def test_a_line_about_an_account_is_written_once(self) -> None:
        record_account(user=cast("ben"), verb="signed in", target="with a link")
        record(team=adas_team(), actor=cast("ada"), verb="removed", target="Ben")
        first, second = self.write().splitlines()
        assert first.endswith("ben@example.org signed in with a link")
        assert second.endswith("[ada] ada@example.org removed Ben")

    def test_one_teams_lines_have_its_members_accounts(self) -> None:
        record_account(user=cast("ben"), verb="signed in")
        record_account(user=cast("dan"), verb="signed in")
        lines = self.write("--team", str(adas_team().pk), "--format", "json").splitlines()
        (line,) = map(json.loads, lines)
        assert (line["actor"], line["team"]) == ("ben@example.org", adas_team().pk)

    def test_no_name_controls_the_terminal(self) -> None:
        record(team=adas_team(), actor=cast("ada"), verb="made", target="\x1b[2Jboats\nAda left")
        assert self.write().endswith("made \ufffd[2Jboats\ufffdAda left\n")

    def test_days_and_people_are_chosen(self) -> None:
        make_line("began", timezone.now() - timedelta(days=400), actor="ada@example.org")
        make_line("went on", timezone.now(), actor="ben@example.org")
        day = f"{timezone.now() - timedelta(days=300):%F}"
        assert "went on" in self.write("--since", day)
        assert "began" not in self.write("--since", day)
        assert "went on" not in self.write("--until", day)
        assert self.write("--who", "BEN", "--format", "csv").count("\n") == 2

    def test_a_day_that_is_none_is_one_sentence(self) -> None:
        with pytest.raises(CommandError, match="Got the day yesterday; use one such as"):
            self.write("--since", "yesterday")


def test_a_role_that_only_views_sees_no_address() -> None:
    client = Client(REMOTE_ADDR="192.0.2.7")
    client.force_login(cast("ada"))
    client.post(f"/teams/{adas_team().pk}/rename", {"name": "Harbour"})
    Membership.objects.filter(user=cast("cleo"), team=adas_team()).update(role=Role.VIEWER)
    assert "192.0.2.7" in signed_in("ada").get(f"/teams/{adas_team().pk}/activity").content.decode()
    assert (
        "192.0.2.7"
        not in signed_in("cleo").get(f"/teams/{adas_team().pk}/activity").content.decode()
    )
