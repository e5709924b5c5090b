"""Spaces and widths.

The solver finds the few numbers that put texts and boxes where the mockup has them.
"""

from __future__ import annotations

import numpy as np

from studio.pipeline.fitting.css.knobs import SPACE, Knob
from studio.pipeline.fitting.css.probe import Effect, Probed
from studio.pipeline.fitting.css.solve import Floats, solve
from studio.pipeline.fitting.css.targets import FitTargets

# What a pixel of change must gain, in squared pixels of a line's error: a token costs least, an added
# declaration most.
COST_TOKEN, COST, COST_WIDTH, COST_ADDED = 1.0, 1.5, 2.5, 5.0
LEAST = 0.75  # px; a smaller change is a rounding error
LEAST_OFF_SCALE = 2.0  # px; a space leaves the scale only for a change of this much
GREATEST = 160.0  # px
SCALE = 4.0  # px; a space goes on this scale if that is less than a pixel away
LINES = 0.25  # share of a line height by which it may change
ALONE = 1.01
LEAST_LINE, GREATEST_LINE = 1.0, 2.4  # em; line heights outside are not tried
LINE = 0.05  # em; a line height's change by this counts as a change by one pixel


def fit_lengths(
    aims: FitTargets, probed: Probed, *, least: float = LEAST, scale: bool = True
) -> dict[Knob, float | str]:
    """Return the new values of the few knobs that have to change.

    With `scale`, values near the scale of spaces are put on it.
    """
    knobs = [knob for knob, effect in probed.effects.items() if _is_length(knob, effect, probed)]
    if not knobs or not aims.edges:
        return {}
    moves = _build_move_matrix(aims, probed, knobs)
    errors = np.array([aim.error for aim in aims.edges])
    weights = np.array([aim.weight for aim in aims.edges])
    costs = np.array([_get_cost(knob) for knob in knobs])
    limits = np.array([_get_limits(knob) for knob in knobs])
    changes = solve(moves, errors, weights, costs, limits)
    # The cost of a change also shrinks it. So once the few knobs are known, they are solved for again
    # at nearly no cost.
    chosen = np.abs(changes) >= 0.5 * least
    changes[:] = 0
    changes[chosen] = solve(moves[:, chosen], errors, weights, costs[chosen] / 50, limits[chosen])
    rounded = {
        knob: _round_change(knob, change, scale)
        for knob, change in zip(knobs, changes.tolist(), strict=True)
    }
    return {knob: value for knob, value in rounded.items() if _is_worth(knob, value, least, scale)}


def round_to_space_scale(probed: Probed, reach: float) -> dict[Knob, float | str]:
    """Return every space that is at most `reach` px off the scale, on it.

    Use it for numbers that were measured, not chosen.
    """
    values: dict[Knob, float | str] = {}
    for knob, effect in probed.effects.items():
        if knob.added or not SPACE.fullmatch(knob.name) or not _is_length(knob, effect, probed):
            continue
        assert knob.value is not None
        on_scale = round(knob.value / SCALE) * SCALE
        if 0.01 < abs(on_scale - knob.value) <= reach and (on_scale or knob.value < 1):
            values[knob] = on_scale
    return values


def _is_worth(knob: Knob, value: float, least: float, scale: bool) -> bool:
    """Return True if the change is large enough; leaving the scale needs more than a pixel."""
    old = knob.value or 0.0
    if _get_unit(knob) != 1.0:
        return abs(value - old) > 1e-6
    leaves_scale = scale and old % SCALE < 1e-6 and value % SCALE > 1e-6
    if leaves_scale and not knob.added:
        least = max(least, LEAST_OFF_SCALE)
    return abs(value - old) >= least


def _is_length(knob: Knob, effect: Effect, probed: Probed) -> bool:
    """Return True for a length that moves something and is not a font size."""
    has_effect = effect.changed or effect.height != probed.height
    if knob.kind != "length" or knob.value is None or not has_effect:
        return False
    sized = (
        before is not None and abs(after.size - before.size) > 0.01
        for number, after in effect.changed.items()
        if (before := probed.before[number]) is not None
    )
    return not any(sized)


def _build_move_matrix(aims: FitTargets, probed: Probed, knobs: list[Knob]) -> Floats:
    index = {place: number for number, place in enumerate(aims.places)}
    table = np.zeros((len(aims.edges), len(knobs)))
    for column, knob in enumerate(knobs):
        effect = probed.effects[knob]
        unit = _get_unit(knob) / effect.step
        for row, aim in enumerate(aims.edges):
            if aim.edge == "page":
                table[row, column] = (effect.height - probed.height) * unit
                continue
            number = index[aim.place]
            before, after = probed.before[number], effect.changed.get(number)
            if before is not None and after is not None:
                table[row, column] = (aim.at(after) - aim.at(before)) * unit
    # A text that moves by many times the step was wrapped differently, so its slope means nothing.
    return np.where(np.abs(table) > 6 * ALONE, 0.0, table)


def _get_unit(knob: Knob) -> float:
    return LINE if knob.name == "line-height" and not knob.unit else 1.0


def _get_cost(knob: Knob) -> float:
    if knob.added:
        return COST_ADDED
    if knob.shared:
        return COST_TOKEN
    return COST_WIDTH if "width" in knob.name or "height" in knob.name else COST


def _get_limits(knob: Knob) -> tuple[float, float]:
    assert knob.value is not None
    unit = _get_unit(knob)
    if unit != 1.0:
        return (LEAST_LINE - knob.value) / unit, (GREATEST_LINE - knob.value) / unit
    if knob.name == "line-height":
        return -LINES * knob.value, LINES * knob.value
    # No negative space is introduced.
    return max(-GREATEST, min(0.0, -knob.value)), GREATEST


def _round_change(knob: Knob, change: float, scale: bool) -> float:
    assert knob.value is not None
    unit = _get_unit(knob)
    value = knob.value + change * unit
    if unit != 1.0:
        return round(value * 20) / 20
    on_scale = round(value / SCALE) * SCALE
    return on_scale if scale and abs(on_scale - value) < ALONE else float(round(value))
