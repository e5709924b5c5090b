"""A sparse solver: the smallest set of changes that explains where things are. Pure numbers.

It is a sparse least squares problem, solved by coordinate descent, so that one gap changes rather
than twelve margins. It is robust, so that a wrongly matched text does not affect the others.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SWEEPS = 400  # over all knobs, at most
SETTLED = 0.01  # px; with smaller changes a sweep is the last
REWEIGHTED = 4  # rounds of robust reweighting
# Px; an error this small counts as rounding. One ten times as large counts half of its square.
NOISE = 2.0


def solve(moves: Floats, errors: Floats, weights: Floats, costs: Floats, limits: Floats) -> Floats:
    """Return the change of each knob that removes the errors.

    Args:
        moves: [errors, knobs] px by which each error grows per unit of each knob.
        errors: [errors] px.
        weights: [errors].
        costs: [knobs] what a change of one unit must gain.
        limits: [knobs, 2] the least and the greatest change.
    """
    changes = np.zeros(moves.shape[1])
    if not moves.size:
        return changes
    for _ in range(REWEIGHTED):
        remaining = errors + moves @ changes
        trust = weights / (1 + np.abs(remaining) / (10 * NOISE))
        changes = _solve_sparse(moves, errors, trust, costs, limits, changes)
    return changes


def _solve_sparse(
    moves: Floats, errors: Floats, trust: Floats, costs: Floats, limits: Floats, start: Floats
) -> Floats:
    """Return the optimum by coordinate descent, which finds it because the problem is convex.

    Knobs that only help together need many sweeps.
    """
    changes = start.copy()
    weighted = moves * trust[:, None]
    table = weighted.T @ moves
    pulls = weighted.T @ errors
    for _ in range(SWEEPS):
        most = 0.0
        for knob in np.flatnonzero(table.diagonal() > 1e-9):
            old = changes[knob]
            curve = table[knob, knob]
            pull = curve * old - pulls[knob] - table[knob] @ changes
            new = np.sign(pull) * max(0.0, abs(pull) - costs[knob]) / curve
            new = min(max(new, limits[knob, 0]), limits[knob, 1])
            most = max(most, abs(new - old))
            changes[knob] = new
        if most < SETTLED:
            break
    return changes
