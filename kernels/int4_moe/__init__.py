"""The routed experts of a mixture of experts with INT4 weights."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from kernels.dispatch import uses_triton
from kernels.int4 import Int4
from kernels.int4_moe import reference
from kernels.int4_moe.shuffled import Shuffled, unshuffle
from kernels.shapes import check_shapes

Weights = Sequence[Int4] | Shuffled


def int4_moe(
    x: Tensor, indices: Tensor, weights: Tensor, gate: Weights, up: Weights, down: Weights
) -> Tensor:
    """Return the weighted sum of each token's experts [tokens, hidden].

    x [tokens, hidden], indices [tokens, top_k] int64, weights [tokens, top_k] float32. gate[e] and
    up[e] pack [width, hidden], down[e] packs [hidden, width]; no dequantized copy is kept. On a GPU
    all three should be shuffled: weights in the checkpoint's order use the slow reference. Raises
    ValueError for other shapes.
    """
    check_shapes(
        x=(x, ("tokens", "hidden")),
        indices=(indices, ("tokens", "top_k")),
        weights=(weights, ("tokens", "top_k")),
    )
    if (
        isinstance(gate, Shuffled)
        and isinstance(up, Shuffled)
        and isinstance(down, Shuffled)
        and uses_triton(x)
    ):
        from kernels.int4_moe import gpu

        return gpu.int4_moe(x, indices, weights, gate, up, down)
    return reference.int4_moe(
        x, indices, weights, _unshuffle(gate), _unshuffle(up), _unshuffle(down)
    )


def _unshuffle(weights: Weights) -> Sequence[Int4]:
    return unshuffle(weights) if isinstance(weights, Shuffled) else weights
