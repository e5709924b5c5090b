"""Few causes for many errors: the smallest set of changes that explains where things came to stand.
Pure numbers.

A sparse least squares (coordinate descent), so that one gap is turned rather than twelve margins;
robust, so that a text that was matched wrong does not pull the others with it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SWEEPS = 400
SETTLED = 0.01  # px
REWEIGHTED = 4
# px; an error this small is read as rounding, one ten times as large counts a tenth of its square
NOISE = 2.0


def solve(moves: Floats, errors: Floats, weights: Floats, costs: Floats, limits: Floats) -> Floats:
    """The change of each knob that takes the errors away.

    `moves` [errors, knobs]: px that each error grows by for a unit of each knob; `errors`,
    `weights` [errors]; `costs` [knobs]: what a change of one unit must be worth; `limits` [knobs,
    2]: the least and the greatest change.
    """
    changes = np.zeros(moves.shape[1])
    if not moves.size:
        return changes
    for _ in range(REWEIGHTED):
        left = errors + moves @ changes
        trust = weights / (1 + np.abs(left) / (10 * NOISE))
        changes = _solve_sparse(moves, errors, trust, costs, limits, changes)
    return changes


def _solve_sparse(
    moves: Floats, errors: Floats, trust: Floats, costs: Floats, limits: Floats, start: Floats
) -> Floats:
    """Coordinate descent: the optimum, for the problem is convex; knobs that only help together
    need many sweeps.
    """
    changes, heavy = start.copy(), moves * trust[:, None]
    table, pulls = heavy.T @ moves, heavy.T @ errors
    for _ in range(SWEEPS):
        most = 0.0
        for knob in np.flatnonzero(table.diagonal() > 1e-9):
            old, curve = changes[knob], table[knob, knob]
            pull = curve * old - pulls[knob] - table[knob] @ changes
            new = np.sign(pull) * max(0.0, abs(pull) - costs[knob]) / curve
            new = min(max(new, limits[knob, 0]), limits[knob, 1])
            most = max(most, abs(new - old))
            changes[knob] = new
        if most < SETTLED:
            break
    return changes
