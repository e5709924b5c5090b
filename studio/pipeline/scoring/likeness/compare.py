"""How much a render looks like its mockup: one number, its named parts, and the differences in
words, worst first.

Pixels decide. What a person can see in the mockup must be accounted for by the render, whatever was
recognized:

- structure  contrast in small windows at 4 to 16 px, wherever any can be seen
- ink        the same at 1 and 2 px: letters, their font and weight, strokes
- outline    2 and 4 px again, a lone border counting as much as dense text
- color      surfaces and colours, against how far they stand out from the page
- place      how far content moved
- page       width and height in CSS px
- words      the lines are there as real text: the only part that asks what was recognized, so that
  neither a screenshot pasted as one picture nor a heap of words scores

Every region that differs is found in pixels and then explained with the help of what was
recognized.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

from PIL import Image

from studio.pipeline.perception.hints import Box, Hints
from studio.pipeline.scoring.likeness.account import Account
from studio.pipeline.scoring.likeness.difference_sentences import list_differences
from studio.pipeline.scoring.likeness.evidence import Evidence, Seen, gather_evidence, see_picture
from studio.pipeline.scoring.likeness.heatmap import draw_heatmap
from studio.pipeline.scoring.likeness.picture_maps import Pixels, pad_canvas, to_pixels
from studio.pipeline.scoring.likeness.text_matching import Matching, match_texts
from studio.pipeline.scoring.likeness.text_verdicts import (
    Verdict,
    compute_weight,
    judge_texts,
    keep_visible,
)
from studio.pipeline.scoring.likeness.weights import WEIGHTS
from studio.pipeline.types import Comparison, DomText, Render

# Mean difference (0-1) up to which a text that OCR overlooked is no extra.
AGREED = 0.25
# Share of a line's box that page text must cover for the line to be there as text.
COVERED = 0.5
# Similarity of the words from which a line that reads otherwise may have been misread.
MISREAD = 0.6
# CSS px out of place (beside what moved with all others) from which a line counts less as being
# there, and px beyond at which half is lost. How far things moved is the part `place`; this only
# keeps a heap of the right words from scoring.
NEAR, ASTRAY = 16.0, 100.0


def compare(mockup: Image.Image, hints: Hints, render: Render, *, heat: bool = True) -> Comparison:
    """`mockup` in any size and `render` at any scale: both are measured in the hints' CSS pixels.

    `heat`: with the heat-map.
    """
    seen = _see_mockup(_Same(mockup), hints.width, hints.height)
    wanted, got = seen.pixels, _render_pixels(render, hints.width)
    measured = seen.measure_on_canvas(got.shape[0])
    evidence = gather_evidence(measured, got, (render.width, render.height))
    readable = keep_visible(render.texts, got)
    matching = _without_overlooked(match_texts(hints.texts, readable), evidence)
    verdicts = judge_texts(matching.matches, got)
    losses = dict(evidence.losses)
    if verdicts or matching.missing or matching.extra:
        losses = {"words": _words_loss(verdicts, matching, readable, evidence), **losses}
    likeness = math.exp(-sum(spend(losses).values()))
    account = Account(
        hints, render, matching, verdicts, evidence, spend(losses), likeness, (wanted, got)
    )
    glow = draw_heatmap(wanted, evidence.difference) if heat else b""
    parts = {name: 1 - lost for name, lost in losses.items()}
    return Comparison(likeness, parts, matching.matches, list_differences(account), glow)


def spend(losses: Mapping[str, float]) -> dict[str, float]:
    """Return what each part's loss costs, in nats of likeness."""
    return {part: WEIGHTS.cost(part, lost) for part, lost in losses.items()}


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """A picture as a key: equal to itself alone."""

    picture: Image.Image

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.picture is self.picture

    def __hash__(self) -> int:
        return id(self.picture)


@dataclass(slots=True, eq=False)
class _SeenMockup:
    """A mockup's pixels, and what was measured of them on the canvas that was asked for last.

    One canvas is kept: what is measured of 16 million pixels takes 300 MB.
    """

    pixels: Pixels
    _seen: Seen | None = None

    def measure_on_canvas(self, height: int) -> Seen:
        """`height` of the render: both are compared on the taller one's canvas."""
        height = max(height, self.pixels.shape[0])
        seen = self._seen
        if seen is None or seen.light.shape[0] != height:
            seen = self._seen = None  # freed before the next one is measured
            seen = self._seen = see_picture(self.pixels, height)
        return seen


@lru_cache(maxsize=2)
def _see_mockup(mockup: _Same, width: int, height: int) -> _SeenMockup:
    """Measure a mockup once for all the attempts that are compared with it."""
    return _SeenMockup(to_pixels(_resize(mockup.picture, width, height)))


def forget_mockups() -> None:
    """Drop what was measured of mockups: of one of 16 million pixels 300 MB with its picture."""
    _see_mockup.cache_clear()


def _resize(picture: Image.Image, width: int, height: int) -> Image.Image:
    if picture.size == (width, height):
        return picture
    return picture.convert("RGB").resize((width, height), Image.Resampling.BOX)


def _render_pixels(render: Render, width: int) -> Pixels:
    picture = Image.open(io.BytesIO(render.png))
    found = to_pixels(_resize(picture, render.width, render.height))
    return found if render.width == width else pad_canvas(found, width, found.shape[0])


def _without_overlooked(matching: Matching, evidence: Evidence) -> Matching:
    extra = tuple(text for text in matching.extra if evidence.mean_difference(text.box) > AGREED)
    return Matching(matching.matches, matching.missing, extra)


def _words_loss(
    verdicts: Sequence[Verdict], matching: Matching, texts: Sequence[DomText], evidence: Evidence
) -> float:
    """Return the share of the mockup's lines that are not there as text in their place; extra text
    counts too.

    Where the ink agrees, the line reads as the mockup does: a misread line costs nothing then.
    """
    found = asked = 0.0
    common = _common_offset(verdicts)
    for verdict in verdicts:
        near, alike = _nearness(verdict, common), verdict.match.similarity
        if near == 1 and alike >= MISREAD:
            alike = max(alike, 1 - evidence.mean_ink_loss(verdict.match.line.box))
        found += verdict.weight * near * alike
        asked += verdict.weight
    for line in matching.missing:
        if _covered_share(line.box, texts) >= COVERED:
            found += compute_weight(line.box) * (1 - evidence.mean_ink_loss(line.box))
        asked += compute_weight(line.box)
    asked += sum(compute_weight(text.box) for text in matching.extra)
    return max(0.0, 1 - found / asked) if asked else 1.0


def _common_offset(verdicts: Sequence[Verdict]) -> tuple[float, float]:
    """Return how far (right, down) the page's lines moved together."""
    if not verdicts:
        return 0.0, 0.0
    return median(v.dx for v in verdicts), median(v.dy for v in verdicts)


def _nearness(verdict: Verdict, common: tuple[float, float]) -> float:
    """Return 1 for a line that is somewhere near its place, less the farther astray it is."""
    astray = max(abs(verdict.dx - common[0]), abs(verdict.dy - common[1]))
    return ASTRAY / (ASTRAY + max(0.0, astray - NEAR))


def _covered_share(box: Box, texts: Sequence[DomText]) -> float:
    shared = sum(box.intersection(text.box) for text in texts)
    return shared / max(box.area, 1.0)
