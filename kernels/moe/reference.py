"""The routed experts, one after the other, each on the tokens that chose it; summed in float32."""

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
    for chosen in indices.unique().tolist():
        rows, places = (indices == chosen).nonzero(as_tuple=True)
        gate, up, down = (matrix.to(x.dtype) for matrix in expert(chosen))
        seen = x[rows]
        said = F.linear(swiglu(F.linear(seen, gate), F.linear(seen, up)), down)
        out.index_add_(0, rows, said.float() * weights[rows, places, None])
    return out.to(x.dtype)
