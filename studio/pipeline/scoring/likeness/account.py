"""All that a comparison found, as those who tell it need it, and the phrases they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studio.pipeline.perception.hints import Box, Hints
from studio.pipeline.scoring.likeness.picture_maps import QUARTER, PictureMaps, Pixels
from studio.pipeline.scoring.likeness.text_matching import Matching
from studio.pipeline.scoring.likeness.text_verdicts import Verdict, compute_weight
from studio.pipeline.types import Render

LONG = 40  # letters of a text that are quoted
MOVED = 2.0  # px; less is rounding


@dataclass(frozen=True, slots=True)
class Account:
    """Everything a comparison found, for telling it."""

    hints: Hints
    render: Render
    matching: Matching
    verdicts: Sequence[Verdict]
    maps: PictureMaps
    weights: Mapping[str, float]
    likeness: float
    pictures: tuple[Pixels, Pixels]  # the mockup's and the render's

    @property
    def asked(self) -> float:
        """The weight of all the mockup's lines."""
        lines = sum(v.weight for v in self.verdicts) + sum(
            compute_weight(line.box) for line in self.matching.missing
        )
        return max(lines, 1e-6)

    @property
    def with_extras(self) -> float:
        return self.asked + sum(compute_weight(text.box) for text in self.matching.extra)

    def picture_loss(self, box: Box) -> tuple[float, float]:
        """How alike the colours in a box are (0–1), and the likeness that its pixels cost."""
        rows = slice(max(0, int(box.y / QUARTER)), int(box.bottom / QUARTER) + 1)
        columns = slice(max(0, int(box.x / QUARTER)), int(box.right / QUARTER) + 1)
        surface, weight = self.maps.surface[rows, columns], self.maps.surface_weight[rows, columns]
        if not weight.size:
            return 0.0, 0.0
        lost = self.weights["surface"] * float(
            ((1 - surface) * weight).sum() / self.maps.surface_weight.sum()
        )
        structure, heavy = (
            self.maps.structure[rows, columns],
            self.maps.structure_weight[rows, columns],
        )
        lost += self.weights["structure"] * float(
            ((1 - structure) * heavy).sum() / self.maps.structure_weight.sum()
        )
        return float((surface * weight).sum() / weight.sum()), lost

    def cost(self, part: str, weight: float) -> float:
        """Likeness lost by `weight` lines' worth of a text part."""
        whole = self.with_extras if part == "words" else self.asked
        return self.weights.get(part, 0.0) * weight / whole


def quote_text(text: str) -> str:
    return f"'{text}'" if len(text) <= LONG else f"'{text[: LONG - 1].rstrip()}…'"


def describe_place(box: Box) -> str:
    return f"at x {box.x:.0f}, y {box.y:.0f}"


def describe_offset(dx: float, dy: float) -> str:
    """'14 px too low and 3 px too far right'; empty when neither is worth telling."""
    words = []
    if abs(dy) >= MOVED:
        words.append(f"{abs(dy):.0f} px too {'low' if dy > 0 else 'high'}")
    if abs(dx) >= MOVED:
        words.append(f"{abs(dx):.0f} px too far {'right' if dx > 0 else 'left'}")
    return " and ".join(words)
