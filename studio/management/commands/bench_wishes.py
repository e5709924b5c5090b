"""`manage.py bench_wishes`: wishes on pages from words, read by rule or by the writer, and carried out."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from inference.types import ModelClient
from studio.load.prompt_files import read_entries
from studio.pipeline.outline.plan import plan_outline
from studio.pipeline.outline.schema import Outline
from studio.pipeline.outline.wish_changes import carry_out
from studio.pipeline.outline.wish_choice import WishReading, choose_wishes
from studio.pipeline.outline.wishes import read_wishes
from studio.processes.writer_server import find_writer
from studio.runs.model_client import open_model_client

WISHES = Path(__file__).resolve().parents[2] / "load" / "wishes.toml"


class Command(BaseCommand):
    help = (
        "Read wishes on pages from words, by rule and else by the writer, carry them out, and say for each what was "
        "done, what was not, and which texts it took off the page. --rules: without the writer."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("only", nargs="*", help="keys of pages; none: all")
        parser.add_argument(
            "--wishes", type=Path, default=WISHES, help="a TOML file with pages of wishes"
        )
        parser.add_argument("--model-url", default="", help="a model's address instead")
        parser.add_argument("--rules", action="store_true", help="ask no model")
        parser.add_argument("--json", action="store_true")

    def handle(
        self,
        *args: Any,
        only: list[str],
        wishes: Path,
        model_url: str,
        rules: bool,
        **options: Any,
    ) -> None:
        pages = read_entries(wishes, "pages", only)
        address = "" if rules else model_url or find_writer(settings.DATA_DIR)
        if not rules and not address:
            raise CommandError(
                "No writer answers: run `make writer` and `make run`, or give --model-url or --rules."
            )
        with open_model_client(address) if address else nullcontext() as client:
            for page in pages:
                outline = plan_outline(page["prompt"])
                for wish in page["wishes"]:
                    row = {"page": page["key"], **try_wish(wish, outline, client)}
                    self.stdout.write(json.dumps(row) if options["json"] else describe_row(row))
                    self.stdout.flush()


def try_wish(wish: str, outline: Outline, client: ModelClient | None) -> dict[str, Any]:
    """Read one wish and carry it out: by whom it was read, what was done, and which texts went."""
    began = time.monotonic()
    read = tuple(read_wishes(wish, outline))
    reader = "rules"
    if read or client is None:
        reading = WishReading(read, () if read else (wish,))
    else:
        reader = "writer"
        reading = choose_wishes(wish, outline, client)
    changed = carry_out(outline, reading.wishes)
    return {
        "wish": wish,
        "reader": reader,
        "seconds": round(time.monotonic() - began, 1),
        "done": changed.done,
        "unmet": changed.unmet,
        "unfit": reading.unfit,
        "lost": list_lost_texts(outline, changed.outline),
    }


def list_lost_texts(before: Outline, after: Outline) -> list[str]:
    """Return the texts of `before` that `after` has less often."""
    lost = Counter(list_texts(before)) - Counter(list_texts(after))
    return sorted(lost.elements())


def list_texts(outline: Outline) -> Iterator[str]:
    """Yield every text of the outline's sections."""
    for section in outline.sections:
        yield from filter(None, (section.eyebrow, section.title, section.text, *section.actions))
        for item in section.items:
            yield from filter(None, (item.title, item.text, item.detail, *item.points))


def describe_row(row: dict[str, Any]) -> str:
    said = " ".join((*row["done"], *row["unmet"])) or "Nothing was changed."
    lost = f" Texts lost: {'; '.join(row['lost'])}." if row["lost"] else ""
    return f"{row['page']}: “{row['wish']}” ({row['reader']}, {row['seconds']} s): {said}{lost}"
