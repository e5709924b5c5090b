"""All that a comparison found, as those who tell it need it, and the phrases they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studio.pipeline.perception.hints import Box, Hints
from studio.pipeline.scoring.likeness.evidence import Evidence
from studio.pipeline.scoring.likeness.picture_maps import Pixels
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
    evidence: Evidence
    spent: Mapping[str, float]  # what each part cost, in nats of likeness
    likeness: float
    pictures: tuple[Pixels, Pixels]  # the mockup's and the render's

    @property
    def total(self) -> float:
        """Return all that was lost, in nats."""
        return max(sum(self.spent.values()), 1e-9)

    @property
    def asked(self) -> float:
        """Return the weight of all the mockup's lines and of what is there beside them."""
        lines = sum(v.weight for v in self.verdicts) + sum(
            compute_weight(line.box) for line in self.matching.missing
        )
        return max(lines + sum(compute_weight(text.box) for text in self.matching.extra), 1e-6)

    def picture_cost(self, box: Box) -> float:
        """Return the share of the lost score that the pixels in a box cost."""
        pixels = self.total - self.spent.get("words", 0.0) - self.spent["page"]
        return self.evidence.share_of_difference(box) * pixels / self.total

    def words_cost(self, weight: float) -> float:
        """Return the share of the lost score that `weight` lines' worth of words cost."""
        lost = self.spent.get("words", 0.0) / self.total
        missed = max(1e-6, self.words_missed)
        return lost * min(1.0, weight / self.asked / missed)

    @property
    def words_missed(self) -> float:
        found = sum(v.weight * v.match.similarity * v.place for v in self.verdicts)
        return 1 - found / self.asked


def quote_text(text: str) -> str:
    return f"'{text}'" if len(text) <= LONG else f"'{text[: LONG - 1].rstrip()}…'"


def describe_place(box: Box) -> str:
    return f"at x {box.x:.0f}, y {box.y:.0f}"


def where(box: Box) -> str:
    return f"x {box.x:.0f}, y {box.y:.0f}, {box.width:.0f} × {box.height:.0f}"


def describe_offset(dx: float, dy: float) -> str:
    """'14 px too low and 3 px too far right'; empty when neither is worth telling."""
    words = []
    if abs(dy) >= MOVED:
        words.append(f"{abs(dy):.0f} px too {'low' if dy > 0 else 'high'}")
    if abs(dx) >= MOVED:
        words.append(f"{abs(dx):.0f} px too far {'right' if dx > 0 else 'left'}")
    return " and ".join(words)
