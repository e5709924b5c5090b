"""Pull and merge requests. The forges' APIs are small servers that hold each call against the
published descriptions (read 2026-11-26: GitHub's OpenAPI as in @octokit/openapi 23.0.2, Gitea's of
1.23, GitLab's REST v4 documentation); what they answer has the fields that the descriptions promise
and no others; the pushes are real.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from studio.export.git import GitError, Remote
from studio.export.models import Export, Repository
from studio.export.services import add_repository, retry_export
from studio.export.targets import make_target
from studio.export.targets.base import PullRequest, web_address
from studio.outgoing.policy import Policy
from tests.people import adas_team, cast
from tests.studio.export.making import BRANCH, agreed, carried_on, exported, page, planned, version
from tests.studio.export.remotes import Bare, served

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey")]
TOKEN = "t0ken"


class Forge:
    """What the three have in common: requests by branch, opened once and brought up to date after."""

    kind = ""
    header: tuple[str, str] = ("", "")
    pulls = ""
    update = ""
    opening: ClassVar[Mapping[str, bool]] = {}  # field → whether the description calls it required
    changing: tuple[str, ...] = ()
    asking: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.refuse: tuple[int, Any] | None = None

    def __call__(
        self, method: str, path: str, headers: dict[str, str], data: Any
    ) -> tuple[int, Any]:
        parts = urlsplit(path)
        name, value = self.header
        assert {key.lower(): text for key, text in headers.items()}[name.lower()] == value
        assert TOKEN not in path
        if self.refuse:
            return self.refuse
        assert parts.path.startswith(self.pulls), f"{method} {parts.path} is no address of the API"
        if method == "GET":
            asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
            assert set(asked) <= set(self.asking), "a parameter that the description does not know"
            return 200, self.found(asked)
        fields = set(data)
        if method == "POST":
            assert parts.path == self.pulls
            assert fields <= set(self.opening), "a field that the description does not know"
            assert {field for field, required in self.opening.items() if required} <= fields
            self.requests.append({**data, "number": len(self.requests) + 7})
            return 201, self.shown(self.requests[-1])
        assert method == self.update
        assert fields <= set(self.changing)
        number = int(parts.path.rpartition("/")[2])
        one = next(request for request in self.requests if request["number"] == number)
        one.update(data)
        return 200, self.shown(one)

    def found(self, asked: Mapping[str, str]) -> list[Any]:
        raise NotImplementedError

    def shown(self, request: Mapping[str, Any]) -> Any:
        raise NotImplementedError

    def body(self) -> str:
        return str(self.requests[0].get("body") or self.requests[0].get("description"))


class GitHub(Forge):
    kind, header, update = "github", ("Authorization", f"Bearer {TOKEN}"), "PATCH"
    pulls = "/api/v3/repos/team/site/pulls"
    opening: ClassVar[Mapping[str, bool]] = {
        "title": False,
        "head": True,
        "base": True,
        "body": False,
        "draft": False,
        "maintainer_can_modify": False,
        "head_repo": False,
        "issue": False,
    }
    asking = ("state", "head", "base", "sort", "direction", "per_page", "page")
    changing = ("title", "body", "state", "base", "maintainer_can_modify")

    def found(self, asked: Mapping[str, str]) -> list[Any]:
        assert asked["state"] in ("open", "closed", "all")
        assert asked["head"].startswith("team:"), "head is filtered by user:ref-name"
        return [self.shown(one) for one in self.requests if f"team:{one['head']}" == asked["head"]]

    def shown(self, request: Mapping[str, Any]) -> Any:
        return {"number": request["number"], "html_url": f"https://forge/pull/{request['number']}"}


class GitLab(Forge):
    kind, header, update = "gitlab", ("PRIVATE-TOKEN", TOKEN), "PUT"
    pulls = "/api/v4/projects/team%2Fsite/merge_requests"
    opening: ClassVar[Mapping[str, bool]] = {
        "source_branch": True,
        "target_branch": True,
        "title": True,
        "description": False,
        "target_project_id": False,
        "labels": False,
        "remove_source_branch": False,
        "squash": False,
        "allow_collaboration": False,
    }
    asking = (
        "state",
        "source_branch",
        "target_branch",
        "order_by",
        "sort",
        "search",
        "view",
        "page",
        "per_page",
    )
    changing = (
        "title",
        "description",
        "target_branch",
        "state_event",
        "labels",
        "remove_source_branch",
        "squash",
    )

    def found(self, asked: Mapping[str, str]) -> list[Any]:
        assert asked["state"] in ("opened", "closed", "locked", "merged")
        return [
            self.shown(one)
            for one in self.requests
            if one["source_branch"] == asked["source_branch"]
        ]

    def shown(self, request: Mapping[str, Any]) -> Any:
        return {"iid": request["number"], "web_url": f"https://forge/pull/{request['number']}"}


class Gitea(Forge):
    kind, header, update = "gitea", ("Authorization", f"token {TOKEN}"), "PATCH"
    pulls = "/api/v1/repos/team/site/pulls"
    opening: ClassVar[Mapping[str, bool]] = {
        "title": False,
        "head": False,
        "base": False,
        "body": False,
        "assignees": False,
        "labels": False,
        "milestone": False,
        "due_date": False,
        "reviewers": False,
        "team_reviewers": False,
    }
    asking = ("state", "sort", "milestone", "labels", "poster", "page", "limit")
    changing = ("title", "body", "state", "base", "assignees", "labels", "allow_maintainer_edit")

    def found(self, asked: Mapping[str, str]) -> list[Any]:
        """By branch it cannot be asked, and a page holds no more than the server's own limit."""
        assert asked["state"] in ("open", "closed", "all")
        page, most = int(asked.get("page", 1)), min(2, int(asked.get("limit", 30)))
        return [self.shown(one) for one in self.requests[(page - 1) * most : page * most]]

    def shown(self, request: Mapping[str, Any]) -> Any:
        number = request["number"]
        return {
            "number": number,
            "html_url": f"https://forge/pull/{number}",
            "head": {"ref": request["head"]},
        }


