"""One small real page, ways to spoil it, and the hints that perfect perception would find in its
render.
"""

from __future__ import annotations

import io

from PIL import Image

from studio.pipeline.bundle import Bundle
from studio.pipeline.perception.hints import Hints, Rect, TextLine
from studio.pipeline.scoring.likeness.glyph_boxes import find_ink_box
from studio.pipeline.scoring.likeness.picture_maps import to_pixels
from studio.pipeline.scoring.likeness.text_matching import join_rows
from studio.pipeline.types import Render

PAGE = """<!doctype html><html lang="en"><head><title>Bakery</title><style>
body{margin:0;font:16px/24px "Liberation Sans",sans-serif;color:#222222;background:#ffffff}
header{background:#1d4ed8;color:#ffffff;padding:24px 40px;display:flex;gap:40px;align-items:center}
header a{color:#dbeafe}h1{margin:0;font-size:32px;line-height:40px}
main{padding:32px 40px}.cards{display:flex;gap:24px;margin:24px 0}
.card{flex:1;background:#fef3c7;border-radius:8px;padding:20px}.card h2{margin:0 0 8px;font-size:20px}
.card p{margin:0}.buy{display:inline-block;background:#0d6efd;color:#ffffff;padding:10px 20px;border-radius:6px}
</style></head><body><header><h1>North Street Bakery</h1><a>Bread</a><a>Cakes</a><a>Contact</a></header><main>
<p class="lead">Bread from our <b>own</b> oven, every morning.</p><div class="cards">
<div class="card"><h2>Rye loaf</h2><p>Dark and dense, four days fresh.</p></div>
<div class="card second"><h2>Seeded roll</h2><p>Poppy, sesame and sunflower.</p></div>
<div class="card"><h2>Almond cake</h2><p>A slice for the afternoon.</p></div></div>
<a class="buy">Order a loaf</a></main></body></html>"""
WIDTH, HEIGHT = 800, 404  # all of the page


def bundle(html: str = PAGE, **assets: bytes) -> Bundle:
    return Bundle({"index.html": html}, assets)


def spoiled(css: str, *changes: tuple[str, str]) -> Bundle:
    """The page with more rules, and with words replaced; every change must find its place."""
    html = PAGE.replace("</style>", f"{css}</style>")
    for old, new in changes:
        assert old in html, old
        html = html.replace(old, new)
    return bundle(html)


def picture(render: Render) -> Image.Image:
    return Image.open(io.BytesIO(render.png)).convert("RGB")


def hints_from_render(render: Render) -> Hints:
    """What is drawn, read from the DOM instead of from pixels: the comparison is tested without the
    reader's errors.
    """
    rows = [
        (text, find_ink_box(to_pixels(render.png), text.box)) for text in join_rows(render.texts)
    ]
    lines = [
        TextLine(
            i,
            ink,
            text.text,
            0.99,
            text.size,
            text.weight,
            "sans",
            "Liberation Sans",
            text.color,
            "#ffffff",
        )
        for i, (text, ink) in enumerate(rows)
        if ink is not None
    ]
    rects = [
        Rect(i, box.box, box.fill)
        for i, box in enumerate(render.boxes)
        if box.fill and box.tag != "body"
    ]
    return Hints(
        render.width, render.height, 1.0, "#ffffff", (), tuple(lines), tuple(rects), (), ()
    )
