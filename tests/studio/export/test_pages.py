"""The pages of exporting, as people see them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from studio.export.models import Export, Repository
from studio.pipeline.bundle_zip import unzip_files
from tests.people import adas_team, cast
from tests.studio.export.making import BRANCH, carried_on, exported, planned, version
from tests.studio.export.remotes import Bare

# Beside the code in a zip: the proof, and what a repository has or builds itself.
BESIDE = ("report.json", "render.png", "heatmap.png", "README.md", "preview/")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey")]


def test_from_the_form_over_the_dry_run_to_the_commit(
    client: Client, bare: Bare, repository: Repository
) -> None:
    run = version().run
    form = client.get(reverse("export:exports", args=[run.pk])).content.decode()
    assert bare.url in form
    sent = {"repository": repository.pk, "branch": BRANCH, "attempt": 0}
    answer = client.post(reverse("export:exports", args=[run.pk]), sent)
    export = Export.objects.get()
    assert answer["Location"] == reverse("export:export", args=[export.pk])
    assert 'http-equiv="refresh"' in client.get(answer["Location"]).content.decode()
    carried_on(export)
    shown = client.get(answer["Location"]).content.decode()
    assert "Nothing was pushed yet" in shown
    assert "index.html" in shown
    assert "+    &lt;h1&gt;Boats&lt;/h1&gt;" in shown
    client.post(reverse("export:confirm", args=[export.pk]), {"digest": export.plan["digest"]})
    carried_on(export)
    assert export.commit[:12] in client.get(answer["Location"]).content.decode()
    assert len(bare.log(BRANCH)) == 2


@pytest.mark.parametrize("stack", ["html-css", "react", "vue"])
def test_the_zip_holds_what_an_empty_repository_gets(
    client: Client, bare: Bare, repository: Repository, stack: str
) -> None:
    made = version(stack=stack)
    exported(made, repository, folder="site")
    zipped = unzip_files(client.get(reverse("runs:download", args=[made.run.pk])).content)
    assert "README.md" in zipped
    code = {
        f"site/{path}": data.decode()
        for path, data in zipped.items()
        if not path.startswith(BESIDE)
    }
    assert {
        path: bare.read(BRANCH, path) for path in bare.files(BRANCH) if path != "README.md"
    } == code


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("branch", "../x", "Branch: use letters"),
        ("branch", "", "Branch: use letters"),
        ("branch", "main", "is the branch that pull requests target"),
        ("folder", "../../etc", "Folder: use a path inside the repository"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(
    client: Client, repository: Repository, field: str, value: str, words: str
) -> None:
    sent: dict[str, Any] = {
        "repository": repository.pk,
        "branch": BRANCH,
        "attempt": 0,
        field: value,
    }
    answer = client.post(reverse("export:exports", args=[version().run.pk]), sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_repository_of_another_team_cannot_be_exported_to(
    client: Client, repository: Repository
) -> None:
    from studio.teams.access import get_own_team

    Repository.objects.update(team=get_own_team(cast("dan")))
    sent = {"repository": repository.pk, "branch": BRANCH, "attempt": 0}
    assert client.post(reverse("export:exports", args=[version().run.pk]), sent).status_code == 404


def test_a_repository_is_added_checked_and_removed(client: Client, bare: Bare) -> None:
    page = reverse("export:repositories", args=[adas_team().pk])
    refused = client.post(page, {"kind": "git", "url": "https://ada:pw@host/x"})
    assert "Enter the name and token in their own fields" in refused.content.decode()
    client.post(page, {"kind": "git", "url": bare.url, "secret": "s3cret"})
    shown = client.get(page).content.decode()
    assert "can be read and written" in shown
    assert "s3cret" not in shown
    found = Repository.objects.get()
    client.post(reverse("export:remove-repository", args=[found.team_id, found.pk]))
    assert not Repository.objects.exists()


@pytest.mark.parametrize(("who", "forms"), [("ada", 1), ("ben", 1), ("cleo", 0)])
def test_who_may_not_export_looks_on_without_buttons(
    who: str, forms: int, repository: Repository
) -> None:
    export = planned(version(), repository)
    carried_on(export)
    visitor = Client()
    visitor.force_login(cast(who))
    page = visitor.get(reverse("export:exports", args=[export.run_id])).content.decode()
    assert page.count("Preview changes") == forms
    assert (reverse("export:repositories", args=[adas_team().pk]) in page) == (who == "ada")
    plan = visitor.get(reverse("export:export", args=[export.pk])).content.decode()
    assert "Nothing was pushed yet" in plan
    assert (plan.count("Push</button>"), plan.count("Cancel</button>")) == (forms, forms)