FORGES = (GitHub, GitLab, Gitea)


@pytest.fixture
def site(tmp_path: Path, files_allowed: None) -> Bare:
    """A repository at the address team/site."""
    folder = tmp_path / "team"
    folder.mkdir()
    bare = Bare(folder)
    bare.path = bare.path.rename(folder / "site")
    return bare


def added(host: str, forge: Forge) -> Repository:
    return add_repository(
        team=adas_team(), by=cast("ada"), kind=forge.kind, url=f"{host}/team/site", secret=TOKEN
    )


@pytest.mark.parametrize("kind", FORGES)
def test_a_request_is_opened_with_its_proof_and_brought_up_to_date(
    kind: type[Forge], site: Bare, tmp_path: Path
) -> None:
    forge = kind()
    with served(tmp_path, TOKEN, forge) as host:
        first = version()
        export = exported(first, added(host, forge))
        assert (export.state, export.message, export.request_url) == (
            "done",
            "",
            "https://forge/pull/7",
        )
        again = exported(version(page("Ships"), root=first.run), Repository.objects.get())
    assert (again.state, again.message) == ("done", "")
    assert again.request_url == export.request_url
    assert len(forge.requests) == 1
    assert len(site.log(BRANCH)) == 3
    side = f"likeness-proof/{str(first.run.pk)[:8]}"
    assert site.files(side) == {"mockup.png", "render.png", "heatmap.png"}
    body = forge.body()
    assert all(
        f"![{name}]({host}/team/site/" in body and side in body
        for name in ("mockup", "render", "heatmap")
    )
    assert "| 40 px | **0.900** | 0.970 | 0.800 |" in body
    assert "| **quality** | **0.810** |" in body
    assert "python manage.py compare" in body
    assert "@everyone" not in body  # whoever is named in a prompt is not called


