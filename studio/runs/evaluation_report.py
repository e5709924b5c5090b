"""An evaluation as one HTML file that needs nothing else: every page's mockup, render and heat-map
beside its numbers, and the places where most likeness was lost.
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

WIDE, TALL = 420, 900  # px of a picture; what is below is cut off
MOST_PLACES = 40
QUALITY = 72


def write_gallery(found: Sequence[Evaluated], account: Mapping[str, Any]) -> str:
    rows = [
        {
            "name": one.row["name"],
            "cells": [one.row[key] for key in MEASURES],
            "error": one.row.get("error"),
            "pictures": _list_pictures(one),
        }
        for one in found
    ]
    context = {
        "set": account["set"],
        "measures": MEASURES,
        "rows": rows,
        "mean": [account["mean"][key] for key in MEASURES],
        "interval": [account["interval"][key] for key in MEASURES],
        "places": _list_places(found),
    }
    return render_to_string("runs/evaluation.html", context)


def _list_pictures(one: Evaluated) -> list[tuple[str, str]]:
    if (
        one.sight is None
        or one.attempt is None
        or one.attempt.render is None
        or one.attempt.comparison is None
    ):
        return []
    pictures = (
        ("mockup", one.sight.mockup),
        ("render", Image.open(io.BytesIO(one.attempt.render.png))),
        ("heat-map", Image.open(io.BytesIO(one.attempt.comparison.heatmap))),
    )
    return [(name, _encode_picture(picture)) for name, picture in pictures]


def _list_places(found: Sequence[Evaluated]) -> list[dict[str, Any]]:
    """The costliest differences of all pages; the first two of a page with their pictures."""
    places = []
    for one in found:
        if one.attempt is None or one.attempt.comparison is None:
            continue
        crops = (
            [
                _make_data_url(crop, "image/png")
                for crop in crop_worst_places(one.sight, one.attempt)
            ]
            if one.sight
            else []
        )
        missed = 1 - one.attempt.comparison.likeness
        for number, difference in enumerate(one.attempt.comparison.differences):
            crop = crops[number] if number < len(crops) else ""
            cost = difference.lost * missed
            places.append(
                {"page": one.row["name"], "words": difference.words, "cost": cost, "crop": crop}
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
