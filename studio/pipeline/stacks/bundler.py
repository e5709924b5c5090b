"""Packs modules into one script with esbuild, which reads code and never runs it. The code is hostile.

It is written to a folder of its own, and what esbuild read is checked afterwards: nothing outside that folder but the
frameworks themselves may be part of the result, or a page could show what lies on this machine.
"""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from studio.pipeline.stacks.kinds import StackError
from studio.pipeline.stacks.vendor import MODULES

COMPILER = Path(__file__).parent / "sfc.mjs"
FRAMEWORKS = ("react", "react-dom", "scheduler", "vue", "@vue")
SECONDS = 30.0  # a page takes 0.1 s; a busy machine ten times that
MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}
DEFINES = {
    "process.env.NODE_ENV": '"production"',
    "__VUE_OPTIONS_API__": "true",
    "__VUE_PROD_DEVTOOLS__": "false",
    "__VUE_PROD_HYDRATION_MISMATCH_DETAILS__": "false",
}


def bundled(files: Mapping[str, str], entry: str, *, vue: bool) -> str:
    """One script for `entry` and what it imports. Raises StackError with the compiler's own words."""
    if vue:
        files = {**files, **compiled({path: text for path, text in files.items() if path.endswith(".vue")})}
    with tempfile.TemporaryDirectory(prefix="likeness-stack-") as folder:
        root = Path(folder).resolve()
        for path, text in files.items():
            if not path.endswith((".json", ".html")):
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text, "utf-8")
        return _esbuild(root, entry)


def compiled(sources: Mapping[str, str]) -> dict[str, str]:
    """Vue's files as modules. Needs Node.js, for Vue's compiler is written in JavaScript; it runs none of the code."""
    node = shutil.which("node")
    if node is None:
        raise StackError("Vue's files are compiled by Node.js, and there is none here: install Node 20 or newer.")
    done = _run([node, "--max-old-space-size=512", str(COMPILER)], json.dumps(dict(sources)))
    if done.returncode:
        raise StackError(f"Vue could not read the code: {_first_line(done.stderr)}")
    answer: dict[str, str] = json.loads(done.stdout)
    return answer


def _esbuild(root: Path, entry: str) -> str:
    command = [
        str(_binary()), entry, "--bundle", "--minify", "--format=iife", "--target=es2022", "--jsx=automatic",
        "--outfile=out.js", "--metafile=meta.json", "--log-level=error", "--color=false", "--tsconfig-raw={}",
        "--loader:.vue=ts", "--loader:.css=empty", "--loader:.svg=dataurl",
        "--alias:vue=vue/dist/vue.runtime.esm-bundler.js",
        *(f"--define:{name}={value}" for name, value in DEFINES.items()),
    ]  # fmt: skip
    done = _run(command, "", cwd=root, NODE_PATH=str(MODULES))
    if done.returncode:
        raise StackError(f"The code could not be bundled: {_first_line(done.stderr)}")
    for path in json.loads((root / "meta.json").read_text())["inputs"]:
        if not _is_allowed(root, path):
            raise StackError(f"The code imports {Path(path).name!r}, which is not part of the project.")
    return (root / "out.js").read_text("utf-8")


def _is_allowed(root: Path, path: str) -> bool:
    if path.startswith(("<", "(disabled)")):
        return True  # esbuild's own words for what is left out
    real = (root / path).resolve()
    return real.is_relative_to(root) or any(real.is_relative_to((MODULES / name).resolve()) for name in FRAMEWORKS)


def _run(
    command: list[str], given: str, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """With nothing of this process's environment: it holds secrets."""
    try:
        return subprocess.run(  # noqa: S603
            command, input=given, cwd=cwd, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise StackError(f"Bundling the code took more than {SECONDS:g} s.") from None


def _binary() -> Path:
    """esbuild's program itself; the npm package around it is only a starter in JavaScript."""
    machine = MACHINES.get(platform.machine().lower(), platform.machine())
    found = MODULES / "@esbuild" / f"{platform.system().lower()}-{machine}" / "bin" / "esbuild"
    if not found.is_file():
        raise StackError("esbuild is not there to bundle the code: run `make setup`.")
    return found


def _first_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return (lines[0].removeprefix("✘ ").removeprefix("[ERROR] ") if lines else "no reason given")[:300]
