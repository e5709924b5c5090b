"""The routed experts from INT4 weights: each is unpacked when it is used and forgotten after."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from kernels.int4 import Int4, dequantize
from kernels.moe.reference import moe


def int4_moe(
    x: Tensor,
    indices: Tensor,
    weights: Tensor,
    gate: Sequence[Int4],
    up: Sequence[Int4],
    down: Sequence[Int4],
) -> Tensor:
    def unpacked(e: int) -> tuple[Tensor, Tensor, Tensor]:
        return dequantize(gate[e]), dequantize(up[e]), dequantize(down[e])

    return moe(x, indices, weights, unpacked)
