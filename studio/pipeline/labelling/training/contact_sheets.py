"""Drawings of held-out pages as boxes, with the labels of rules, model and author side by side.

No text and no picture of a page is drawn. A box whose label differs from its author's is filled.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from studio.pipeline.labelling.model.alphabet import KINDS
from studio.pipeline.labelling.training.unseen_pages import (
    UnseenPage,
    label_unseen_pages,
    map_kinds,
)
from studio.pipeline.layout.nodes import Node

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

SCALE = 0.45  # of a page's px
TALLEST, GAP, TITLE = 640, 16, 20  # px of the sheet: its height, between columns, of a title
HUES = {kind: f"hsl({360 * i // len(KINDS)}, 70%, 38%)" for i, kind in enumerate(KINDS)}
WRONG = "#f6c9c4"


def draw_sheets(
    facts: Path, samples: Path, checkpoint: Path, folder: Path, count: int
) -> list[Path]:
    """Write a WebP for each of `count` pages; return their paths."""
    from inference.client.local import LocalClient

    client = LocalClient(str(checkpoint))
    paths = []
    folder.mkdir(parents=True, exist_ok=True)
    for number, page in enumerate(label_unseen_pages(facts, samples, count), 1):
        after = page.walked(client)
        if after is not None:
            paths.append(folder / f"unseen-{number}.webp")
            _draw_sheet(page, map_kinds(after), paths[-1])
    return paths


def _draw_sheet(page: UnseenPage, model: dict[int, str], out: Path) -> None:
    from PIL import Image, ImageDraw

    columns = {"rules": map_kinds(page.tree), "model": model, "author": page.author}
    width = round(SCALE * page.tree.box.right)
    height = min(TALLEST, round(SCALE * page.tree.box.bottom))
    sheet = Image.new("RGB", (3 * width + 4 * GAP, height + TITLE + GAP), "white")
    draw = ImageDraw.Draw(sheet)
    for place, (name, kinds) in enumerate(columns.items()):
        left = GAP + place * (width + GAP)
        right = sum(kinds.get(node) == kind for node, kind in page.author.items())
        title = f"{name}: {right} of {len(page.author)}"
        if name == "author":
            title = f"author: {page.path.split('/')[0]}"
        draw.text((left, 4), title, "black")
        for node in page.tree.walk():
            if node.id in page.author:
                _draw_box(draw, node, kinds[node.id], page.author[node.id], left, TITLE, height)
    sheet.save(out, quality=60)


def _draw_box(
    draw: ImageDraw, node: Node, kind: str, wanted: str, left: int, top: int, height: int
) -> None:
    x, y = left + SCALE * node.box.x, top + SCALE * node.box.y
    if y > top + height - 8:
        return
    end = (left + SCALE * node.box.right, min(top + SCALE * node.box.bottom, top + height))
    draw.rectangle(
        (x, y, max(x + 2, end[0]), max(y + 2, end[1])),
        WRONG if kind != wanted else None,
        HUES[kind],
    )
    draw.text((x + 2, y - 1), kind, HUES[kind], font_size=9)