@pytest.mark.parametrize("kind", FORGES)
def test_a_refusal_is_told_in_our_words_logged_in_the_forges_and_can_be_tried_again(
    kind: type[Forge], site: Bare, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    forge = kind()
    with served(tmp_path, TOKEN, forge) as host:
        export = planned(version(), added(host, forge))
        forge.refuse = 403, {"message": f"Resource not accessible with {TOKEN}"}
        agreed(export)
        assert export.state == "failed"
        assert export.message.startswith(
            "Opening the request: The forge refused (403). The branch is pushed; use"
        )
        assert "Resource not accessible with …" in caplog.text
        forge.refuse = None
        assert retry_export(export=export)
        carried_on(export)
        assert (export.state, export.message, export.request_url) == (
            "done",
            "",
            "https://forge/pull/7",
        )
    assert len(site.log(BRANCH)) == 2


def test_a_request_is_found_behind_those_of_others(site: Bare, tmp_path: Path) -> None:
    forge = Gitea()
    forge.requests = [
        {"title": "Other", "body": "", "head": f"other-{n}", "base": "main", "number": n}
        for n in (1, 2, 3)
    ]
    with served(tmp_path, TOKEN, forge) as host:
        first = version()
        export = exported(first, added(host, forge))
        again = exported(version(page("Ships"), root=first.run), Repository.objects.get())
    assert again.request_url == export.request_url == "https://forge/pull/10"
    assert len(forge.requests) == 4


def test_the_forges_validation_errors_are_in_the_log(
    site: Bare, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    forge = GitHub()
    with served(tmp_path, TOKEN, forge) as host:
        export = planned(version(), added(host, forge))
        forge.refuse = (
            422,
            {
                "message": "Validation Failed",
                "errors": [{"message": "No commits between main and x"}],
            },
        )
        message = agreed(export).message
    assert "The forge refused (422)" in message
    assert "No commits" not in message
    assert "No commits between main and x" in caplog.text


@pytest.mark.parametrize("kind", FORGES)
def test_an_address_that_is_no_web_page_is_never_a_link(
    kind: type[Forge], site: Bare, tmp_path: Path, client: Client
) -> None:
    forge, address = kind(), "javascript:alert(1)//x"

    def shown(request: Mapping[str, Any]) -> Any:
        return {**kind.shown(forge, request), "html_url": address, "web_url": address}

    forge.shown = shown  # type: ignore[method-assign]
    with served(tmp_path, TOKEN, forge) as host:
        export = exported(version(), added(host, forge))
    assert (export.state, export.request_url) == ("done", "")
    Export.objects.filter(pk=export.pk).update(request_url=address)  # as an older version kept it
    page = client.get(f"/exports/{export.pk}/")
    assert page.status_code == 200
    assert "javascript:" not in page.content.decode()


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://forge.example/pull/7", True),
        ("http://forge.example:3000/pull/7", True),
        *(
            (text, False)
            for text in (
                "JavaScript:alert(1)",
                "data:text/html,x",
                "//forge/7",
                "https://",
                "/pull/7",
            )
        ),
        *(
            (text, False)
            for text in (
                "https://forge.example@evil.example/",
                "java\nscript:x",
                "https://a/ b",
                "",
            )
        ),
        *(
            (text, False)
            for text in ("https://[", "https://a/" + "x" * 500, 7, None, ["https://a/"])
        ),
    ],
)
def test_only_addresses_of_the_web_are_links(address: Any, link: bool) -> None:
    assert web_address(address) == (address if link else "")


@pytest.mark.parametrize(
    "answer", [{}, "text", 7, [{}], [{"number": "1", "iid": "1", "head": {"ref": "x"}}], [7]]
)
@pytest.mark.parametrize("kind", ["github", "gitlab", "gitea"])
def test_an_answer_of_another_form_is_one_sentence(kind: str, answer: Any, tmp_path: Path) -> None:
    with served(tmp_path, TOKEN, lambda *asked: (200, answer)) as host:
        remote = Remote(f"{host}/team/site", secret=TOKEN, policy=Policy(private=True))
        with pytest.raises(GitError, match="The forge's response cannot be read"):
            make_target(kind, remote).request(PullRequest("x", "main", "Title", "Body"))


def test_a_forge_with_pages_without_end_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.export.targets.gitea.MOST_PAGES", 3)
    page = [{"number": 1, "head": {"ref": "other"}}]
    asked: list[str] = []

    def answer(method: str, path: str, *more: Any) -> tuple[int, Any]:
        asked.append(path)
        return 200, page

    with served(tmp_path, TOKEN, answer) as host:
        remote = Remote(f"{host}/team/site", secret=TOKEN, policy=Policy(private=True))
        with pytest.raises(GitError, match="too many open pull requests"):
            make_target("gitea", remote).request(PullRequest("x", "main", "Title", "Body"))
    assert len(asked) == 3


def test_all_pages_of_a_slow_forge_have_one_deadline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page comes in time; 200 of them would hold up everybody's exports for an hour."""
    monkeypatch.setattr("studio.export.targets.base.ALL_SECONDS", 1.0)
    page = [{"number": 1, "head": {"ref": "other"}}]
    asked: list[str] = []

    def answer(method: str, path: str, *more: Any) -> tuple[int, Any]:
        asked.append(path)
        threading.Event().wait(0.2)
        return 200, page

    with served(tmp_path, TOKEN, answer) as host:
        remote = Remote(f"{host}/team/site", secret=TOKEN, policy=Policy(private=True))
        with pytest.raises(GitError, match="took longer than"):
            make_target("gitea", remote).request(PullRequest("x", "main", "Title", "Body"))
    assert len(asked) < 10


def test_a_forge_that_sends_us_elsewhere_is_not_followed(tmp_path: Path) -> None:
    with served(tmp_path, TOKEN, lambda *asked: (302, {})) as host:
        remote = Remote(f"{host}/team/site", secret=TOKEN, policy=Policy(private=True))
        with pytest.raises(GitError, match=r"refused \(302\).*add it again with its new address"):
            make_target("github", remote).request(PullRequest("x", "main", "Title", "Body"))
