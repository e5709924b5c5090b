"""A path is a plain name inside a folder, on every system, and none that tools look for."""

from __future__ import annotations

import pytest

from studio.pipeline.bundle import BundleError, BundleParser, require_safe_path
from studio.pipeline.paths import PathError, check_path, steers_tools

PLAIN = [
    "index.html",
    "src/App.jsx",
    "css/site.css",
    "src/components/Übersicht.vue",
    "a b.html",
    "console.js",
    "comma.css",
]
REFUSED = [
    "../x.html",
    "/etc/x.html",
    "a/../../x.css",
    "a\\b.html",
    "a//b.html",
    "./../x.html",
    "",
    "a/",
    "/",
    ".git/hooks/x.js",
    "a/.git/config.txt",
    ".env.js",
    "x\0.html",
    "x\n.html",
    "x\r.html",
    "x\x1b[2J.html",
    "x\u202egnp.html",
    "x\u2066.html",
    "x\u200b.html",
    "x\ufeff.html",
    "x\u2028.html",
    "x\ud800.html",
    "C:/x.html",
    "c:x.html",
    "x.html:stream.txt",
    "con.html",
    "AUX.js",
    "a/nul.css",
    "LPT1.txt",
    "com¹.txt",
    "dir./x.html",
    "dir /x.html",
    "x.html.",
    "x.html ",
    " x.html",
    "-rf.html",
    "~/x.html",
    "x?.html",
    "x|y.html",
    "a" * 201 + ".html",
    "/".join("abcdefghijklmn") + "/x.html",
]


@pytest.mark.parametrize("path", PLAIN)
def test_plain_paths_are_taken(path: str) -> None:
    assert str(check_path(path)) == path
    assert require_safe_path(path) == path


@pytest.mark.parametrize("path", REFUSED)
def test_paths_that_are_not_plain_everywhere_are_refused(path: str) -> None:
    with pytest.raises(PathError):
        check_path(path)
    with pytest.raises(BundleError, match="allowed"):
        require_safe_path(path)


def test_a_part_has_as_many_bytes_as_file_systems_allow() -> None:
    with pytest.raises(PathError, match="255 bytes"):
        check_path("🙂" * 64 + ".html")


@pytest.mark.parametrize(
    "path",
    [
        "postcss.config.mjs",
        ".postcssrc.js",
        "tailwind.config.js",
        "vite.config.ts",
        "a/eslint.config.js",
        ".npmrc",
        "AGENTS.md",
        "CLAUDE.md",
        "src/agents.md",
        ".vscode/tasks.json",
        "tasks.json",
        "launch.json",
        "package.json",
        "package-lock.json",
        "tsconfig.json",
        "tsconfig.node.json",
        "node_modules/x/index.js",
        "gulpfile.js",
        "vitest.workspace.ts",
        "vercel.json",
        ".github/workflows/x.txt",
        "GEMINI.md",
        "copilot-instructions.md",
        "babel.config.json",
        "deno.json",
        "mcp.json",
        "Gruntfile.js",
        "webpack.mix.js",
        "jest.setup.js",
        "llms.txt",
    ],
)
def test_files_that_tools_obey_are_known(path: str) -> None:
    assert steers_tools(path)


@pytest.mark.parametrize(
    "path",
    ["index.html", "src/App.jsx", "src/config.js", "src/data.json", "styles.css", "about.md"],
)
def test_a_pages_own_files_are_none_of_them(path: str) -> None:
    assert not steers_tools(path)


def test_an_answer_of_one_endless_line_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.pipeline.bundle.MOST_CHARACTERS", 1000)
    parser = BundleParser()
    parser.feed("```html\n")
    for _ in range(100):
        parser.feed("x" * 10)
    with pytest.raises(BundleError, match="1000 characters"):
        parser.feed("x")


def test_a_line_in_many_pieces_is_joined_once() -> None:
    """Each piece is kept as it came, so the work is that of the pieces and not of the line for each
    of them.
    """
    parser = BundleParser()
    parser.feed("```html index.html\n")
    for _ in range(1000):
        parser.feed("xy")
    assert parser._rest.count("xy") == 1000
    assert parser.partial() == {"index.html": ""}
    parser.feed("\n")
    assert parser.partial() == {"index.html": "xy" * 1000 + "\n"}
