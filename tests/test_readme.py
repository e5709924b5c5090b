"""README's tree, links and commands are true."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()
LINKS = sorted(set(re.findall(r"\]\(([^)#:]+)\)", README)))
FOLDERS = re.findall(
    r"^( *)([a-z]+)/ ", README[README.index("## Where things are") :], re.MULTILINE
)
MANAGE = sorted(set(re.findall(r"python manage\.py (\w+)", README)))
ENGINE = sorted(set(re.findall(r"python -m inference ([\w-]+)", README)))
TARGETS = sorted(set(re.findall(r"^make (\w+)", README, re.MULTILINE)))


@pytest.mark.parametrize("link", LINKS)
def test_a_link_leads_to_a_file(link: str) -> None:
    assert (ROOT / link).exists()


@pytest.mark.parametrize(("indent", "folder"), FOLDERS)
def test_a_folder_of_the_tree_exists(indent: str, folder: str) -> None:
    assert (ROOT / ("studio" if indent else "") / folder).is_dir()


def test_every_top_level_package_is_in_the_tree() -> None:
    named = {folder for indent, folder in FOLDERS if not indent}
    assert {"studio", "inference", "kernels", "templates", "static", "tests", "docs"} <= named


@pytest.mark.parametrize("command", MANAGE)
def test_a_studio_command_exists(command: str) -> None:
    assert (ROOT / "studio" / "management" / "commands" / f"{command}.py").is_file()


@pytest.mark.parametrize("command", ENGINE)
def test_an_engine_command_exists(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "inference"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert command in done.stdout


@pytest.mark.parametrize("target", TARGETS)
def test_a_make_target_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
