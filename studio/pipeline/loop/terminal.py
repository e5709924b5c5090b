"""The loop for a terminal: opens a mockup, shows progress, writes the result to a folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from studio.pipeline import stacks
from studio.pipeline.bundle import Bundle, write_bundle
from studio.pipeline.loop.attempts import LoopEvent, Result
from studio.pipeline.loop.report import collect_proof_files
from studio.pipeline.stacks import Stack

DOING = {
    "looking": "Looking at the mockup",
    "drafting": "Drafting the layout",
    "fitting": "Fitting sizes and gaps",
    "writing": "The model is writing",
    "competing": "Waiting for the other candidates",
    "rendering": "Rendering",
    "comparing": "Comparing",
    "reading": "Reading the code",
}


class InputError(Exception):
    """An error in what the person at the terminal passed; its message is one sentence."""


def open_mockup(path: Path) -> Image.Image:
    """Return the picture at `path` as RGB, transparency laid on white; raises InputError."""
    try:
        with Image.open(path) as picture:
            picture.load()
            flat = Image.new("RGBA", picture.size, "white")
            flat.alpha_composite(picture.convert("RGBA"))
            return flat.convert("RGB")
    except FileNotFoundError:
        raise InputError(
            f"There is no file {path}; pass the path of a PNG, JPEG or WebP picture."
        ) from None
    except (UnidentifiedImageError, OSError):
        raise InputError(
            f"{path} cannot be read as a picture; pass a PNG, JPEG or WebP file."
        ) from None


@contextmanager
def show_progress(quiet: bool) -> Iterator[Watcher]:
    """Show one line of progress on standard error.

    Standard output stays free for the result.
    """
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=quiet, transient=True) as bar:
        yield Watcher(bar)


class Watcher:
    """Shows the loop's events on the progress line."""

    def __init__(self, bar: Progress) -> None:
        self.bar = bar
        self.task = bar.add_task("Starting")
        self.subject = ""
        self.written = 0  # characters of the answer so far

    def about(self, subject: str) -> None:
        self.subject = f"{subject}: "

    def __call__(self, event: LoopEvent) -> None:
        if event.kind == "step" and event.data["state"] == "started":
            self.written = 0
            self.say(DOING[event.data["name"]])
        elif event.kind == "chunk":
            self.written += len(event.data["text"])
            self.say(f"The model is writing, {self.written} characters")
        elif event.attempt is not None:
            self.bar.console.print(f"{self.subject}{describe_attempt(event)}", highlight=False)

    def say(self, words: str) -> None:
        self.bar.update(self.task, description=self.subject + words)


def describe_attempt(event: LoopEvent) -> str:
    """Return a line such as 'attempt 1 (model): likeness 0.912, quality 0.840, kept'."""
    data = event.data
    source = "layout draft" if data["source"] == "draft" else data["source"]
    if data.get("fitted"):
        source += ", fitted"
    name = f"attempt {data['number']} ({source})"
    if data["error"]:
        return f"{name}: {data['error']}"
    scores = f"likeness {data['likeness']:.3f}, quality {data['quality']:.3f}"
    outcome = "kept" if data["accepted"] else "not better, dropped"
    return f"{name}: {scores}, {outcome}"


def write_result(
    result: Result, account: dict[str, Any], folder: Path, stack: Stack = "html-css"
) -> None:
    """Write the winning attempt to `folder` as a project of the stack.

    Beside it are render.png, heatmap.png and report.json. Raises InputError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if result.winner:
        write_bundle(_write_in_stack(result.winner.bundle, stack), folder)
        for name, data in collect_proof_files(result.winner).items():
            (folder / name).write_bytes(data)
        for view in result.winner.views:
            (folder / f"render-{view.width}.png").write_bytes(view.render.png)
            (folder / f"heatmap-{view.width}.png").write_bytes(view.comparison.heatmap)
    (folder / "report.json").write_text(json.dumps(account, indent=2) + "\n")


def _write_in_stack(bundle: Bundle, stack: Stack) -> Bundle:
    """Return a page of HTML and CSS unchanged; any other stack gets a whole project."""
    try:
        return bundle if stack == "html-css" else stacks.project(bundle, stack)
    except stacks.StackError as error:
        raise InputError(str(error)) from None
