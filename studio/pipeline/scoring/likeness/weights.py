"""The numbers of the likeness measure: what counts as visible, what is forgiven, what each part may
cost.

`docs/results.md` ("The measure against a person's eye") says how they were set and on which pairs.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Limits of the pixel comparison. Lightness and colour are CIELAB units (1 is just visible)."""

    # CIELAB; a window with this much contrast counts half. #f8f9fa on #fff has 1.1 at its edge,
    # #1f1f1f on #141414 has 2.5, text 20 and more, JPEG noise on plain ground under 0.3.
    half_visible: float = 1.5
    # CIELAB squared; below it two windows are both plain. Noise of JPEG at quality 80 is about 0.5.
    plain: float = 1.0
    # Share of a window's agreement that is forgiven. Redrawing our pages from a JPEG at quality 80
    # or from twice the pixels loses up to 0.15.
    forgiven: float = 0.15
    # Agreement lost by each cell that a window is shifted within one scale.
    shift_cost: float = 0.03
    # Agreement lost where content is off by parts of a cell: within what is forgiven, so that the same
    # content a pixel aside loses nothing, but other content gains little by it.
    nudge_cost: float = 0.12
    # Agreement lost by each 8 px cell in the search for moved content: only decides between equals.
    reach_cost: float = 0.004
    # CIELAB; a colour that is off by less is not seen.
    color_forgiven: float = 1.2
    # CIELAB; a colour off by this much more than its contrast to the page loses 63 %.
    color_scale: float = 3.0
    # Share of the contrast to the page's ground that widens `color_scale`: 5 units are everything
    # to a card that is 5 units from its ground, and little to a photo.
    color_contrast: float = 0.4
    # CSS px; content displaced by less is in its place.
    in_place: float = 1.5
    # CSS px beyond `in_place` at which half of the place is lost.
    half_place: float = 32.0
    # Difference (0-1) from which a place belongs to a region that is told.
    region: float = 0.35


@dataclass(frozen=True, slots=True)
class Weight:
    """What a part may cost: `cost` (nats of likeness) where all of it is lost, by the loss to the
    power of `bend`.
    """

    cost: float
    bend: float


@dataclass(frozen=True, slots=True)
class Weights:
    """Likeness is exp(-sum of cost * loss ** bend) over the parts.

    Bends below 1 say that a person sees the first small fault of a kind more than the tenth.
    """

    # Not fitted: all of it lost leaves 0.15, so that a screenshot pasted as one picture and a
    # blank page stay low. The bend keeps a few lines that were read wrongly cheap.
    words: Weight = Weight(1.9, 1.8)
    # Fitted: 0.1; raised so that 16 px astray ranks below 4 px astray where both redraw the same.
    place: Weight = Weight(0.35, 0.8)
    # Fitted, then rounded; the fit gave `outline` nothing, for it says little that these do not.
    ink: Weight = Weight(0.17, 0.5)
    structure: Weight = Weight(0.28, 0.5)
    outline: Weight = Weight(0.08, 0.5)
    color: Weight = Weight(0.2, 0.5)
    # Not fitted: three times the height alone leaves 0.64.
    page: Weight = Weight(0.6, 0.7)
    # Loss of a part; losses well below count only by their square, so that noise costs next to
    # nothing.
    slack: float = 0.012

    def cost(self, part: str, loss: float) -> float:
        """Return what a part's loss (0-1) costs, in nats of likeness."""
        weight: Weight = getattr(self, part)
        if part not in EXACT:
            loss = loss * loss / (loss + self.slack)
        return weight.cost * float(max(0.0, loss) ** weight.bend)


PARTS = ("words", "place", "ink", "structure", "outline", "color", "page")
EXACT = ("words", "place", "page")  # parts without noise

THRESHOLDS = Thresholds()
WEIGHTS = Weights()
