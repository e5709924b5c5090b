"""The same race against a served studio, over real sockets, on SQLite and on PostgreSQL where there
is one.
"""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Iterator

import httpx
import pytest

from tests.e2e.asking import post, visitor
from tests.processes import Studio, studio

AT_ONCE = 6
PASSWORD = "a boat for a quiet day"
PATIENCE = 30  # seconds for all threads to arrive


@pytest.fixture(scope="module")
def served(topology: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("race") / "data", **topology) as running:
        yield running


def stranger(served: Studio) -> httpx.Client:
    """Somebody from an address of their own: tries are counted by it, in a Redis that outlives the
    test.
    """
    address = f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::1"
    return httpx.Client(base_url=served.address, timeout=60, headers={"X-Forwarded-For": address})


def has_account(served: Studio, email: str) -> bool:
    with stranger(served) as client:
        return (
            post(client, "/sign-in", {"username": email, "password": PASSWORD}).status_code == 302
        )


def test_six_requests_with_one_persons_invitation_make_one_account(served: Studio) -> None:
    with visitor(served) as owner:
        team = post(owner, "/teams/", {"name": "Race"}).headers["Location"]
        page = post(
            owner, f"{team}invite", {"role": "editor", "days": "1", "email": "racer@example.org"}
        )
    found = re.search(r"(/join/[\w-]+)", page.text)
    assert found
    gate, statuses = threading.Barrier(AT_ONCE), []

    def join(number: int) -> None:
        form = {"email": f"racer{number}@example.org", "password": PASSWORD}
        with stranger(served) as client:
            client.get(found[1])
            gate.wait(PATIENCE)
            statuses.append(post(client, found[1], form).status_code)

    threads = [threading.Thread(target=join, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [302] + [410] * (AT_ONCE - 1)
    assert sum(has_account(served, f"racer{number}@example.org") for number in range(AT_ONCE)) == 1
    with visitor(served) as owner:
        members = set(re.findall(r"racer\d@example.org", owner.get(team).text))
    assert len(members) == 1


def test_the_log_of_a_served_studio_says_from_where(served: Studio) -> None:
    with visitor(served) as owner:
        owner.headers["User-Agent"] = "A laptop"
        team = post(owner, "/teams/", {"name": "Log"}).headers["Location"]
        assert "from 127.0.0.1, A laptop" in owner.get(f"{team}activity").text
