"""The evaluation gallery: one self-contained HTML file.

It shows every page's mockup, render and heat-map with its scores, and the differences that cost the
most likeness.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string
from PIL import Image

from studio.pipeline.loop.evaluation import MEASURES, Evaluated
from studio.pipeline.prompting.difference_crops import crop_worst_places

WIDE, TALL = 420, 900  # px of a picture; taller pictures are cropped
MOST_PLACES = 40
QUALITY = 72


def write_gallery(pages: Sequence[Evaluated], account: Mapping[str, Any]) -> str:
    """Return the gallery of the evaluated pages; `account` is the evaluation's summary."""
    context = {
        "set": account["set"],
        "measures": MEASURES,
        "rows": [_build_row(page) for page in pages],
        "mean": [account["mean"][key] for key in MEASURES],
        "interval": [account["interval"][key] for key in MEASURES],
        "places": _list_places(pages),
    }
    return render_to_string("runs/evaluation.html", context)


def _build_row(page: Evaluated) -> dict[str, Any]:
    return {
        "name": page.row["name"],
        "cells": [page.row[key] for key in MEASURES],
        "error": page.row.get("error"),
        "pictures": _list_pictures(page),
    }


def _list_pictures(page: Evaluated) -> list[tuple[str, str]]:
    if (
        page.sight is None
        or page.attempt is None
        or page.attempt.render is None
        or page.attempt.comparison is None
    ):
        return []
    pictures = (
        ("mockup", page.sight.mockup),
        ("render", Image.open(io.BytesIO(page.attempt.render.png))),
        ("heat-map", Image.open(io.BytesIO(page.attempt.comparison.heatmap))),
    )
    return [(name, _encode_picture(picture)) for name, picture in pictures]


def _list_places(pages: Sequence[Evaluated]) -> list[dict[str, Any]]:
    """List the costliest differences of all pages, with crops for the first two of each page."""
    places = []
    for page in pages:
        if page.attempt is None or page.attempt.comparison is None:
            continue
        pictures = crop_worst_places(page.sight, page.attempt) if page.sight else ()
        crops = [_make_data_url(crop, "image/png") for crop in pictures]
        missed = 1 - page.attempt.comparison.likeness
        for number, difference in enumerate(page.attempt.comparison.differences):
            crop = crops[number] if number < len(crops) else ""
            cost = difference.lost * missed
            places.append(
                {"page": page.row["name"], "words": difference.words, "cost": cost, "crop": crop}
            )
    return sorted(places, key=lambda place: -place["cost"])[:MOST_PLACES]


def _encode_picture(picture: Image.Image) -> str:
    small = picture.convert("RGB")
    height = round(small.height * WIDE / small.width)
    small = small.resize((WIDE, max(1, height))).crop((0, 0, WIDE, min(height, TALL)))
    out = io.BytesIO()
    small.save(out, "WEBP", quality=QUALITY)
    return _make_data_url(out.getvalue(), "image/webp")


def _make_data_url(data: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"
