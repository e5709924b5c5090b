"""Rotary embedding, heads of one token for each program."""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from kernels.language import narrow
from kernels.launch import ceil_div, launch, round_up_to_power_of_two

# Heads for each program. The 64 heads of 64 numbers of a token are 8 KB, enough for four programs.
HEADS = 16


@triton.jit
def turn(
    p_x,
    p_cos,
    p_sin,
    p_out,
    x_token,
    x_head,
    heads,
    dim,
    table_row,
    HEADS: tl.constexpr,
    DIM: tl.constexpr,
):
    i_token = tl.program_id(0).to(tl.int64)
    o_head = tl.program_id(1) * HEADS + tl.arange(0, HEADS)
    o_column, o_pair = tl.arange(0, DIM), tl.arange(0, DIM // 2)
    held = (o_head[:, None] < heads) & (o_column[None, :] < dim)
    b_x = tl.load(
        p_x + i_token * x_token + o_head[:, None] * x_head + o_column[None, :], mask=held, other=0.0
    )
    b_cos = tl.load(p_cos + i_token * table_row + o_pair, mask=o_pair < dim // 2, other=0.0)[
        None, :
    ]
    b_sin = tl.load(p_sin + i_token * table_row + o_pair, mask=o_pair < dim // 2, other=0.0)[
        None, :
    ]
    b_a, b_b = tl.split(tl.reshape(b_x.to(tl.float32), (HEADS, DIM // 2, 2)))
    b_out = tl.reshape(tl.join(b_a * b_cos - b_b * b_sin, b_a * b_sin + b_b * b_cos), (HEADS, DIM))
    p_row = p_out + (i_token * heads + o_head[:, None]) * dim
    tl.store(p_row + o_column[None, :], narrow(b_out, p_out.dtype.element_ty), mask=held)


def rope(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    tokens, heads, dim = x.shape
    x = x if x.stride(-1) == 1 else x.contiguous()
    cos, sin = cos.contiguous(), sin.contiguous()
    out = torch.empty((tokens, heads, dim), dtype=x.dtype, device=x.device)
    block = min(HEADS, round_up_to_power_of_two(heads))
    launch(
        turn,
        (tokens, ceil_div(heads, block)),
        x,
        cos,
        sin,
        out,
        x.stride(0),
        x.stride(1),
        heads,
        dim,
        dim // 2,
        HEADS=block,
        DIM=round_up_to_power_of_two(dim, 2),
        warps=2,
        stages=1,
    )
    return out
