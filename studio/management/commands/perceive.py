"""`manage.py perceive DIR`: how much of pages perception finds, compared with their DOM."""

from __future__ import annotations

import io
import json
import time
from collections import Counter
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
    help = "Read pages from their pictures and count what was missed: characters, boxes, pictures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder of <page>/index.html")
        parser.add_argument("--limit", type=int, help="only the first N pages by name")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, folder: Path, limit: int | None, **options: Any) -> None:
        try:
            with Renderer(settings.BROWSER) as renderer:
                pages = find_page_folders(folder, limit)
                results = {page.name: perceive_page(renderer, page) for page in pages}
        except (InputError, RenderError) as error:
            raise CommandError(str(error)) from None
        rows = {
            name: make_row(perception, seconds) for name, (perception, seconds) in results.items()
        }
        rows["all"] = make_row(
            sum_up([perception for perception, _ in results.values()]),
            sum(seconds for _, seconds in results.values()),
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
    totals: Counter[str] = Counter()
    for count in counts:
        totals.update(count)
    return Perception(**{name: totals[name] for name in counts[0]})


def make_row(perception: Perception, seconds: float) -> dict[str, float]:
    letters = max(1, perception.letters)
    return {
        "error": round(perception.error, 4),
        "unread": round(perception.unread / letters, 4),
        "invented": round(perception.invented / letters, 4),
        "precision": round(perception.precision, 3),
        "recall": round(perception.recall, 3),
        "pictures": round(perception.pictured, 3),
        "seconds": round(seconds, 1),
    }


def _make_table(rows: dict[str, dict[str, float]]) -> Table:
    table = Table("page", *COLUMNS)
    for name, row in rows.items():
        table.add_row(name, *(f"{row[column]:g}" for column in COLUMNS))
    return table
