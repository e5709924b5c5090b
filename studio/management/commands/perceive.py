"""`manage.py perceive DIR`: how much of real pages the hints see, page by page, against the DOM
that drew them.
"""

from __future__ import annotations

import io
import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from PIL import Image
from rich.console import Console
from rich.table import Table

from studio.pipeline.loop.evaluation import WIDTH, find_page_folders
from studio.pipeline.loop.terminal import InputError
from studio.pipeline.perception.perceive import find_hints
from studio.pipeline.rendering.render import Renderer, RenderError
from studio.pipeline.scoring.likeness.picture_maps import to_pixels
from studio.pipeline.scoring.recognition import Perception, measure_recognition

TIME_LIMIT = 60.0  # seconds for a render
COLUMNS = ("error", "unread", "invented", "precision", "recall", "pictures", "seconds")


class Command(BaseCommand):
    help = "Read pages from their pictures and count what was missed: letters, boxes, pictures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder of <page>/index.html")
        parser.add_argument("--limit", type=int, help="only the first N pages by name")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, folder: Path, limit: int | None, **options: Any) -> None:
        try:
            with Renderer(settings.BROWSER) as renderer:
                found = {
                    page.name: perceive_page(renderer, page)
                    for page in find_page_folders(folder, limit)
                }
        except (InputError, RenderError) as error:
            raise CommandError(str(error)) from None
        rows = {name: make_row(one, seconds) for name, (one, seconds) in found.items()}
        rows["all"] = make_row(
            sum_up([one for one, _ in found.values()]),
            sum(seconds for _, seconds in found.values()),
        )
        if options["json"]:
            self.stdout.write(json.dumps(rows, indent=2))
        else:
            Console().print(_make_table(rows))


def perceive_page(renderer: Renderer, page: Path) -> tuple[Perception, float]:
    render = renderer.render_file(page / "index.html", width=WIDTH, time_limit=TIME_LIMIT)
    mockup = Image.open(io.BytesIO(render.png)).convert("RGB")
    begun = time.monotonic()
    hints = find_hints(mockup, scale=1)
    return measure_recognition(hints, render, to_pixels(mockup)), time.monotonic() - begun


def sum_up(pages: list[Perception]) -> Perception:
    counts = [asdict(page) for page in pages]
    return Perception(**{name: sum(page[name] for page in counts) for name in counts[0]})


def make_row(one: Perception, seconds: float) -> dict[str, float]:
    letters = max(1, one.letters)
    return {
        "error": round(one.error, 4),
        "unread": round(one.unread / letters, 4),
        "invented": round(one.invented / letters, 4),
        "precision": round(one.precision, 3),
        "recall": round(one.recall, 3),
        "pictures": round(one.pictured, 3),
        "seconds": round(seconds, 1),
    }


def _make_table(rows: dict[str, dict[str, float]]) -> Table:
    table = Table("page", *COLUMNS)
    for name, one in rows.items():
        table.add_row(name, *(f"{one[column]:g}" for column in COLUMNS))
    return table
