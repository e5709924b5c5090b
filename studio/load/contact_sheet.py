"""One picture of a recorded journey: its moments in order, each with its name, seconds and clicks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from studio.load.newcomer import Moment

COLUMNS = 3
TILE = (480, 300)  # px, width and height of a frame in the sheet
CAPTION, GAP = 26, 12  # px
SIZE = 15  # px of the captions
MOST_BYTES = 300_000
GROUND, INK = "#f4f4f6", "#17171c"


def make_contact_sheet(moments: Sequence[Moment], folder: Path, file: Path) -> None:
    """Write a WebP of at most MOST_BYTES of the moments whose frames are in `folder`."""
    shown = [moment for moment in moments if moment.frame]
    rows = -(-len(shown) // COLUMNS)
    width, height = TILE
    sheet = Image.new(
        "RGB",
        (COLUMNS * (width + GAP) + GAP, rows * (height + CAPTION + GAP) + GAP),
        GROUND,
    )
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(SIZE)
    for place, moment in enumerate(shown):
        row, column = divmod(place, COLUMNS)
        left, top = GAP + column * (width + GAP), GAP + row * (height + CAPTION + GAP)
        words = f"{moment.name}: {moment.seconds:g} s, {moment.clicks} clicks"
        draw.text((left, top + 3), words, fill=INK, font=font)
        with Image.open(folder / moment.frame) as frame:
            sheet.paste(frame.resize(TILE), (left, top + CAPTION))
    _save_small(sheet, file)


def _save_small(sheet: Image.Image, file: Path) -> None:
    """Save at the best quality that is small enough."""
    for quality in (85, 75, 60, 40, 20):
        sheet.save(file, quality=quality, method=6)
        if file.stat().st_size <= MOST_BYTES:
            return
