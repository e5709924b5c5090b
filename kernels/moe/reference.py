"""Reference of `moe`: each expert computes the tokens that chose it; sums are float32."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from kernels.swiglu.reference import swiglu


def moe(
    x: Tensor,
    indices: Tensor,
    weights: Tensor,
    expert: Callable[[int], tuple[Tensor, Tensor, Tensor]],
) -> Tensor:
    out = torch.zeros(x.shape, dtype=torch.float32, device=x.device)
    for index in indices.unique().tolist():
        rows, choices = (indices == index).nonzero(as_tuple=True)
        gate, up, down = (matrix.to(x.dtype) for matrix in expert(index))
        inputs = x[rows]
        outputs = F.linear(swiglu(F.linear(inputs, gate), F.linear(inputs, up)), down)
        out.index_add_(0, rows, outputs.float() * weights[rows, choices, None])
    return out.to(x.dtype)
