"""A mixture of experts with INT4 weights."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from kernels.int4 import Int4
from kernels.int4_moe import reference
from kernels.shapes import check_shapes


def int4_moe(
    x: Tensor, indices: Tensor, weights: Tensor, gate: Sequence[Int4], up: Sequence[Int4], down: Sequence[Int4]
) -> Tensor:
    """x [tokens, hidden], indices [tokens, top_k] int64, weights [tokens, top_k] float32 -> [tokens, hidden].

    gate[e] and up[e] pack [width, hidden], down[e] packs [hidden, width]; no dequantised copy is kept. Raises
    ValueError for other shapes.
    """
    check_shapes(
        x=(x, ("tokens", "hidden")), indices=(indices, ("tokens", "top_k")), weights=(weights, ("tokens", "top_k"))
    )
    return reference.int4_moe(x, indices, weights, gate, up, down)
