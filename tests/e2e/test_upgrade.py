"""An older version's studio with work in it, taken over by this one: the data stays, pages open, runs
go on; and while machines are replaced one by one, both versions work on the same database.

The older version comes from git's history: the last tag, or the commit named below while there is none.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.asking import make_token, page, post, start_run, visitor
from tests.processes import NO_PAGES, PAGES, ROOT, Studio, wait_for

BEFORE = os.environ.get("UPGRADE_FROM", "5f8a26c")
DONE = 240.0  # seconds for a run or an export to end
SECRETS = {
    "SECRET_KEY": "a key of the tests that both versions share 0123456789 abc",
    "VAULT_KEYS": "another key of the tests that both versions share 0123456789",
}
# Links of pages that a visit would change or that leave the studio.
NOT_VISITED = re.compile(r"^/(sign-out|static/|pages/|api/|ws/)|\.(png|webp|zip)(\?|$)")


@dataclass
class Work:
    """What was made with the older version."""

    run: str
    token: str
    cookies: dict[str, str]
    pages: set[str] = field(default_factory=set)


def find_older_version() -> str:
    """Return the newest tag, or BEFORE; skip the test where the history does not have it."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("no git history here")
    tag = _git("describe", "--tags", "--abbrev=0", "HEAD")
    version = tag.stdout.strip() if tag.returncode == 0 else BEFORE
    if _git("cat-file", "-e", f"{version}^{{commit}}").returncode != 0:
        pytest.skip(f"the git history here does not go back to {version}")
    return version


def _git(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The older version's checkout, with this one's packages and built front end."""
    version = find_older_version()
    folder = tmp_path_factory.mktemp("older")
    archive = folder / "tree.tar"
    subprocess.run(["git", "archive", "-o", str(archive), version], cwd=ROOT, check=True)
    subprocess.run(["tar", "-xf", str(archive), "-C", str(folder)], check=True)
    archive.unlink()
    for name in ("node_modules", "static/dist"):
        (folder / name).symlink_to(ROOT / name)
    return folder


class Machines:
    """Parts of either version on one database, one at a time in a data folder."""

    def __init__(self, folder: Path, older: Path, settings: dict[str, str]) -> None:
        self._folder = folder
        self._older = older
        self._settings = {**settings, **SECRETS, "MODEL_URL": "none", "EXPORT_FILES": "True"}
        self._running: list[Studio] = []

    def start(self, *, version: str, role: str = "all") -> Studio:
        root = self._older if version == "older" else ROOT
        started = Studio(
            self._folder / ("data" if role != "worker" else f"worker-{version}"),
            {**self._settings, "PYTHONPATH": str(root)},
            ["--role", role],
            announces=NO_PAGES if role == "worker" else PAGES,
            root=root,
        )
        self._running.append(started)
        return started

    def stop_all(self) -> None:
        for one in self._running:
            if one.process.poll() is None:
                one.stop()
        self._running.clear()


@pytest.fixture
def machines(tmp_path: Path, older: Path, own_topology: dict[str, str]) -> Iterator[Machines]:
    started = Machines(tmp_path, older, own_topology)
    try:
        yield started
    finally:
        started.stop_all()


def wait_until_over(served: Studio, address: str, state: str = "finished") -> None:
    wait_for(
        lambda: f">{state}<" in page(served, address), seconds=DONE, what=f"the end of {address}"
    )


def make_work(served: Studio, folder: Path, mockup: bytes) -> Work:
    """A run with a version by hand, a second team, a token, a repository and an export to it."""
    run = start_run(served, mockup, prompt="Boats for hire")
    wait_until_over(served, run)
    bare = folder / "repository.git"
    subprocess.run(["git", "init", "-q", "--bare", str(bare)], check=True)
    token = make_token(served, "editor")
    with visitor(served) as client:
        assert post(client, "/teams/", {"name": "Harbour"}).status_code == 302
        added = post(client, "/teams/1/repositories", {"kind": "git", "url": f"file://{bare}"})
        assert added.status_code == 302, added.text
        sent = {"repository": "1", "branch": "likeness/boats"}
        planned = post(client, f"{run}export", sent)
        assert planned.status_code == 302, planned.text
    work = Work(run, token, dict(served.cookies))
    work.pages = {*visit_pages(served), run, f"{run}export", planned.headers["Location"]}
    return work


def visit_pages(served: Studio) -> set[str]:
    """Open every page that links lead to from the first one; return their paths."""
    waiting, seen = ["/", "/teams/", "/teams/1/", "/account"], set()
    with visitor(served) as client:
        while waiting:
            path = waiting.pop()
            if path in seen or NOT_VISITED.search(path):
                continue
            seen.add(path)
            answer = client.get(path, follow_redirects=True)
            assert answer.status_code == 200, _explain(served, path, answer)
            links = re.findall(r'href="(/[^"#?]*)', answer.text)
            waiting += [link for link in links if len(seen) < 200]
    return seen


def _explain(served: Studio, path: str, answer: httpx.Response) -> str:
    """Return what was answered and the last that the studio logged."""
    return f"{path}: {answer.status_code}\n{served.log.read_text()[-4000:]}"


def ask_api(served: Studio, work: Work, method: str, path: str, **more: Any) -> Any:
    answer = httpx.request(
        method,
        f"{served.address}/api/v1{path}",
        headers={"Authorization": f"Bearer {work.token}"},
        timeout=30,
        **more,
    )
    assert answer.is_success, answer.text
    return answer.json()


def assert_work_is_there(served: Studio, work: Work) -> None:
    """Everyone is still signed in, every page of before opens, the token and the files work."""
    served.cookies = dict(work.cookies)
    with visitor(served) as client:
        for path in sorted(work.pages):
            answer = client.get(path, follow_redirects=True)
            assert answer.status_code == 200, _explain(served, path, answer)
        assert "Harbour" in client.get("/teams/").text
        assert client.get(f"{work.run}download").content.startswith(b"PK")
    visit_pages(served)
    listed = ask_api(served, work, "GET", "/runs")["runs"]
    assert work.run.strip("/").split("/")[-1] in [run["id"] for run in listed]


def continue_run(served: Studio, work: Work) -> None:
    """Ask for a change of the older version's page, and wait until it is made."""
    run = work.run.strip("/").split("/")[-1]
    newest = max(one["number"] for one in ask_api(served, work, "GET", f"/runs/{run}/versions"))
    path = f"/runs/{run}/versions/{newest}/follow-up"
    made = ask_api(served, work, "POST", path, json={"prompt": "Make the page dark"})
    wait_until_over(served, f"/runs/{made['id']}/")


def test_an_upgrade_keeps_the_work_and_goes_on_with_it(
    machines: Machines, tmp_path: Path, mockup_png: bytes
) -> None:
    work = make_work(machines.start(version="older"), tmp_path, mockup_png)
    machines.stop_all()
    newer = machines.start(version="newer")
    assert_work_is_there(newer, work)
    continue_run(newer, work)


def test_older_workers_go_on_beside_the_new_pages(
    machines: Machines, own_topology: dict[str, str], tmp_path: Path, mockup_png: bytes
) -> None:
    """For the time of a roll-over; then new workers take up what the older ones made."""
    if not own_topology:
        pytest.skip("one machine has one version at a time")
    work = make_work(machines.start(version="older"), tmp_path, mockup_png)
    machines.stop_all()
    old_worker = machines.start(version="older", role="worker")
    web = machines.start(version="newer", role="web")
    assert_work_is_there(web, work)
    wait_until_over(web, start_run(web, mockup_png))
    old_worker.stop()
    machines.start(version="newer", role="worker")
    continue_run(web, work)
