"""The form for many tokens: pairs of token and expert are sorted into tiles of one expert.

The weights are the left operand of the matrix units, unpacked in registers. The tokens are the
right operand, whose tiles may be narrow; on the left a few tokens would fill an eighth of a tile.
q · scale is rounded to bf16, as the checkpoint's format defines.
"""

from __future__ import annotations

import triton
import triton.language as tl

from kernels.int4_moe.unpack import planes
from kernels.language import mma, narrow, sigmoid


@triton.jit
def multiply(p_words, p_scales, p_x, i_block, o_row, rows, columns, held_token, b_sum):
    """Return b_sum plus a block of 128 columns of the weight's rows times the tile's tokens."""
    o_half, held_row = tl.arange(0, 32), o_row < rows
    p_tile = p_words + o_row[:, None] * 32 + o_half[None, :]
    b_words = tl.load(p_tile, mask=held_row[:, None], other=0, eviction_policy="evict_first")
    b_planes = planes(b_words, tl.load(p_scales + o_row, mask=held_row, other=0))
    for group in tl.static_range(4):
        o_column = i_block * 128 + group * 32 + o_half
        b_x = tl.load(
            p_x + o_column[:, None],
            mask=(o_column < columns)[:, None] & held_token[None, :],
            other=0.0,
        )
        b_sum = mma(b_planes[group].to(b_x.dtype), b_x, b_sum)
    return b_sum


@triton.jit
def gate_up(
    p_x,
    p_tiles,
    p_sorted,
    p_gate,
    p_gate_scales,
    p_up,
    p_up_scales,
    p_out,
    x_row,
    top_k,
    rows,
    columns,
    blocks,
    ROWS: tl.constexpr,
    TOKENS: tl.constexpr,
):
    """Compute silu(gate x) · up x -> [pairs, rows], in the original order of the pairs."""
    i_expert = tl.load(p_tiles + tl.program_id(0)).to(tl.int64) - 1
    if i_expert < 0:
        return
    o_row = tl.program_id(1) * ROWS + tl.arange(0, ROWS)
    b_pair = tl.load(p_sorted + tl.program_id(0) * TOKENS + tl.arange(0, TOKENS)).to(tl.int64) - 1
    held = b_pair >= 0
    p_tokens = p_x + (tl.where(held, b_pair, 0) // top_k * x_row)[None, :]
    b_gate, b_up = tl.zeros((ROWS, TOKENS), tl.float32), tl.zeros((ROWS, TOKENS), tl.float32)
    for i_block in range(blocks):
        i_from = (i_expert * blocks + i_block) * rows
        b_gate = multiply(
            p_gate + i_from * 32,
            p_gate_scales + i_from,
            p_tokens,
            i_block,
            o_row,
            rows,
            columns,
            held,
            b_gate,
        )
        b_up = multiply(
            p_up + i_from * 32,
            p_up_scales + i_from,
            p_tokens,
            i_block,
            o_row,
            rows,
            columns,
            held,
            b_up,
        )
    b_out = narrow(b_gate * sigmoid(b_gate) * b_up, p_out.dtype.element_ty)
    tl.store(
        p_out + b_pair[None, :] * rows + o_row[:, None],
        b_out,
        mask=held[None, :] & (o_row < rows)[:, None],
    )


@triton.jit
def down(
    p_h,
    p_tiles,
    p_sorted,
    p_down,
    p_scales,
    p_out,
    rows,
    columns,
    blocks,
    ROWS: tl.constexpr,
    TOKENS: tl.constexpr,
):
    """Compute down h -> [pairs, rows]."""
    i_expert = tl.load(p_tiles + tl.program_id(0)).to(tl.int64) - 1
    if i_expert < 0:
        return
    o_row = tl.program_id(1) * ROWS + tl.arange(0, ROWS)
    b_pair = tl.load(p_sorted + tl.program_id(0) * TOKENS + tl.arange(0, TOKENS)).to(tl.int64) - 1
    held = b_pair >= 0
    p_pairs = p_h + (tl.where(held, b_pair, 0) * columns)[None, :]
    b_sum = tl.zeros((ROWS, TOKENS), tl.float32)
    for i_block in range(blocks):
        i_from = (i_expert * blocks + i_block) * rows
        b_sum = multiply(
            p_down + i_from * 32,
            p_scales + i_from,
            p_pairs,
            i_block,
            o_row,
            rows,
            columns,
            held,
            b_sum,
        )
    b_out = narrow(b_sum, p_out.dtype.element_ty)
    tl.store(
        p_out + b_pair[None, :] * rows + o_row[:, None],
        b_out,
        mask=held[None, :] & (o_row < rows)[:, None],
    )


@triton.jit
def combine(p_said, p_weights, p_out, top_k, rows, COLUMNS: tl.constexpr):
    """Sum the weighted outputs of a token's experts in float32, always in the same order."""
    i_token = tl.program_id(0).to(tl.int64)
    o_column = tl.program_id(1) * COLUMNS + tl.arange(0, COLUMNS)
    held = o_column < rows
    b_sum = tl.zeros((COLUMNS,), tl.float32)
    for i_place in range(top_k):
        i_pair = i_token * top_k + i_place
        b_said = tl.load(p_said + i_pair * rows + o_column, mask=held, other=0.0).to(tl.float32)
        b_sum += b_said * tl.load(p_weights + i_pair)
    tl.store(p_out + i_token * rows + o_column, narrow(b_sum, p_out.dtype.element_ty), mask=held)
