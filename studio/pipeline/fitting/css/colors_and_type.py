"""Font sizes, weights, colors and radii.

Each knob gets the value that most of its elements should have.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from studio.pipeline.color import compute_distance, parse_hex
from studio.pipeline.fitting.css.knobs import Knob
from studio.pipeline.fitting.css.probe import ElementState, Probed
from studio.pipeline.fitting.css.targets import FitTargets
from studio.pipeline.medians import compute_weighted_median

# ΔE2000 from which two colors differ; colors read off thin letters are not more exact than that
SEEN = 3.0
LEAST_SIZE = 0.03  # share of a size; less is a measuring error
AGREED = 0.6  # share of a knob's elements that must need the same value
LEAST_FONT = 8.0  # px
LARGE_FONT = 20.0  # px from which sizes are whole px
LEAST_FONT_CHANGE = 0.4  # px, on a scale of half px
LEAST_RADIUS_CHANGE = 1.5  # px
BOLD = 600  # the weight from which text counts as bold
GROUND_VOTES = 10.0  # weight of the page's background among the votes for a color
FILL_VOTES = 2.0  # weight of a box's background
BIG_RADIUS = 40.0  # px from which ends are round, whatever the number

COLORS = ("color", "ground", "border")

Values = dict[Knob, float | str]
Votes = dict[Knob, list[tuple[str, float]]]


def fit_font_sizes(aims: FitTargets, probed: Probed) -> Values:
    """Return new font sizes.

    A text counts for the knob that changes the fewest texts, because that knob is the most specific to
    it.
    """
    index = {place: number for number, place in enumerate(aims.places)}
    slopes_by_knob = {knob: _measure_resizing(knob, probed) for knob in probed.effects}
    slopes_by_knob = {
        knob: slopes for knob, slopes in slopes_by_knob.items() if slopes and knob.value
    }
    changes_by_knob: dict[Knob, list[tuple[float, float]]] = defaultdict(list)
    for look in aims.looks:
        place = index[look.place]
        state = probed.before[place]
        ruling = [knob for knob, slopes in slopes_by_knob.items() if place in slopes]
        if state is None or not ruling:
            continue
        knob = min(ruling, key=lambda candidate: len(slopes_by_knob[candidate]))
        changes_by_knob[knob].append(
            ((look.size - state.size) / slopes_by_knob[knob][place], look.weight)
        )
    values: Values = {}
    for knob, changes in changes_by_knob.items():
        change = compute_weighted_median(changes)
        assert knob.value is not None
        new = max(LEAST_FONT, knob.value + change)
        is_large = abs(change) >= LEAST_SIZE * knob.value
        if is_large and abs(round(new * 2) / 2 - knob.value) >= LEAST_FONT_CHANGE:
            values[knob] = _round_size(new)
    return values


def fit_paints(aims: FitTargets, probed: Probed) -> Values:
    """Return new colors of texts, boxes and the ground, new weights and new radii."""
    values: Values = {}
    for knob, votes in _color_votes(aims, probed).items():
        if (color := _find_agreed_color(votes)) is not None:
            values[knob] = color
    values |= _fit_weights(aims, probed)
    values |= _fit_radii(aims, probed)
    return values


def _color_votes(aims: FitTargets, probed: Probed) -> Mapping[Knob, list[tuple[str, str, float]]]:
    """Return (is, should be, weight) per color knob for every element that took on its color."""
    index = {place: number for number, place in enumerate(aims.places)}
    votes: dict[Knob, list[tuple[str, str, float]]] = defaultdict(list)

    def vote(place: str, field: str, target: str | None, weight: float) -> None:
        number = index[place]
        before = probed.before[number]
        if target is None or before is None:
            return
        for knob, effect in probed.effects.items():
            after = effect.changed.get(number)
            taken = (
                knob.kind in COLORS and after and getattr(after, field) != getattr(before, field)
            )
            if taken and (now := _parse_browser_color(getattr(before, field))) is not None:
                votes[knob].append((now, target, weight))

    for look in aims.looks:
        vote(look.place, "color", look.color, look.weight)
    for rect, box in aims.twins:
        if rect.gradient is None:
            vote(box.element, "ground", rect.fill, FILL_VOTES)
        vote(box.element, "border", rect.border.color if rect.border else None, 1.0)
    for root in ("html", "body"):
        vote(root, "ground", aims.ground, GROUND_VOTES)
    return votes


def _find_agreed_color(votes: Sequence[tuple[str, str, float]]) -> str | None:
    """Return the color that most votes are for, if it differs visibly from the present one."""
    total = sum(weight for _, _, weight in votes)
    support = {
        target: sum(
            weight for _, other, weight in votes if _compute_distance(target, other) <= SEEN
        )
        for _, target, _ in votes
    }
    # Of colors that agree, the one that was read most often.
    best = max(
        support,
        key=lambda color: (support[color], sum(w for _, other, w in votes if other == color)),
    )
    present = votes[0][0]
    if support[best] < AGREED * total or _compute_distance(present, best) <= SEEN:
        return None
    return best


def _fit_weights(aims: FitTargets, probed: Probed) -> Values:
    index = {place: number for number, place in enumerate(aims.places)}
    values: Values = {}
    for knob, effect in probed.effects.items():
        if knob.kind != "weight":
            continue
        ruled = [look for look in aims.looks if index[look.place] in effect.changed]
        total = sum(look.weight for look in ruled)
        bold = sum(look.weight for look in ruled if look.bold)
        states = [
            state for look in ruled if (state := probed.before[index[look.place]]) is not None
        ]
        if not states:
            continue
        is_bold = int(states[0].weight) >= BOLD
        if is_bold and bold < (1 - AGREED) * total:
            values[knob] = "400"
        elif not is_bold and bold > AGREED * total:
            values[knob] = "700"
    return values


def _fit_radii(aims: FitTargets, probed: Probed) -> Values:
    index = {place: number for number, place in enumerate(aims.places)}
    values: Values = {}
    for knob, effect in probed.effects.items():
        ruled = []
        for rect, box in aims.twins:
            number = index[box.element]
            state = _round_state(effect.changed.get(number), probed, number)
            if state:
                ruled.append((rect, state))
        if not ruled or knob.value is None:
            continue
        radius = float(np.median([rect.radius for rect, _ in ruled]))
        now = ruled[0][1].radius
        if abs(radius - now) >= LEAST_RADIUS_CHANGE and max(radius, now) < BIG_RADIUS:
            values[knob] = float(round(radius))
    return values


def _round_state(after: ElementState | None, probed: Probed, number: int) -> ElementState | None:
    before = probed.before[number]
    return before if after and before and after.radius != before.radius else None


def _measure_resizing(knob: Knob, probed: Probed) -> dict[int, float]:
    """Return place → px of font size per px of the knob."""
    effect = probed.effects[knob]
    if knob.kind not in ("size", "length"):
        return {}
    slopes = {}
    for number, after in effect.changed.items():
        before = probed.before[number]
        if before is not None and abs(after.size - before.size) > 0.01:
            slopes[number] = (after.size - before.size) / effect.step
    return slopes


def _round_size(size: float) -> float:
    """Return the size in whole px, and in half px below 20, as people write them."""
    return float(round(size)) if size >= LARGE_FONT else round(size * 2) / 2


def _parse_browser_color(color: str) -> str | None:
    """Return '#rrggbb' of the browser's 'rgb(r, g, b)'; None for a transparent color."""
    numbers = color.split(")")[0].removeprefix("rgb(").split(",")
    if not color.startswith("rgb(") or len(numbers) != 3:
        return None
    return "#" + "".join(f"{int(float(n)):02x}" for n in numbers)


def _compute_distance(one: str, other: str) -> float:
    return float(compute_distance(parse_hex(one), parse_hex(other)))
