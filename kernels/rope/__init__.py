"""Rotary position embedding."""

from __future__ import annotations

from torch import Tensor

from kernels.dispatch import uses_triton
from kernels.rope import reference
from kernels.shapes import check_shapes


def rope(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Return x [tokens, heads, dim] with rotated pairs, in x's dtype.

    cos and sin [tokens, dim / 2] float32. A pair is the columns 2k and 2k + 1. Raises ValueError
    for other shapes.
    """
    sizes = check_shapes(x=(x, ("tokens", "heads", "dim")))
    half = sizes["dim"] // 2
    check_shapes(cos=(cos, (sizes["tokens"], half)), sin=(sin, (sizes["tokens"], half)))
    if uses_triton(x):
        from kernels.rope import gpu

        return gpu.rope(x, cos, sin)
    return reference.rope(x, cos, sin)
