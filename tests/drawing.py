"""Mockups drawn by the tests themselves."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFont


def landing_page() -> Image.Image:
    page = Image.new("RGB", (800, 480), "white")
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, 0, 800, 60), fill="#1e293b")
    pen.text((32, 20), "Harbour", font=font(18), fill="white")
    pen.text((32, 110), "Boats for a quiet day", font=font(34), fill="#111827")
    pen.text((32, 172), "Rent by the hour, no licence needed.", font=font(16), fill="#374151")
    pen.rounded_rectangle((32, 220, 172, 264), 8, fill="#2563eb")
    pen.text((66, 232), "Book now", font=font(16), fill="white")
    return page


def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The page's usual font where it is installed; Pillow's own else."""
    try:
        return ImageFont.truetype("LiberationSans-Regular.ttf", size)
    except OSError:
        return ImageFont.load_default(size)
