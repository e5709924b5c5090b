"""A model's code imports its own files and named frameworks; esbuild reads nothing else of this
machine.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from studio.pipeline.bundle import Bundle
from studio.pipeline.isolation.programs import run_limited
from studio.pipeline.stacks import bundler
from studio.pipeline.stacks import confined as conversions
from studio.pipeline.stacks.kinds import StackError

PAGE = "export default () => <p>Hello</p>;"
SECRET = "django-insecure-of-this-studio"


def built(code: str, **others: str) -> str:
    return conversions.page(Bundle({"src/App.jsx": f"{code}\n{PAGE}", **others}), "react").files[
        "app.js"
    ]


def refusal(code: str) -> str:
    with pytest.raises(StackError) as caught:
        built(code)
    return str(caught.value)


@pytest.mark.parametrize(
    "attributes", ['with {type: "json"}', 'with {type: "text"}', 'assert {type: "json"}', ""]
)
def test_a_file_of_the_server_is_never_opened(tmp_path: Path, attributes: str) -> None:
    """Nobody writes to this pipe: whoever opened it would wait until the time limit."""
    pipe = tmp_path / "secret-key"
    os.mkfifo(pipe)
    shown = str(pipe)[:60]  # a message repeats the beginning of a long name
    assert shown in refusal(f'import s from "{pipe}" {attributes};')


@pytest.mark.parametrize(
    "form", ['import s from "{}" with {{type: "json"}};', 'import s from "{}";', 'require("{}");']
)
def test_a_message_shows_nothing_of_a_file_outside_the_project(tmp_path: Path, form: str) -> None:
    for name in ("secret-key", "key.json", "key.js"):
        (tmp_path / name).write_text(SECRET)
        assert SECRET not in refusal(form.format(tmp_path / name))


@pytest.mark.parametrize(
    "name",
    [
        "/dev/zero",
        "/etc/hosts",
        "../../../../etc/hosts",
        "file:///etc/hosts",
        "data:text/javascript,1",
        "node:fs",
        "https://example.invalid/x.js",
        "axe-core/package.json",
        "esbuild",
        "react/package.json",
        "#x",
        "",
        ".",
        "..",
        "vue/../esbuild/package.json",
        "react-dom/server",
        "./App.jsx\\0.json",
        "constructor",
        "__proto__",
    ],
)
@pytest.mark.parametrize(
    "form", ['import "{}";', 'export * from "{}";', 'import("{}");', 'require("{}");']
)
def test_every_way_to_import_what_is_not_ours_is_refused(form: str, name: str) -> None:
    assert "The code imports" in refusal(form.format(name))


def test_a_jsx_pragma_imports_nothing_else() -> None:
    assert "evil/jsx-runtime" in refusal("/** @jsxImportSource evil */")


def test_import_attributes_are_refused_for_the_projects_own_files_too() -> None:
    assert "has attributes" in refusal('import text from "./App.jsx" with {type: "text"};')


def test_the_projects_own_files_and_frameworks_are_found() -> None:
    code = 'import { useState } from "react";\nimport { a } from "./parts";\nimport b from "/src/b.json";'
    made = built(
        code + "\nconsole.log(useState, a, b.word);",
        **{
            "src/parts/index.js": "export const a = 'of-parts';",
            "src/b.json": '{"word": "of-json"}',
        },
    )
    assert "of-parts" in made
    assert "of-json" in made


def test_a_mistake_is_told_with_its_place_in_the_project() -> None:
    with pytest.raises(StackError, match=r"src/App\.jsx:1: "):
        conversions.page(Bundle({"src/App.jsx": "export default () => <main>;"}), "react")


def test_code_that_grows_without_end_is_one_sentence() -> None:
    """Thirty names, each twice as long as the one before: a gigabyte of text if it were written
    out.
    """
    names = ["a0 = 'x' + 'y'", *(f"a{i} = a{i - 1} + a{i - 1}" for i in range(1, 31))]
    code = f"enum A {{ {', '.join(names)} }}\nexport default () => <p>{{A.a30}}</p>;"
    with pytest.raises(StackError, match=r"could not be bundled"):
        conversions.page(Bundle({"src/App.tsx": code}), "react")


class TestLimitedPrograms:
    def test_they_see_nothing_of_this_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SECRET_KEY", SECRET)
        assert SECRET not in run_limited(["/usr/bin/env"], "", seconds=10).output

    def test_memory_is_limited(self) -> None:
        code = "a = []\nwhile True: a.append(bytearray(1 << 20))"
        done = run_limited(["/usr/bin/env", "python3", "-c", code], "", seconds=30, megabytes=200)
        assert done.returncode != 0
        assert "MemoryError" in done.words

    def test_output_is_limited(self, monkeypatch: pytest.MonkeyPatch) -> None:
        done = run_limited(["/usr/bin/yes"], "", seconds=30)
        assert done.returncode < 0
        assert len(done.output) <= 32 * 2**20

    def test_time_is_limited_and_children_end_too(self) -> None:
        with pytest.raises(TimeoutError):
            run_limited(["/bin/sh", "-c", "sleep 1000 & wait"], "", seconds=0.2)


def test_without_esbuild_it_says_what_to_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bundler, "MODULES", tmp_path)
    with pytest.raises(StackError, match="run `make setup`"):
        bundler.bundle_modules({"a.js": ""}, "a.js", vue=False)


@pytest.mark.parametrize(
    "code",
    [
        'import("./" + globalThis.name);',
        "import(`../../../../etc/${globalThis.name}`);",
        "import/**/(\n`./${globalThis.name}.js`);",
        'require("../../../../etc/" + globalThis.name);',
        'require.resolve("./" + globalThis.name);',
        'require?.("./" + globalThis.name);',
        'r\\u0065quire("./" + globalThis.name);',
        'import.source("./" + globalThis.name);',
        'import(globalThis.a ? "./b" : "./" + globalThis.name);',
    ],
)
def test_no_folder_of_this_machine_is_listed_for_a_computed_import(code: str) -> None:
    """esbuild looks for all files that such a name could mean, and asks no plugin."""
    assert "imports what it computes" in refusal(code)


@pytest.mark.parametrize("callee", ["(require as any)", "require!", "(<any>require)", "(require)"])
def test_types_around_a_computed_import_hide_nothing(callee: str) -> None:
    with pytest.raises(StackError, match=r"imports what it computes, in .src/b\.ts"):
        built('import "./b";', **{"src/b.ts": f'{callee}("./" + globalThis.name);'})


def test_a_file_that_cannot_be_read_is_told_by_its_line() -> None:
    assert "src/App.jsx:2" in refusal('import("./x");\nlet let = ;')


def test_a_named_import_at_run_time_is_bundled() -> None:
    code = 'import("./b").then((b) => console.log(b)); const name = `import("./${1}")`;'
    assert "from another file" in built(
        f"{code} console.log(name)", **{"src/b.js": 'export default "from another file";'}
    )
