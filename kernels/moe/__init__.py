"""The routed experts of a mixture of experts with weights of any type."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from kernels.moe import reference
from kernels.shapes import check_shapes


def moe(
    x: Tensor,
    indices: Tensor,
    weights: Tensor,
    expert: Callable[[int], tuple[Tensor, Tensor, Tensor]],
) -> Tensor:
    """Return the weighted sum of each token's experts [tokens, hidden].

    x [tokens, hidden], indices [tokens, top_k] int64, weights [tokens, top_k] float32. `expert(e)`
    returns gate and up [width, hidden] and down [hidden, width] of expert e; it is called only for
    chosen experts. Raises ValueError for other shapes.
    """
    check_shapes(
        x=(x, ("tokens", "hidden")),
        indices=(indices, ("tokens", "top_k")),
        weights=(weights, ("tokens", "top_k")),
    )
    return reference.moe(x, indices, weights, expert)
