"""Reference of `int4_moe`: each expert is unpacked when it is used."""

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
    def unpack(expert: int) -> tuple[Tensor, Tensor, Tensor]:
        return dequantize(gate[expert]), dequantize(up[expert]), dequantize(down[expert])

    return moe(x, indices, weights, unpack)
