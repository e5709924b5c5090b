"""`manage.py compare REFERENCE GENERATED`: the likeness, code quality or Design2Code score."""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from PIL import Image

from studio.pipeline.folder_bundle import read_page_bundle
from studio.pipeline.loop.terminal import open_mockup
from studio.pipeline.perception.perceive import find_hints
from studio.pipeline.rendering.render import Renderer, RenderError
from studio.pipeline.scoring.design2code import measure_design2code
from studio.pipeline.scoring.likeness.compare import compare
from studio.pipeline.scoring.quality.measure import measure_quality

PICTURES = (".png", ".jpg", ".jpeg", ".webp")
WIDTH = 1280


class Command(BaseCommand):
    help = "Compare a page with another one (or, for likeness, with a picture of it)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "reference", type=Path, help="an HTML file; for likeness also a picture"
        )
        parser.add_argument(
            "generated", type=Path, help="an HTML file, with what it loads beside it"
        )
        parser.add_argument("--metric", choices=MEASURES, default="likeness")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(
        self, *args: Any, reference: Path, generated: Path, metric: str, **options: Any
    ) -> None:
        for path in (reference, generated):
            if not path.is_file():
                raise CommandError(f"There is no file {path}; use the path of an HTML file.")
        try:
            with Renderer(settings.BROWSER) as renderer:
                scores = MEASURES[metric](renderer, reference, generated)
        except RenderError as error:
            raise CommandError(str(error)) from None
        scores = {name: round(value, 4) for name, value in scores.items()}
        lines = (f"{name:12} {value:.4f}" for name, value in scores.items())
        self.stdout.write(json.dumps(scores) if options["json"] else "\n".join(lines))


def _measure_likeness_of(renderer: Renderer, reference: Path, generated: Path) -> dict[str, float]:
    if reference.suffix.lower() in PICTURES:
        mockup = open_mockup(reference, settings.UPLOAD_PIXELS)
    else:
        png = renderer.render_file(reference, width=WIDTH).png
        mockup = Image.open(io.BytesIO(png)).convert("RGB")
    comparison = compare(
        mockup, find_hints(mockup), renderer.render(read_page_bundle(generated), width=WIDTH)
    )
    return {"likeness": comparison.likeness, **comparison.parts}


def _measure_quality_of(renderer: Renderer, reference: Path, generated: Path) -> dict[str, float]:
    quality = measure_quality(renderer, read_page_bundle(generated))
    return {
        "quality": quality.score,
        **quality.parts,
        "original": measure_quality(renderer, read_page_bundle(reference)).score,
    }


def _measure_design2code_of(
    renderer: Renderer, reference: Path, generated: Path
) -> dict[str, float]:
    return asdict(measure_design2code(renderer, reference, generated))


MEASURES = {
    "likeness": _measure_likeness_of,
    "quality": _measure_quality_of,
    "design2code": _measure_design2code_of,
}
