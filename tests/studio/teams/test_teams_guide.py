"""docs/teams.md says of each role what the access matrix lets it do, and offers the days that the
forms do.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.collaboration import forms
from studio.teams import invitations
from tests.studio.access_rows import ROWS

GUIDE = (Path(__file__).resolve().parents[3] / "docs" / "teams.md").read_text()
# How each line of the table begins, and addresses that carry it out.
ADDRESSES = {
    "look at runs": (
        "GET runs:run",
        "GET versions:version",
        "GET runs:download",
        "GET export:export",
    ),
    "comment": ("POST collaboration:comments",),
    "make API tokens": ("POST teams:tokens",),
    "start, stop": (
        "POST runs:project",
        "POST runs:cancel",
        "POST versions:restore",
        "POST library:delete",
    ),
    "make, rename": ("POST projects:rename", "POST projects:archive", "POST projects:delete"),
    "share a run": ("POST collaboration:share", "POST export:exports", "POST export:confirm"),
    "invite": (
        "POST teams:invite",
        "POST teams:remove",
        "POST teams:change-role",
        "POST teams:hand-over",
    ),
    "connect models": (
        "POST teams:models",
        "POST designs:design",
        "POST export:repositories",
        "POST teams:budget",
    ),
}
LINES = [
    line.strip("| ").split(" | ")
    for line in GUIDE.splitlines()
    if line.endswith(("| yes |", "| no |"))
]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[0])
def test_the_table_of_roles_is_what_the_studio_does(line: list[str]) -> None:
    what, *told = line
    [addresses] = [found for begins, found in ADDRESSES.items() if what.startswith(begins)]
    may = {
        f"{row.method} {row.route}": ["yes" if one == "in" else "no" for one in row.who[:3]]
        for row in ROWS
    }
    assert {address: may[address] for address in addresses} == dict.fromkeys(addresses, told)


def test_every_line_is_there() -> None:
    assert len(LINES) == len(ADDRESSES)


def test_the_days_are_those_of_the_forms() -> None:
    assert _listed(invitations.DAYS) in GUIDE
    assert _listed(forms.DAYS) in GUIDE


def _listed(days: tuple[int, ...]) -> str:
    return f"{', '.join(map(str, days[:-1]))} or {days[-1]} days"
