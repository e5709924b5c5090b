"""No code writes down a path of the studio: with BASE_PATH, it would lead to another application.

Templates use `{% url %}` and `{% static %}`, Python `reverse`, and scripts what the page gives them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.config.checks import list_first_names

ROOT = Path(__file__).resolve().parents[1]
# Where paths are compared or routed: these are below BASE_PATH already.
COMPARED = {
    "studio/config/csp.py": {"/pages/", "/shared/page/"},
    "studio/config/local_probes.py": {"/health", "/metrics", "/static/icon.svg"},
    "studio/config/not_found.py": {"/api/", "/static/"},
    "studio/edge/bodies.py": {"/(projects/\\d+/|import|api/v1/uploads)?"},
    "studio/edge/refusal.py": {"/api/"},
    "studio/languages/middleware.py": {"/api/", "/mcp", "/static/", "/health", "/metrics"},
    "studio/mcp/http.py": {"/mcp/?"},
}
# Routes of the API are below `api/v1/`; studio/load and commands measure studios that they start.
ROUTES = ("studio/api/", "studio/load/", "studio/management/commands/")
# These are added to the address of a site, or to BASE_PATH.
ADDED = {
    "studio/cli/client.py": {"/api/v1/"},
    "studio/config/settings.py": {"/static/"},
    "studio/diagnosis/front_door.py": {"/ws/runs/"},
    "studio/export/targets/gitea.py": {"/api/v1/repos/"},
    "studio/export/targets/github.py": {"/api/v3"},
    "studio/export/targets/gitlab.py": {"/api/v4/projects/"},
}


def names() -> str:
    return "|".join(sorted(map(re.escape, list_first_names())))


def find_paths_in_text(text: str) -> list[str]:
    """Find what begins with a slash in attributes and literals of templates, scripts and styles."""
    in_attributes = rf"""[=("'`]/(?:{names()})\b[^"'`)\s]*"""
    slash_alone = r"""(?:href|src|action)\s*=\s*["'`]/["'`]|\bpath=/[;"'`]"""
    return re.findall(f"{in_attributes}|{slash_alone}", text)


def find_paths_in_python(text: str) -> Iterator[str]:
    """Yield literals, also in f-strings, that begin with a slash and a first name of the studio's, or
    tell somebody of a path of the API.
    """
    tree = ast.parse(text)
    comments = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            is_path = re.match(rf"/(\(?(?:{names()})\b)", node.value) or " /api/" in node.value
            if is_path and id(node) not in comments:
                yield node.value


@pytest.mark.parametrize("folder", ["templates", "static/src", "static/css", "static/frame"])
def test_pages_scripts_and_styles_have_no_path_of_the_studio(folder: str) -> None:
    for file in (ROOT / folder).rglob("*"):
        if file.is_file():
            assert find_paths_in_text(file.read_text()) == [], file


def test_python_has_no_path_of_the_studio() -> None:
    for file in (ROOT / "studio").rglob("*.py"):
        name = file.relative_to(ROOT).as_posix()
        if name.startswith(("studio/pipeline/", *ROUTES)):
            continue
        allowed = COMPARED.get(name, set()) | ADDED.get(name, set())
        assert set(find_paths_in_python(file.read_text())) - allowed == set(), name


@pytest.mark.parametrize(
    "text",
    [
        '<a href="/runs/1/">',
        "fetch(`/teams/${id}`)",
        "url(/static/a.svg)",
        '<a href="/">',
        'cookie = "a; path=/;"',
    ],
)
def test_a_path_in_a_page_or_script_is_found(text: str) -> None:
    assert find_paths_in_text(text) != []


def test_a_path_in_python_is_found() -> None:
    assert list(find_paths_in_python('link(f"/runs/{run.pk}/")')) == ["/runs/"]
    assert list(find_paths_in_python('"""/runs/ in a docstring"""')) == []
