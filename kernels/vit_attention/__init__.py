"""The vision tower's attention over packed items."""

from __future__ import annotations

from torch import Tensor

from kernels.dispatch import uses_triton
from kernels.shapes import check_shapes
from kernels.vit_attention import fused


def vit_attention(q: Tensor, k: Tensor, v: Tensor, starts: Tensor, scale: float) -> Tensor:
    """q, k, v [patches, heads, dim] -> [patches, heads, dim].

    Item i owns patches starts[i]:starts[i + 1] (`starts` [items + 1]) and attends to those alone,
    in both directions. Raises ValueError for other shapes.
    """
    shape = ("patches", "heads", "dim")
    check_shapes(q=(q, shape), k=(k, shape), v=(v, shape), starts=(starts, ("items + 1",)))
    if uses_triton(q, k, v):
        from kernels.vit_attention import gpu

        return gpu.vit_attention(q, k, v, starts, scale)
    return fused.vit_attention(q, k, v, starts, scale)
