"""A project carries its stack's files and pictures, and nothing that a tool would run or obey."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from studio.pipeline.bundle import Bundle
from studio.pipeline.stacks import confined as conversions
from studio.pipeline.stacks.carried import carried_files
from studio.pipeline.stacks.kinds import Stack
from studio.pipeline.stacks.project import read_template

STEERING = {
    name: "evil()"
    for name in (
        "postcss.config.mjs",
        "src/postcss.config.js",
        ".postcssrc.js",
        "tailwind.config.js",
        "vite.config.ts",
        "AGENTS.md",
        "CLAUDE.md",
        "src/CLAUDE.md",
        "README.md",
        ".vscode/tasks.json",
        "tasks.json",
        "tsconfig.json",
        ".git/hooks/post-checkout.js",
        "hooks/run.js",
        "C:/x.js",
        "src/a\u202eb.js",
        "src/con.js",
        "package.json",
        "vite.config.js",
        "turbo.json",
        "data.json",
        "node_modules/react/index.js",
    )
}
PAGES: dict[Stack, dict[str, str]] = {
    "html-css": {"index.html": "<!doctype html><title>x</title><p>x", "styles.css": "p {}"},
    "tailwind": {
        "index.html": "<!doctype html><title>x</title><p>x",
        "src/styles.css": '@import "tailwindcss";',
    },
    "react": {"src/App.jsx": "export default () => <p>x</p>;", "src/data.json": "{}"},
    "vue": {"src/App.vue": "<template><p>x</p></template>"},
    "bootstrap": {"index.html": '<!doctype html><link rel="stylesheet" href="bootstrap.css"><p>x'},
}


def carried(stack: Stack) -> Iterator[tuple[str, str]]:
    made = conversions.project(
        Bundle({**PAGES[stack], **STEERING}, {"assets/a.png": b"x", ".git/config": b"x"}), stack
    )
    template = read_template(stack)
    assert template.items() <= made.files.items()
    assert not [path for path in made.assets if ".git" in path]
    return ((path, text) for path, text in made.files.items() if path not in template)


@pytest.mark.parametrize("stack", PAGES)
def test_nothing_that_steers_a_tool_is_carried(stack: Stack) -> None:
    assert not [path for path, _ in carried(stack) if path in STEERING]


@pytest.mark.parametrize("stack", PAGES)
def test_the_pages_own_files_are(stack: Stack) -> None:
    assert PAGES[stack].keys() <= {path for path, _ in carried(stack)}


@pytest.mark.parametrize(
    "rule",
    ['@plugin "./evil.js";', '@config "../evil.js";', '@source "/etc";', '@PLUGIN "./x.js";'],
)
def test_rules_that_run_code_at_build_time_are_taken_out(rule: str) -> None:
    css = f'@import "tailwindcss";\n{rule}\np {{ color: red }}'
    files = conversions.project(
        Bundle({**PAGES["tailwind"], "src/styles.css": css}), "tailwind"
    ).files
    assert f"@{rule[1:].split()[0]}" not in files["src/styles.css"]
    assert "color: red" in files["src/styles.css"]


@pytest.mark.parametrize("name", ["a.txt", "a.CSS", "a.svg", "src/a.js", "data/a.json", "a.css"])
@pytest.mark.parametrize(
    "rule", ['@plugin "./evil.js";', "@CONFIG\t'./evil.js';", '@plugin/**/"./evil.js";']
)
def test_a_build_finds_no_rule_that_runs_code_in_a_file_of_any_name(name: str, rule: str) -> None:
    """`@import "./a.txt"` and `import "./a.js?x&lang.css"` make it a style sheet."""
    found = carried_files({name: f"0//;{rule}"}, "tailwind")
    assert list(found) == [name]
    assert not re.search(r"@(plugin|config)", found[name], re.IGNORECASE)


@pytest.mark.parametrize(
    "rule",
    [
        '@import "tailwindcss" source("../../..");',
        '@media source("/") { @tailwind utilities; }',
        "@tailwind utilities source( '/' );",
    ],
)
def test_a_build_reads_no_folder_that_a_style_rule_names(rule: str) -> None:
    assert " source(" not in carried_files({"src/styles.css": rule}, "tailwind")["src/styles.css"]


def test_decorators_and_ordinary_words_stay() -> None:
    code = "@Config({ a: 1 }) class A { source() { return source(1); } } // ada@plugin.example"
    assert carried_files({"src/a.ts": code}, "react")["src/a.ts"] == code
