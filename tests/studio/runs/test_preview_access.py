"""The address of a generated page ends with its viewer's membership, session or account, and with
the run.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from studio.accounts.sessions import end_other_sessions
from studio.runs import preview, retention
from studio.runs.models import Run
from studio.teams.membership import remove_member
from studio.teams.models import Session
from tests.people import adas_team, cast
from tests.studio.runs.making import finished_run, page_token

pytestmark = pytest.mark.django_db


def address_of(run: Run, name: str = "index.html", of: str = "ben") -> str:
    return reverse("runs:page", args=[page_token(run, of=of), name])


@pytest.fixture
def run() -> Run:
    cast("ben")
    return finished_run()


@pytest.mark.parametrize("name", ["index.html", "styles.css", "assets/a.png"])
def test_a_removed_member_sees_nothing_more_of_it(run: Run, name: str) -> None:
    bens, adas = address_of(run, name), address_of(run, name, of="ada")
    assert Client().get(bens).status_code == 200
    remove_member(team=adas_team(), user=cast("ben"), by=cast("ada"))
    assert Client().get(bens).status_code == 404
    assert Client().get(adas).status_code == 200


def test_nor_does_who_is_signed_out_elsewhere_or_whose_account_is_closed(run: Run) -> None:
    first = address_of(run)
    end_other_sessions(user=cast("ben"), kept=None)
    assert Client().get(first).status_code == 404
    second = address_of(run)
    assert Client().get(second).status_code == 200
    ben = cast("ben")
    ben.is_active = False
    ben.save()
    assert Client().get(second).status_code == 404


def test_nor_anybody_once_the_run_is_deleted(run: Run) -> None:
    address = address_of(run)
    retention.delete_run(run=run, by=cast("ada"))
    assert Client().get(address).status_code == 404


def test_the_address_does_not_hold_the_session_itself(run: Run) -> None:
    token = page_token(run)
    told = signing.loads(token, salt=preview.SALT)
    assert not Session.objects.filter(session_key__in=[str(one) for one in told]).exists()


def test_an_address_of_an_older_studio_is_too_old_and_no_failure(run: Run) -> None:
    old = signing.dumps([run.pk.hex, 0], salt=preview.SALT)
    assert Client().get(reverse("runs:page", args=[old, "index.html"])).status_code == 404


def test_its_bridge_is_the_first_script_and_has_the_proof_that_the_page_around_it_knows(
    run: Run,
) -> None:
    token = page_token(run)
    page = (
        Client().get(reverse("runs:page", args=[token, "index.html"]) + "?bridge").content.decode()
    )
    assert page.lower().startswith("<!doctype html><script>")
    assert f'("{preview.make_frame_proof(token)}")' in page
    assert "PROOF_OF_THE_BRIDGE" not in page


def test_the_proof_stays_the_same_for_a_session_and_is_another_for_every_other(run: Run) -> None:
    """A browser that goes back puts the frame's earlier address beside a page that was made anew."""
    shown, ada = preview.read_token(page_token(run)) or pytest.fail("made here")
    earlier, later = (preview.make_token(shown, ada) for _ in range(2))
    assert preview.make_frame_proof(earlier) == preview.make_frame_proof(later)
    others = [
        preview.make_token(replace(shown, attempt=1), ada),
        preview.make_token(shown, replace(ada, session="another")),
        preview.make_token(shown, replace(ada, user=ada.user + 1)),
    ]
    assert len({preview.make_frame_proof(token) for token in [earlier, *others]}) == 4
