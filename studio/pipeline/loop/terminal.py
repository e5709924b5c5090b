"""The loop for a terminal: opens a mockup, shows what happens, writes the result to a folder."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from studio.pipeline.bundle import Bundle, write_bundle
from studio.pipeline.loop.attempts import LoopEvent, Result
from studio.pipeline.loop.report import collect_proof_files
from studio.pipeline.perception.pixels import find_css_width
from studio.pipeline.picture_files import NAMES, PictureError, decode_picture
from studio.pipeline.stacks import confined as conversions
from studio.pipeline.stacks.kinds import Stack, StackError

MOST_PIXELS = (
    40_000_000  # of a mockup; the default of UPLOAD_MEGAPIXELS, which the commands pass on
)

DOING = {
    "looking": "Looking at the mockup",
    "outlining": "Planning the page",
    "drafting": "Drafting the layout",
    "fitting": "Fitting sizes and gaps",
    "writing": "The model is writing",
    "competing": "Waiting for the other candidates",
    "rendering": "Rendering",
    "comparing": "Comparing",
    "reading": "Reading the code",
}


class InputError(Exception):
    """One sentence for the person at the terminal."""


def group_by_width(
    first: Image.Image, others: Sequence[Image.Image], scale: float | None = None
) -> dict[int, Image.Image]:
    """Return further mockups by the CSS width they show; raises InputError where two show the same.

    `scale` is the first one's ratio where a person has said it.
    """
    found: dict[int, Image.Image] = {}
    for picture in others:
        width = find_css_width(picture)
        if width in found or width == find_css_width(first, scale):
            raise InputError(f"Two mockups are {width} CSS px wide; give one of each width.")
        found[width] = picture
    return found


def open_mockup(path: Path, most_pixels: int = MOST_PIXELS) -> Image.Image:
    """Return the picture at `path` as an upload would be stored; raises InputError."""
    try:
        return decode_picture(path.read_bytes(), most_pixels=most_pixels)
    except FileNotFoundError:
        raise InputError(
            f"There is no file {path}; give the path of a {NAMES} picture, or of a PDF."
        ) from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None
    except PictureError as error:
        raise InputError(f"{path}: {error}") from None


@contextmanager
def show_progress(quiet: bool) -> Iterator[Watcher]:
    """A line on standard error that says what is being done; standard output stays free for the
    result.
    """
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=quiet, transient=True) as bar:
        yield Watcher(bar)


class Watcher:
    """Turns the loop's events into the line's words."""

    def __init__(self, bar: Progress) -> None:
        self.bar, self.task, self.subject, self.written = bar, bar.add_task("Starting"), "", 0

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
    """'attempt 1 (model): likeness 0.912, quality 0.840, kept'."""
    data = event.data
    source = "layout draft" if data["source"] == "draft" else data["source"]
    name = f"attempt {data['number']} ({source}{', fitted' if data.get('fitted') else ''})"
    if data["error"]:
        return f"{name}: {data['error']}"
    scores = f"likeness {data['likeness']:.3f}, quality {data['quality']:.3f}"
    return f"{name}: {scores}, {'kept' if data['accepted'] else 'not better, dropped'}"


def write_result(
    result: Result, account: dict[str, Any], folder: Path, stack: Stack = "html-css"
) -> None:
    """The winning attempt as a project of the stack, render.png, heatmap.png and report.json.
    Raises InputError.
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
    """A page of HTML and CSS needs no build; any other stack is a whole project."""
    try:
        return bundle if stack == "html-css" else conversions.project(bundle, stack)
    except StackError as error:
        raise InputError(str(error)) from None
