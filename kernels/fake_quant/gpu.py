"""INT4 rounding in one pass: a weight is read and written once. The reference makes nine passes."""

from __future__ import annotations

from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor

from kernels.language import narrow, whole
from kernels.launch import ceil_div, launch

GROUPS = 32  # groups of 32 values for each program


@triton.jit
def round_groups(p_x, p_out, groups, GROUPS: tl.constexpr):
    o_group = tl.program_id(0).to(tl.int64) * GROUPS + tl.arange(0, GROUPS)
    o_cell = o_group[:, None] * 32 + tl.arange(0, 32)[None, :]
    held = (o_group < groups)[:, None]
    b_x = tl.load(p_x + o_cell, mask=held, other=0.0).to(tl.float32)
    b_seven = tl.full((GROUPS,), 7.0, tl.float32)
    # Correctly rounded divisions: one unit in the last place of a quotient can change a code.
    b_scale = narrow(tl.div_rn(tl.max(tl.abs(b_x), axis=1), b_seven), tl.bfloat16).to(tl.float32)
    b_divisor = tl.where(b_scale == 0.0, 1.0, b_scale)[:, None] + tl.zeros_like(b_x)
    b_code = tl.clamp(whole(tl.clamp(tl.div_rn(b_x, b_divisor), -16.0, 16.0)), -8.0, 7.0)
    b_value = narrow(b_code * b_scale[:, None], tl.bfloat16).to(tl.float32)
    tl.store(p_out + o_cell, narrow(b_value, p_out.dtype.element_ty), mask=held)


class FakeQuant(torch.autograd.Function):
    @staticmethod
    def forward(context: Any, weight: Tensor) -> Tensor:
        weight = weight.contiguous()
        out = torch.empty_like(weight)
        groups = weight.numel() // 32
        launch(
            round_groups, (ceil_div(groups, GROUPS),), weight, out, groups, GROUPS=GROUPS, stages=1
        )
        return out

    @staticmethod
    def backward(context: Any, *gradients: Tensor) -> Tensor:
        return gradients[0]


def fake_quant(weight: Tensor) -> Tensor:
    out: Tensor = FakeQuant.apply(weight)
    return out
