"""A version goes to a real repository: planned, looked at, sent; again, and against what people did
meanwhile.
"""

from __future__ import annotations

import shutil

import pytest

from studio.export.models import Export, Repository
from studio.export.services import (
    ExportError,
    add_repository,
    cancel_export,
    plan_export,
    retry_export,
)
from tests.people import adas_team, cast
from tests.studio.export.making import (
    BRANCH,
    SHEET,
    agreed,
    carried_on,
    exported,
    page,
    planned,
    version,
)
from tests.studio.export.remotes import Bare

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey")]


def kinds(export: Export) -> dict[str, str]:
    return {change["path"]: change["kind"] for change in export.plan["changes"]}


def test_nothing_is_sent_before_somebody_agreed(bare: Bare, repository: Repository) -> None:
    export = planned(version(), repository)
    assert export.state == "planned"
    assert kinds(export)["index.html"] == "added"
    assert "+    <h1>Boats</h1>" in export.plan["changes"][0]["diff"]
    assert bare.branches() == ["main"]


def test_then_it_is_one_commit_beside_what_is_there(bare: Bare, repository: Repository) -> None:
    export = exported(version(), repository, folder="apps/web")
    assert (export.state, export.message) == ("done", "")
    assert bare.log(BRANCH) == ["Add page: Boats for @everyone", "First"]
    assert {"README.md", "apps/web/index.html", "apps/web/package-lock.json"} <= bare.files(BRANCH)
    assert bare.read(BRANCH, "apps/web/styles.css") == SHEET


def test_an_unchanged_version_is_no_second_commit(bare: Bare, repository: Repository) -> None:
    made = version()
    exported(made, repository)
    again = planned(made, repository)
    assert again.plan["unchanged"]
    assert agreed(again).state == "done"
    assert len(bare.log(BRANCH)) == 2


def test_a_later_version_goes_on_the_same_branch(bare: Bare, repository: Repository) -> None:
    first = version()
    exported(first, repository)
    second = exported(version(page("Ships"), root=first.run), repository)
    assert kinds(second) == {"index.html": "changed"}
    assert "<h1>Ships</h1>" in bare.read(BRANCH, "index.html")
    assert len(bare.log(BRANCH)) == 3


def test_a_persons_edits_stay_and_the_conflict_is_shown(bare: Bare, repository: Repository) -> None:
    """Two files edited by hand; the run changes one of them in the same place and its other part is
    merged.
    """
    first = version()
    exported(first, repository)
    theirs = {"styles.css": SHEET.replace("teal", "navy"), "index.html": page(title="Our boats")}
    bare.edit(BRANCH, theirs)
    second = planned(version(page(title="All boats"), root=first.run), repository)
    assert kinds(second) == {"index.html": "conflict", "styles.css": "kept"}
    shown = next(c for c in second.plan["changes"] if c["kind"] == "conflict")
    assert "Our boats" in shown["diff"]
    assert "All boats" in shown["diff"]
    agreed(second)
    assert bare.read(BRANCH, "styles.css") == theirs["styles.css"]
    assert bare.read(BRANCH, "index.html") == theirs["index.html"]


def test_edits_in_different_places_are_both_kept(bare: Bare, repository: Repository) -> None:
    first = version()
    exported(first, repository)
    bare.edit(BRANCH, {"styles.css": SHEET.replace("margin: 0", "margin: 1rem")})
    second = exported(version(sheet=SHEET.replace("teal", "navy"), root=first.run), repository)
    assert kinds(second) == {"styles.css": "merged"}
    assert bare.read(BRANCH, "styles.css") == SHEET.replace("teal", "navy").replace(
        "margin: 0", "margin: 1rem"
    )


def test_what_was_there_before_the_first_export_is_never_overwritten(
    bare: Bare, repository: Repository
) -> None:
    bare.edit("main", {"index.html": "<p>Ours\n"})
    export = exported(version(), repository)
    assert kinds(export)["index.html"] == "conflict"
    assert bare.read(BRANCH, "index.html") == "<p>Ours\n"


def test_a_force_pushed_branch_is_taken_as_it_is(bare: Bare, repository: Repository) -> None:
    first = version()
    exported(first, repository)
    bare.rewrite(BRANCH, {"notes.txt": "kept\n"})
    second = planned(version(page("Ships"), root=first.run), repository)
    assert any("rewritten" in note for note in second.plan["notes"])
    agreed(second)
    assert "notes.txt" in bare.files(BRANCH)
    assert bare.log(BRANCH)[1] == "Rewritten"


def test_a_branch_that_is_gone_begins_anew(bare: Bare, repository: Repository) -> None:
    first = version()
    exported(first, repository)
    bare.edit("main", {"other.txt": "x\n"})
    from tests.studio.export.remotes import git

    git("branch", "-q", "-D", BRANCH, cwd=bare.path)
    second = planned(version(page("Ships"), root=first.run), repository)
    assert any("was deleted" in note for note in second.plan["notes"])


def test_what_changed_since_somebody_looked_has_to_be_looked_at_again(
    bare: Bare, repository: Repository
) -> None:
    export = planned(version(), repository)
    bare.edit("main", {"index.html": "<p>Meanwhile\n"})
    agreed(export)
    assert export.state == "planned"
    assert "has changed since the plan was shown" in export.message
    assert bare.branches() == ["main"]


def test_a_vanished_repository_says_so_and_what_to_do(bare: Bare, repository: Repository) -> None:
    export = planned(version(), repository)
    shutil.rmtree(bare.path)
    agreed(export)
    assert export.state == "failed"
    assert export.message.startswith("Reading the repository: There is no such repository.")


def test_a_failed_export_goes_on_where_it_was(bare: Bare, repository: Repository) -> None:
    export = planned(version(), repository)
    bare.path.rename(bare.path.with_suffix(".away"))
    agreed(export)
    bare.path.with_suffix(".away").rename(bare.path)
    assert retry_export(export=export)
    assert carried_on(export).state == "done"
    assert len(bare.log(BRANCH)) == 2


def test_a_cancelled_export_sends_nothing(bare: Bare, repository: Repository) -> None:
    made = {"attempt": version(), "repository": repository, "by": cast("ada"), "branch": BRANCH}
    export = plan_export(**made)
    assert cancel_export(export=export)
    assert carried_on(export).state == "cancelled"
    assert bare.branches() == ["main"]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://ada:secret@host/site", "Enter the name and token in their own fields"),
        ("http://example.org/site", "Plain http would reveal the token"),
        ("ftp://example.org/site", "https://host/owner/name or ssh://git@host/path"),
    ],
)
@pytest.mark.django_db
def test_addresses_that_would_give_secrets_away_are_refused(url: str, words: str) -> None:
    with pytest.raises(ExportError, match=words):
        add_repository(team=adas_team(), by=cast("ada"), kind="git", url=url, secret="s")
