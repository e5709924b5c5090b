"""`manage.py illustrate DIR --out docs/pictures PAGE …`: pictures of hints, drafts and fits.

`manage.py illustrate DIR --lot 5 --seed 19 --out docs/samples`: drafts of pages chosen by lot, with code.
"""

from __future__ import annotations

import io
import random
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from PIL import Image, ImageDraw, ImageFont

from studio.pipeline.codegen.draft import make_draft
from studio.pipeline.fitting.draft.fit import fit_draft
from studio.pipeline.loop.structure_rows import load_hints
from studio.pipeline.loop.terminal import InputError, open_mockup
from studio.pipeline.perception.assets import crop_assets
from studio.pipeline.perception.hint_overlay import draw_overlay
from studio.pipeline.perception.hints import Hints
from studio.pipeline.perception.perceive import find_hints
from studio.pipeline.rendering.render import Renderer

PANEL = 620  # px; three of them stay readable in documentation
TALLEST = 900  # px of a panel
SEEDS = 1_000_000
LOT_HELP = "choose this many pages by lot, and write each draft's code beside its picture"


class Command(BaseCommand):
    help = "Draw the hints over mockups, and target | draft | fitted render side by side."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("pages", nargs="*", help="names of page folders that hold a mockup.png")
        parser.add_argument("--lot", type=int, metavar="COUNT", help=LOT_HELP)
        parser.add_argument("--seed", type=int, help="of the lot; one is drawn and printed without")
        parser.add_argument(
            "--hints",
            type=Path,
            help="with --lot: keep what perception found here, and use it again",
        )
        parser.add_argument("--out", type=Path, default=Path("docs/pictures"))

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        if bool(options["pages"]) == bool(options["lot"]):
            raise CommandError("Name pages, or choose some with --lot.")
        out.mkdir(parents=True, exist_ok=True)
        try:
            with Renderer(settings.BROWSER) as renderer:
                if options["lot"]:
                    self._draw_lot(renderer, options)
                for page in options["pages"]:
                    _draw_illustrations(
                        open_mockup(
                            options["folder"] / page / "mockup.png", settings.UPLOAD_PIXELS
                        ),
                        page,
                        out,
                        renderer,
                    )
                    self.stdout.write(f"{out / page}-hints.webp, {out / page}-draft.webp")
        except InputError as error:
            raise CommandError(str(error)) from None

    def _draw_lot(self, renderer: Renderer, options: dict[str, Any]) -> None:
        seed = options["seed"]
        if seed is None:
            seed = random.SystemRandom().randrange(SEEDS)
        names = sorted(path.parent.name for path in options["folder"].glob("*/mockup.png"))
        chosen = draw_lot(names, options["lot"], seed)
        self.stdout.write(f"seed {seed}: {', '.join(chosen)} of {len(names)} pages")
        for page in chosen:
            mockup = open_mockup(options["folder"] / page / "mockup.png", settings.UPLOAD_PIXELS)
            hints = load_hints(mockup, options["hints"])
            _write_sample(mockup, hints, options["out"] / page, renderer)


def draw_lot(names: list[str], count: int, seed: int) -> list[str]:
    """Return `count` of the names, chosen by lot; the same ones for the same seed."""
    lot = random.Random(seed)  # noqa: S311 (no secret)
    return sorted(lot.sample(names, min(count, len(names))))


def _write_sample(mockup: Image.Image, hints: Hints, folder: Path, renderer: Renderer) -> None:
    """Write the draft's code, and a picture of the mockup beside the draft; pictures are left out."""
    folder.mkdir(parents=True, exist_ok=True)
    bundle = make_draft(hints, crop_assets(mockup, hints)).bundle
    for name, text in bundle.files.items():
        (folder / name).write_text(text, "utf-8")
    drawn = _render_at_width(renderer, bundle, hints.width)
    _save(_draw_side_by_side([mockup, drawn], ("mockup", "draft")), folder / "picture.webp")


def _draw_illustrations(mockup: Image.Image, page: str, out: Path, renderer: Renderer) -> None:
    hints = find_hints(mockup)
    draft = make_draft(hints, crop_assets(mockup, hints))
    fitted = fit_draft(
        draft, hints, mockup, lambda bundle: renderer.render(bundle, width=hints.width)
    )
    pictures = [
        mockup,
        *(_render_at_width(renderer, d.bundle, hints.width) for d in (draft, fitted)),
    ]
    _save(_make_panel(draw_overlay(mockup, hints)), out / f"{page}-hints.webp")
    _save(
        _draw_side_by_side(pictures, ("target", "draft", "render after the fit")),
        out / f"{page}-draft.webp",
    )


def _render_at_width(renderer: Renderer, bundle: Any, width: int) -> Image.Image:
    return Image.open(io.BytesIO(renderer.render(bundle, width=width).png)).convert("RGB")


def _make_panel(picture: Image.Image) -> Image.Image:
    height = round(picture.height * PANEL / picture.width)
    small = picture.convert("RGB").resize((PANEL, height), Image.Resampling.LANCZOS)
    return small.crop((0, 0, PANEL, min(small.height, TALLEST)))


def _draw_side_by_side(pictures: list[Image.Image], captions: tuple[str, ...]) -> Image.Image:
    panels = [_make_panel(picture) for picture in pictures]
    head = 28  # px for the captions
    gap = 12  # px between panels
    size = (len(panels) * (PANEL + gap) - gap, head + max(panel.height for panel in panels))
    sheet = Image.new("RGB", size, "#e5e7eb")
    pen = ImageDraw.Draw(sheet)
    for i, (panel, caption) in enumerate(zip(panels, captions, strict=True)):
        sheet.paste(panel, (i * (PANEL + gap), head))
        pen.text(
            (i * (PANEL + gap) + 4, 6), caption, fill="#111827", font=ImageFont.load_default(15)
        )
    return sheet


def _save(picture: Image.Image, path: Path) -> None:
    picture.save(path, "WEBP", quality=80)
