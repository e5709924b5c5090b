"""Building blocks of the model: linear layers, norms, MLP.

A weight keeps the type in which it is stored and is cast on each use. So a memory-mapped bf16
checkpoint can compute in float32 without a float32 copy.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from inference.checkpoint.config import INT4_GROUP
from kernels import Int4, add_rms_norm, dequantize, rms_norm, swiglu


class Linear(nn.Module):
    """x [..., columns] -> x Wᵀ [..., rows]; W is a plain matrix or packed INT4."""

    def __init__(
        self, columns: int, rows: int, *, bias: bool = False, packed: bool = False
    ) -> None:
        super().__init__()
        self.rows, self.columns, self.packed = rows, columns, packed
        if packed:
            self.register_buffer(
                "weight_packed", torch.empty((rows, columns // 8), dtype=torch.int32)
            )
            self.register_buffer(
                "weight_scale", torch.empty((rows, columns // INT4_GROUP), dtype=torch.bfloat16)
            )
        else:
            self.weight = nn.Parameter(torch.empty(rows, columns))
        self.bias = nn.Parameter(torch.empty(rows)) if bias else None

    @property
    def int4(self) -> Int4:
        assert self.packed
        return Int4(self.get_buffer("weight_packed"), self.get_buffer("weight_scale"))

    def release(self) -> None:
        """Release an INT4 weight of which another module keeps a copy."""
        weight = self.int4
        self.weight_packed = weight.packed.new_empty((0, 0))
        self.weight_scale = weight.scale.new_empty((0, 0))

    def matrix(self) -> Tensor:
        """Return W [rows, columns] in the stored dtype; an INT4 weight is unpacked on each call."""
        return dequantize(self.int4) if self.packed else self.weight

    def forward(self, x: Tensor) -> Tensor:
        bias = None if self.bias is None else self.bias.to(x.dtype)
        return F.linear(x, self.matrix().to(x.dtype), bias)


class RmsNorm(nn.Module):
    """x [..., size] -> x divided by its root mean square, times a weight."""

    def __init__(self, size: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(size))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        return rms_norm(x, self.weight, self.eps)

    def add_and_norm(self, x: Tensor, more: Tensor) -> tuple[Tensor, Tensor]:
        """Return (the norm of x + more, x + more) [tokens, size]; one kernel on a GPU."""
        return add_rms_norm(x, more, self.weight, self.eps)


class LayerNorm(nn.Module):
    """x [..., size] -> x with mean 0 and variance 1, times a weight, plus a bias."""

    def __init__(self, size: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(size))
        self.bias = nn.Parameter(torch.empty(size))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        return F.layer_norm(
            x, self.weight.shape, self.weight.to(x.dtype), self.bias.to(x.dtype), self.eps
        )


class Mlp(nn.Module):
    """x [tokens, size] -> down(silu(gate x) · up x): dense layers, shared and routed experts."""

    def __init__(self, size: int, width: int, packed: frozenset[str] = frozenset()) -> None:
        """Build the projections; `packed` names those with INT4 weights."""
        super().__init__()
        self.gate_proj = Linear(size, width, packed="gate_proj" in packed)
        self.up_proj = Linear(size, width, packed="up_proj" in packed)
        self.down_proj = Linear(width, size, packed="down_proj" in packed)

    @property
    def all_int4(self) -> bool:
        return self.gate_proj.packed and self.up_proj.packed and self.down_proj.packed

    def matrices(self) -> tuple[Tensor, Tensor, Tensor]:
        return self.gate_proj.matrix(), self.up_proj.matrix(), self.down_proj.matrix()

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.down_proj(swiglu(self.gate_proj(x), self.up_proj(x)))
        return out
