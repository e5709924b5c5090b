"""Sizes of type, weights, colours and radii: each knob is set to what most of what it rules should
have.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from studio.pipeline.color import compute_distance, parse_hex
from studio.pipeline.fitting.css.knobs import Knob
from studio.pipeline.fitting.css.probe import ElementState, Probed
from studio.pipeline.fitting.css.targets import FitTargets

# ΔE2000 from which two colours differ; what is read off thin letters is no nearer than that
SEEN = 3.0
LEAST_SIZE = 0.03  # of a size; less is measuring
AGREED = 0.6  # share of what a knob rules that has to want the same
BIG_RADIUS = 40.0  # px; from here on it is a pill, whatever the number

COLORS = ("color", "ground", "border")

Values = dict[Knob, float | str]
Votes = dict[Knob, list[tuple[str, float]]]


def fit_font_sizes(aims: FitTargets, probed: Probed) -> Values:
    """Font sizes. A text is counted for the knob that rules the fewest, for that one is closest to
    it.
    """
    index = {place: number for number, place in enumerate(aims.places)}
    reach = {knob: _measure_resizing(knob, probed) for knob in probed.effects}
    reach = {knob: slopes for knob, slopes in reach.items() if slopes and knob.value}
    wanted: dict[Knob, list[tuple[float, float]]] = defaultdict(list)
    for look in aims.looks:
        place = index[look.place]
        state, ruling = probed.before[place], [knob for knob in reach if place in reach[knob]]
        if state is None or not ruling:
            continue
        knob = min(ruling, key=lambda one: len(reach[one]))
        wanted[knob].append(((look.size - state.size) / reach[knob][place], look.weight))
    values: Values = {}
    for knob, changes in wanted.items():
        change = _compute_weighted_median(changes)
        assert knob.value is not None
        new = max(8.0, knob.value + change)
        if abs(change) >= LEAST_SIZE * knob.value and abs(round(new * 2) / 2 - knob.value) >= 0.4:
            values[knob] = _round_size(new)
    return values


def fit_paints(aims: FitTargets, probed: Probed) -> Values:
    """Colours of text, of boxes and of the ground, weights and radii."""
    values: Values = {}
    for knob, votes in _color_votes(aims, probed).items():
        if (color := _find_agreed_color(votes)) is not None:
            values[knob] = color
    values |= _fit_weights(aims, probed)
    values |= _fit_radii(aims, probed)
    return values


def _color_votes(aims: FitTargets, probed: Probed) -> Mapping[Knob, list[tuple[str, str, float]]]:
    """Of each colour knob (is, should be, weight) for everything that took on its colour."""
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
            vote(box.element, "ground", rect.fill, 2.0)
        vote(box.element, "border", rect.border.color if rect.border else None, 1.0)
    for root in ("html", "body"):
        vote(root, "ground", aims.ground, 10.0)
    return votes


def _find_agreed_color(votes: Sequence[tuple[str, str, float]]) -> str | None:
    """The colour that most want, if it differs visibly from the one there is."""
    total = sum(weight for _, _, weight in votes)
    support = {
        target: sum(
            weight for _, other, weight in votes if _compute_distance(target, other) <= SEEN
        )
        for _, target, _ in votes
    }
    # Of colours that agree, the one that was read most often.
    best = max(
        support,
        key=lambda color: (support[color], sum(w for _, other, w in votes if other == color)),
    )
    now = votes[0][0]
    return best if support[best] >= AGREED * total and _compute_distance(now, best) > SEEN else None


def _fit_weights(aims: FitTargets, probed: Probed) -> Values:
    index = {place: number for number, place in enumerate(aims.places)}
    values: Values = {}
    for knob, effect in probed.effects.items():
        if knob.kind != "weight":
            continue
        ruled = [look for look in aims.looks if index[look.place] in effect.changed]
        total, bold = sum(x.weight for x in ruled), sum(x.weight for x in ruled if x.bold)
        states = [state for x in ruled if (state := probed.before[index[x.place]]) is not None]
        if not states:
            continue
        is_bold = int(states[0].weight) >= 600
        if is_bold and bold < (1 - AGREED) * total:
            values[knob] = "400"
        elif not is_bold and bold > AGREED * total:
            values[knob] = "700"
    return values


def _fit_radii(aims: FitTargets, probed: Probed) -> Values:
    index = {place: number for number, place in enumerate(aims.places)}
    values: Values = {}
    for knob, effect in probed.effects.items():
        ruled = [
            (r, s)
            for r, b in aims.twins
            if (s := _round_state(effect.changed.get(index[b.element]), probed, index[b.element]))
        ]
        if not ruled or knob.value is None:
            continue
        radius, now = float(np.median([rect.radius for rect, _ in ruled])), ruled[0][1].radius
        if abs(radius - now) >= 1.5 and max(radius, now) < BIG_RADIUS:
            values[knob] = float(round(radius))
    return values


def _round_state(after: ElementState | None, probed: Probed, number: int) -> ElementState | None:
    before = probed.before[number]
    return before if after and before and after.radius != before.radius else None


def _measure_resizing(knob: Knob, probed: Probed) -> dict[int, float]:
    """Place → px of type for each px of the knob."""
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
    """Whole px, and halves for small print: nobody sees, or writes, finer ones."""
    return float(round(size)) if size >= 20 else round(size * 2) / 2


def _compute_weighted_median(pairs: Sequence[tuple[float, float]]) -> float:
    ordered = sorted(pairs)
    half, run = sum(weight for _, weight in ordered) / 2, 0.0
    for value, weight in ordered:
        run += weight
        if run >= half:
            return value
    return 0.0


def _parse_browser_color(color: str) -> str | None:
    """'#rrggbb' of the browser's 'rgb(r, g, b)'; None for what is transparent."""
    numbers = color.split(")")[0].removeprefix("rgb(").split(",")
    if not color.startswith("rgb(") or len(numbers) != 3:
        return None
    return "#" + "".join(f"{int(float(n)):02x}" for n in numbers)


def _compute_distance(one: str, other: str) -> float:
    return float(compute_distance(parse_hex(one), parse_hex(other)))
