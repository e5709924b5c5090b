"""A copy of a starter: its files as an export reads them, builds, and pictures of its pages."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from studio.export.assemble import assemble
from studio.export.conventions import detect
from studio.pipeline.bundle import Bundle

SECONDS = 600  # npm on a busy machine
LEFT_OUT = ("node_modules", "ready", "dist", "out", ".next", ".git")
QUIET = {
    "CI": "1",
    "NEXT_TELEMETRY_DISABLED": "1",
    "npm_config_audit": "false",
    "npm_config_fund": "false",
}


@dataclass(frozen=True, slots=True)
class Starter:
    """How one starter is built and shows the exported page.

    `entry` shows the application's own page; `route` is what makes it show ours beside it, by
    path, with {name} and {file} for the page's component.
    """

    name: str
    stack: str
    output: str
    own_page: str
    our_page: str
    route: Mapping[str, str]


class Application:
    def __init__(self, starter: Starter, starters: Path, folder: Path) -> None:
        self.starter = starter
        self.folder = folder
        shutil.copytree(
            starters / starter.name,
            folder,
            ignore=shutil.ignore_patterns(*LEFT_OUT),
            symlinks=True,
            dirs_exist_ok=True,
        )
        self.npm("ci", "--prefer-offline", "--loglevel", "error")

    def npm(self, *words: str) -> None:
        done = subprocess.run(
            ["npm", *words],
            cwd=self.folder,
            env={**os.environ, **QUIET},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]

    def build(self) -> None:
        shutil.rmtree(self.folder / self.starter.output, ignore_errors=True)
        self.npm("run", "build")

    def read_files(self) -> dict[str, bytes]:
        """Return the application's files as an export reads them from its repository."""
        paths = (path for path in self.folder.rglob("*") if path.is_file())
        inside = {path: path.relative_to(self.folder) for path in paths}
        return {
            str(name): path.read_bytes()
            for path, name in inside.items()
            if not set(name.parts) & set(LEFT_OUT)
        }

    def export(self, page: Bundle, title: str) -> dict[str, bytes]:
        """Put the page into the application by the export's own code; return what was written."""
        existing = self.read_files()
        files = assemble(page, self.starter.stack, title, existing, detect(existing))
        self.write(files)
        return files

    def write(self, files: Mapping[str, bytes]) -> None:
        for path, data in files.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_bytes(data)

    def show_ours(self, import_line: str, name: str) -> None:
        """Make the application show our page at an address of its own."""
        values = {"import": import_line, "name": name}
        for path, text in self.starter.route.items():
            for key, value in values.items():
                text = text.replace(f"%{key}%", value)
            self.write({path: text.encode()})

    def get_page(self, name: str) -> Path:
        """Return a built page's file; a page of a single-page application is its index.html."""
        page = self.folder / self.starter.output / name
        if not page.is_file():
            page.write_bytes((page.parent / "index.html").read_bytes())
        return page
