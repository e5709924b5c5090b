"""The router of a mixture of experts: the experts of each token and their weights."""

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
    """Return (indices int64, weights float32) of each token's experts, both [tokens, top_k].

    x [tokens, hidden], weight [experts, hidden], bias [experts]. With `top_groups` below `groups`,
    a token chooses only from its best groups (by the sum of their two highest scores). `normalize`
    makes a token's weights sum to 1; then `factor` multiplies them. Raises ValueError for other
    shapes.
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
