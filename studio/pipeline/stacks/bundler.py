"""Bundling of a page's modules into one script with esbuild, which reads code and never runs it.

The code is hostile. `bundle.mjs` answers every import before esbuild acts on it: only files of the
bundle, from memory, and of named frameworks are read.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from studio.pipeline.isolation.programs import Finished, run_limited
from studio.pipeline.stacks.kinds import StackError
from studio.pipeline.stacks.vendor import MODULES

FOLDER = Path(__file__).parent
BUNDLER, COMPILER = FOLDER / "bundle.mjs", FOLDER / "sfc.mjs"
FRAMEWORKS = ("react", "react-dom", "scheduler", "vue", "@vue")  # packages whose files may be read
# What code may import by name, and the file that is read for it.
ENTRIES = {
    **{
        name: name
        for name in (
            "react",
            "react/jsx-runtime",
            "react/jsx-dev-runtime",
            "react-dom",
            "react-dom/client",
        )
    },
    "vue": "vue/dist/vue.runtime.esm-bundler.js",
}
SECONDS = 30.0  # a page takes 0.4 s; a busy machine ten times that
MOST_WORDS = 300  # characters of a compiler's message
DEFINES = {
    "process.env.NODE_ENV": '"production"',
    "__VUE_OPTIONS_API__": "true",
    "__VUE_PROD_DEVTOOLS__": "false",
    "__VUE_PROD_HYDRATION_MISMATCH_DETAILS__": "false",
}


def bundle_modules(files: Mapping[str, str], entry: str, *, vue: bool) -> str:
    """Return one script for `entry` and what it imports.

    Raises StackError with the compiler's own message.
    """
    if vue:
        files = {
            **files,
            **compile_vue_files(
                {path: text for path, text in files.items() if path.endswith(".vue")}
            ),
        }
    request = {
        "files": {path: text for path, text in files.items() if not path.endswith(".html")},
        "entry": entry,
        "modules": str(MODULES),
        "frameworks": FRAMEWORKS,
        "entries": ENTRIES,
        "defines": DEFINES,
    }
    if not (MODULES / "esbuild" / "package.json").is_file():
        raise StackError("esbuild is not installed: run `make setup`.")
    answer = _answer(
        _run(BUNDLER, request), "The code could not be bundled: it needs too much memory or time."
    )
    if "error" in answer:
        raise StackError(f"The code could not be bundled: {_get_first_line(answer['error'])}")
    return str(answer["code"])


def compile_vue_files(sources: Mapping[str, str]) -> dict[str, str]:
    """Return Vue's files as modules; Vue's compiler runs none of the code."""
    finished = _run(COMPILER, dict(sources))
    if finished.returncode == 1:
        raise StackError(f"Vue could not read the code: {_get_first_line(finished.words)}")
    return _answer(finished, "Vue could not read the code: it needs too much memory or time.")


def _run(script: Path, request: Any) -> Finished:
    node = shutil.which("node")
    if node is None:
        raise StackError(
            "Compiling this stack needs Node.js, which is not installed: install Node 20 or newer."
        )
    try:
        return run_limited(
            [node, "--max-old-space-size=384", str(script)], json.dumps(request), seconds=SECONDS
        )
    except TimeoutError:
        raise StackError(f"Bundling the code took more than {SECONDS:g} s.") from None


def _answer(finished: Finished, message: str) -> dict[str, str]:
    try:
        answer: dict[str, str] = json.loads(finished.output)
    except ValueError:
        raise StackError(message) from None
    return answer


def _get_first_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return (lines[0] if lines else "no reason given")[:MOST_WORDS]
