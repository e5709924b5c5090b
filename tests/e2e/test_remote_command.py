"""The `likeness` command drives a studio that runs elsewhere: a token from its page, a mockup in,
code out.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.asking import post, visitor
from tests.processes import ROOT, Studio, studio

NO_RUN = "00000000-0000-0000-0000-000000000000"
DONE = 240  # seconds; a small mockup takes a few, a busy machine more


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("remote") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def token(served: Studio) -> str:
    """Made on the team's page, as a person would."""
    with visitor(served) as owner:
        page = post(owner, "/teams/1/tokens", {"name": "a script", "role": "editor"}).text
    found = re.search(r"likeness_[\w-]{20,}", page)
    assert found, "the page shows no token"
    return found[0]


def likeness(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "studio.cli", *words],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=DONE,
        check=False,
    )


def test_a_mockup_goes_in_and_its_code_comes_out(
    served: Studio, token: str, mockup_png: bytes, tmp_path: Path
) -> None:
    (tmp_path / "shot.png").write_bytes(mockup_png)
    settings = {"LIKENESS_SERVER": served.address, "LIKENESS_TOKEN": token}
    done = likeness(
        "generate",
        str(tmp_path / "shot.png"),
        "--out",
        str(tmp_path / "page"),
        "--json",
        **settings,
    )
    assert done.returncode == 0, done.stderr
    run = json.loads(done.stdout)
    assert (run["state"], run["version"]) == ("finished", 1)
    assert run["likeness"] > 0.5
    assert "Boats for a quiet day" in (tmp_path / "page" / "index.html").read_text()
    assert re.search(r"drafting +\d+\.\d s", done.stderr), "no step was told"
    again = likeness("get", run["id"], "--out", str(tmp_path / "again"), **settings)
    assert re.match(r"v1, likeness \d\d\.\d %", again.stdout), again.stderr


@pytest.mark.parametrize(
    ("words", "environment", "sentence"),
    [
        (["generate", "nowhere.png"], {}, "nowhere.png cannot be read: No such file or directory."),
        (["generate"], {}, "Got neither mockups nor a prompt"),
        (["generate", "README.md"], {}, "The file is"),
        (["get", NO_RUN], {}, "There is no such run."),
        (["get", NO_RUN], {"LIKENESS_TOKEN": "likeness_wrong"}, "Send a token: Authorization"),
        (["get", "x"], {"LIKENESS_TOKEN": ""}, "No token: use --token or set LIKENESS_TOKEN"),
        (
            ["get", "x"],
            {"LIKENESS_SERVER": "http://127.0.0.1:9"},
            "No studio answers at http://127.0.0.1:9/",
        ),
    ],
)
def test_what_goes_wrong_is_one_sentence(
    served: Studio, token: str, words: list[str], environment: dict[str, str], sentence: str
) -> None:
    settings = {"LIKENESS_SERVER": served.address, "LIKENESS_TOKEN": token, **environment}
    done = likeness(*words, **settings)
    assert done.returncode in (1, 2)
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
