"""RMS norm, one row for each program; with a residual the sum is written in the same pass."""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from kernels.language import narrow
from kernels.launch import launch, round_up_to_power_of_two, view_as_rows


@triton.jit
def norm_rows(
    p_x,
    p_residual,
    p_weight,
    p_sum,
    p_out,
    x_row,
    residual_row,
    dim,
    eps,
    ADD: tl.constexpr,
    COLUMNS: tl.constexpr,
):
    i_row = tl.program_id(0).to(tl.int64)
    o_column = tl.arange(0, COLUMNS)
    held = o_column < dim
    b_x = tl.load(p_x + i_row * x_row + o_column, mask=held, other=0.0).to(tl.float32)
    dtype = p_out.dtype.element_ty
    if ADD:
        b_x += tl.load(p_residual + i_row * residual_row + o_column, mask=held, other=0.0).to(
            tl.float32
        )
        b_sum = narrow(b_x, dtype)
        tl.store(p_sum + i_row * dim + o_column, b_sum, mask=held)
        b_x = b_sum.to(tl.float32)
    b_weight = narrow(tl.load(p_weight + o_column, mask=held, other=0.0).to(tl.float32), dtype).to(
        tl.float32
    )
    b_normed = narrow(b_x * tl.rsqrt(tl.sum(b_x * b_x) / dim + eps), dtype).to(tl.float32)
    tl.store(p_out + i_row * dim + o_column, narrow(b_normed * b_weight, dtype), mask=held)


def rms_norm(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    out = torch.empty(x.shape, dtype=x.dtype, device=x.device)
    _launch(x, x, weight, out, out, eps, add=False)
    return out


def add_rms_norm(x: Tensor, residual: Tensor, weight: Tensor, eps: float) -> tuple[Tensor, Tensor]:
    out = torch.empty(x.shape, dtype=x.dtype, device=x.device)
    total = torch.empty_like(out)
    _launch(x, residual, weight, total, out, eps, add=True)
    return out, total


def _launch(
    x: Tensor,
    residual: Tensor,
    weight: Tensor,
    total: Tensor,
    out: Tensor,
    eps: float,
    *,
    add: bool,
) -> None:
    x, residual = view_as_rows(x), view_as_rows(residual)
    rows, dim = x.shape
    columns = round_up_to_power_of_two(dim)
    launch(
        norm_rows,
        (rows,),
        x,
        residual,
        weight,
        total,
        out,
        x.stride(0),
        residual.stride(0),
        dim,
        eps,
        ADD=add,
        COLUMNS=columns,
        warps=min(8, max(1, columns // 512)),
        stages=1,
    )
