"""What every part of the model is built of. A weight stays as it is stored; it is cast when used,
and not kept.

So a memory-mapped bf16 checkpoint computes in float32 without a float32 copy of itself.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from inference.checkpoint.config import INT4_GROUP
from kernels import Int4, add_rms_norm, dequantize, rms_norm, swiglu


class Linear(nn.Module):
    """x [..., columns] -> x Wᵀ [..., rows]; W is plain, or INT4 where the checkpoint packs it."""

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
        """Lets go of an INT4 weight that is kept elsewhere from now on."""
        assert self.packed
        self.weight_packed, self.weight_scale = (
            self.int4.packed.new_empty((0, 0)),
            self.int4.scale.new_empty((0, 0)),
        )

    def matrix(self) -> Tensor:
        """[rows, columns] in the dtype the checkpoint stores; unpacked anew at every call where it
        is INT4.
        """
        return dequantize(self.int4) if self.packed else self.weight

    def forward(self, x: Tensor) -> Tensor:
        bias = None if self.bias is None else self.bias.to(x.dtype)
        return F.linear(x, self.matrix().to(x.dtype), bias)


class RmsNorm(nn.Module):
    def __init__(self, size: int, eps: float) -> None:
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.empty(size)), eps

    def forward(self, x: Tensor) -> Tensor:
        return rms_norm(x, self.weight, self.eps)

    def of_sum(self, x: Tensor, more: Tensor) -> tuple[Tensor, Tensor]:
        """x, more [tokens, size] -> (the norm of their sum, their sum): one kernel on a GPU."""
        return add_rms_norm(x, more, self.weight, self.eps)


class LayerNorm(nn.Module):
    def __init__(self, size: int, eps: float) -> None:
        super().__init__()
        self.weight, self.bias, self.eps = (
            nn.Parameter(torch.empty(size)),
            nn.Parameter(torch.empty(size)),
            eps,
        )

    def forward(self, x: Tensor) -> Tensor:
        return F.layer_norm(
            x, self.weight.shape, self.weight.to(x.dtype), self.bias.to(x.dtype), self.eps
        )


class Mlp(nn.Module):
    """x [tokens, size] -> down(silu(gate x) · up x); the dense layer, the shared expert and each
    routed one.
    """

    def __init__(self, size: int, width: int, packed: frozenset[str] = frozenset()) -> None:
        """`packed`: which of the three projections are INT4."""
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
