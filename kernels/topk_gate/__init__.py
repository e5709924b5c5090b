"""The router: which experts a token goes to, and with what weight."""

from __future__ import annotations

from torch import Tensor

from kernels.dispatch import uses_triton
from kernels.shapes import check_shapes
from kernels.topk_gate import reference


def topk_gate(
    x: Tensor,
    weight: Tensor,
    bias: Tensor,
    *,
    top_k: int,
    groups: int,
    top_groups: int,
    normalize: bool,
    factor: float,
) -> tuple[Tensor, Tensor]:
    """x [tokens, hidden], weight [experts, hidden], bias [experts] -> indices [tokens, top_k]
    int64, weights float32.

    With `top_groups` below `groups`, only experts of a token's best groups (by the sum of their two
    highest scores) are open to it. `normalize` makes a token's weights sum to 1; `factor`
    multiplies them last. Raises ValueError for other shapes.
    """
    check_shapes(
        x=(x, ("tokens", "hidden")),
        weight=(weight, ("experts", "hidden")),
        bias=(bias, ("experts",)),
    )
    compute = reference.topk_gate
    if uses_triton(x, weight, bias):
        from kernels.topk_gate import gpu

        compute = gpu.topk_gate
    return compute(
        x,
        weight,
        bias,
        top_k=top_k,
        groups=groups,
        top_groups=top_groups,
        normalize=normalize,
        factor=factor,
    )
