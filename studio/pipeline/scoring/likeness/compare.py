"""How much a render looks like its mockup: one number, its named parts, and the differences in
words, worst first.

The parts and their weights. In human choices between pages (Design2Code's study) place and presence
of text blocks weigh most (.76 and .74), colour less (.35), and the wording of matched text nothing
more. That measure is blind to backgrounds, borders and pictures, so `structure` and `surface` see
what it misses:

- words .25      the mockup's lines are there as real text, worded right; what the mockup lacks
  counts against it
- place .25      the lines are where they should be
- size .08, color .10    of the type
- structure .20  SSIM where something is drawn, at a quarter of the size, over the taller of both
  heights
- surface .12    colours of what is not plain ground: bands, cards, buttons, photos

Nothing is to be had for text alone (no boxes and pictures: a third is lost), nor for a screenshot
pasted as one picture (no text: two thirds are lost), nor for a blank page.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image

from studio.pipeline.color import parse_hex
from studio.pipeline.perception.hints import Box, Hints, TextLine
from studio.pipeline.scoring.likeness.account import Account
from studio.pipeline.scoring.likeness.difference_sentences import list_differences
from studio.pipeline.scoring.likeness.heatmap import draw_heatmap
from studio.pipeline.scoring.likeness.picture_maps import (
    QUARTER,
    PictureMaps,
    Pixels,
    compare_pictures,
    pad_picture,
    to_pixels,
)
from studio.pipeline.scoring.likeness.text_matching import Matching, match_texts
from studio.pipeline.scoring.likeness.text_verdicts import (
    Verdict,
    compute_weight,
    judge_texts,
    keep_visible,
)
from studio.pipeline.types import Comparison, DomText, Render

WEIGHTS = {
    "words": 0.25,
    "place": 0.25,
    "size": 0.08,
    "color": 0.10,
    "structure": 0.20,
    "surface": 0.12,
}
TEXT_PARTS = ("words", "place", "size", "color")
# A text that OCR overlooked is no extra where both pictures agree this well.
AGREED = 0.25


def compare(mockup: Image.Image, hints: Hints, render: Render, *, heat: bool = True) -> Comparison:
    """`mockup` in any size and `render` at any scale: both are measured in the hints' CSS pixels.

    `heat`: with the heat-map, which costs as much again as all the rest.
    """
    wanted = to_pixels(_resize_picture(mockup, hints.width, hints.height))
    got = _render_pixels(render, hints.width)
    maps = compare_pictures(wanted, got, parse_hex(hints.background))
    matching = _without_overlooked(match_texts(hints.texts, keep_visible(render.texts, got)), maps)
    verdicts = judge_texts(matching.matches, got)
    parts, weights = _measure_parts(verdicts, matching, maps)
    likeness = sum(weights[name] * value for name, value in parts.items())
    account = Account(hints, render, matching, verdicts, maps, weights, likeness, (wanted, got))
    glow = draw_heatmap(wanted, maps.difference) if heat else b""
    return Comparison(likeness, parts, matching.matches, list_differences(account), glow)


def _resize_picture(picture: Image.Image, width: int, height: int) -> Image.Image:
    if picture.size == (width, height):
        return picture
    return picture.convert("RGB").resize((width, height), Image.Resampling.BOX)


def _render_pixels(render: Render, width: int) -> Pixels:
    picture = Image.open(io.BytesIO(render.png))
    found = to_pixels(_resize_picture(picture, render.width, render.height))
    return found if render.width == width else pad_picture(found, width, found.shape[0])


def _without_overlooked(matching: Matching, maps: PictureMaps) -> Matching:
    extra = tuple(text for text in matching.extra if _disagreement(maps, text.box) > AGREED)
    return Matching(matching.matches, matching.missing, extra)


def _disagreement(maps: PictureMaps, box: Box) -> float:
    top, left = int(box.y / QUARTER), int(box.x / QUARTER)
    part = maps.difference[
        max(0, top) : int(box.bottom / QUARTER) + 1, max(0, left) : int(box.right / QUARTER) + 1
    ]
    return float(part.mean()) if part.size else 1.0


def _measure_parts(
    verdicts: Sequence[Verdict], matching: Matching, maps: PictureMaps
) -> tuple[dict[str, float], dict[str, float]]:
    """The parts' values, and their weights: a mockup and a page without any text are judged as
    pictures alone.
    """
    parts = {"structure": maps.structure_score, "surface": maps.surface_score}
    if not (verdicts or matching.missing or matching.extra):
        total = WEIGHTS["structure"] + WEIGHTS["surface"]
        return parts, {name: WEIGHTS[name] / total for name in parts}
    return {**_measure_text_parts(verdicts, matching.missing, matching.extra), **parts}, dict(
        WEIGHTS
    )


def _measure_text_parts(
    verdicts: Sequence[Verdict], missing: Sequence[TextLine], extra: Sequence[DomText]
) -> dict[str, float]:
    """Means over the mockup's lines, a missing one being 0 in each; extras count against the words."""
    asked = sum(v.weight for v in verdicts) + sum(compute_weight(line.box) for line in missing)
    surplus = sum(compute_weight(text.box) for text in extra)
    if not asked:
        return dict.fromkeys(TEXT_PARTS, 0.0)
    return {
        "words": sum(v.weight * v.match.similarity for v in verdicts) / (asked + surplus),
        "place": sum(v.weight * v.place for v in verdicts) / asked,
        "size": sum(v.weight * v.size for v in verdicts) / asked,
        "color": sum(v.weight * v.color for v in verdicts) / asked,
    }
