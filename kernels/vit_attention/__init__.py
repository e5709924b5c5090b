"""Attention of the vision tower over concatenated items."""

from __future__ import annotations

from torch import Tensor

from kernels.dispatch import uses_triton
from kernels.shapes import check_shapes
from kernels.vit_attention import fused


def vit_attention(q: Tensor, k: Tensor, v: Tensor, starts: Tensor, scale: float) -> Tensor:
    """Return bidirectional attention [patches, heads, dim] within each item.

    q, k, v [patches, heads, dim]. Item i is the patches starts[i]:starts[i + 1] (`starts` [items +
    1]). Raises ValueError for other shapes.
    """
    shape = ("patches", "heads", "dim")
    check_shapes(q=(q, shape), k=(k, shape), v=(v, shape), starts=(starts, ("items + 1",)))
    if uses_triton(q, k, v):
        from kernels.vit_attention import gpu

        return gpu.vit_attention(q, k, v, starts, scale)
    return fused.vit_attention(q, k, v, starts, scale)
