"""The router in two kernels: scores, with the hidden size split among programs, then the choice.

A product of two bf16 numbers is exact in float32. So bf16 inputs use the matrix units and give the
reference's float32 scores up to the order of the sum.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from kernels.language import mma, sigmoid
from kernels.launch import ceil_div, launch, round_up_to_power_of_two, view_as_rows

EXPERTS, DEPTH = 64, 64  # rows of the weight in a tile, columns in a step
PLAIN = 16, 32  # the same for float32 inputs without matrix units; larger tiles spill
# About two for each multiprocessor. One token reads K2.6's 5.5 MB of weights, which needs all of
# them.
PROGRAMS = 256


@triton.jit
def score(
    p_x,
    p_weight,
    p_out,
    x_row,
    tokens,
    hidden,
    experts,
    share,
    EXPERTS: tl.constexpr,
    TOKENS: tl.constexpr,
    DEPTH: tl.constexpr,
):
    o_expert = tl.program_id(0) * EXPERTS + tl.arange(0, EXPERTS)
    o_token = tl.program_id(1) * TOKENS + tl.arange(0, TOKENS)
    i_split = tl.program_id(2)
    first, last = i_split * share, min(hidden, (i_split + 1) * share)
    p_rows = p_weight + o_expert[:, None].to(tl.int64) * hidden
    p_tokens = p_x + o_token[None, :].to(tl.int64) * x_row
    b_sum = tl.zeros((EXPERTS, TOKENS), tl.float32)
    for start in range(first, last, DEPTH):
        o_depth = start + tl.arange(0, DEPTH)
        held = o_depth < last
        b_weight = tl.load(
            p_rows + o_depth[None, :], mask=(o_expert < experts)[:, None] & held[None, :], other=0.0
        )
        b_x = tl.load(
            p_tokens + o_depth[:, None], mask=held[:, None] & (o_token < tokens)[None, :], other=0.0
        )
        if b_weight.dtype != b_x.dtype:
            b_sum = mma(b_weight.to(tl.float32), b_x.to(tl.float32), b_sum)
        else:
            b_sum = mma(b_weight, b_x, b_sum)
    p_cells = (
        p_out + (i_split * tokens + o_token[None, :]).to(tl.int64) * experts + o_expert[:, None]
    )
    tl.store(p_cells, b_sum, mask=(o_expert < experts)[:, None] & (o_token < tokens)[None, :])


@triton.jit
def choose(
    p_scores,
    p_bias,
    p_indices,
    p_weights,
    tokens,
    experts,
    splits,
    factor,
    EXPERTS: tl.constexpr,
    TOP_K: tl.constexpr,
    GROUPS: tl.constexpr,
    TOP_GROUPS: tl.constexpr,
    NORMALIZE: tl.constexpr,
):
    i_token = tl.program_id(0).to(tl.int64)
    o_expert = tl.arange(0, EXPERTS)
    held = o_expert < experts
    b_score = tl.zeros((EXPERTS,), tl.float32)
    for i_split in range(splits):
        b_score += tl.load(
            p_scores + (i_split * tokens + i_token) * experts + o_expert, mask=held, other=0.0
        )
    b_score = sigmoid(b_score)
    b_bias = tl.load(p_bias + o_expert, mask=held, other=0.0).to(tl.float32)
    b_choice = tl.where(held, b_score + b_bias, -float("inf"))
    if TOP_GROUPS < GROUPS:
        o_group = tl.arange(0, triton.next_power_of_2(GROUPS))
        b_group = o_expert // (experts // GROUPS)
        b_best = tl.full((triton.next_power_of_2(GROUPS),), -float("inf"), tl.float32)
        for i_group in tl.static_range(GROUPS):
            b_own = tl.where(held & (b_group == i_group), b_choice, -float("inf"))
            first, i_first = tl.max(b_own, axis=0, return_indices=True)
            second = tl.max(tl.where(o_expert == i_first, -float("inf"), b_own), axis=0)
            b_best = tl.where(o_group == i_group, first + second, b_best)
        b_open = tl.zeros((EXPERTS,), tl.int32)
        for _ in tl.static_range(TOP_GROUPS):
            i_group = tl.max(b_best, axis=0, return_indices=True)[1]
            b_open = tl.where(b_group == i_group, 1, b_open)
            b_best = tl.where(o_group == i_group, -float("inf"), b_best)
        b_choice = tl.where(b_open == 1, b_choice, -float("inf"))
    o_place = tl.arange(0, triton.next_power_of_2(TOP_K))
    b_index = tl.zeros((triton.next_power_of_2(TOP_K),), tl.int32)
    b_weight = tl.zeros((triton.next_power_of_2(TOP_K),), tl.float32)
    for place in tl.static_range(TOP_K):
        i_best = tl.max(b_choice, axis=0, return_indices=True)[1]
        b_index = tl.where(o_place == place, i_best, b_index)
        b_weight = tl.where(
            o_place == place, tl.sum(tl.where(o_expert == i_best, b_score, 0.0)), b_weight
        )
        b_choice = tl.where(o_expert == i_best, -float("inf"), b_choice)
    if NORMALIZE:
        b_weight = b_weight / (tl.sum(b_weight) + 1e-20)
    tl.store(p_indices + i_token * TOP_K + o_place, b_index.to(tl.int64), mask=o_place < TOP_K)
    tl.store(p_weights + i_token * TOP_K + o_place, b_weight * factor, mask=o_place < TOP_K)


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
    x, weight = view_as_rows(x), weight.contiguous()
    (tokens, hidden), experts = x.shape, len(weight)
    uses_matrix_units = x.dtype == weight.dtype == torch.bfloat16
    rows, depth = (EXPERTS, DEPTH) if uses_matrix_units else PLAIN
    block = min(64, round_up_to_power_of_two(tokens, 16)) if uses_matrix_units else 16
    tiles = ceil_div(experts, rows), ceil_div(tokens, block)
    share = (
        ceil_div(ceil_div(hidden, max(1, PROGRAMS // max(1, tiles[0] * tiles[1]))), depth) * depth
    )
    splits = ceil_div(hidden, share)
    scores = torch.empty((splits, tokens, experts), dtype=torch.float32, device=x.device)
    indices = torch.empty((tokens, top_k), dtype=torch.int64, device=x.device)
    weights = torch.empty((tokens, top_k), dtype=torch.float32, device=x.device)
    launch(
        score,
        (*tiles, splits),
        x,
        weight,
        scores,
        x.stride(0),
        tokens,
        hidden,
        experts,
        share,
        EXPERTS=rows,
        TOKENS=block,
        DEPTH=depth,
        warps=8 if block == 64 else 4,
        stages=4 if uses_matrix_units else 2,
        matrix=rows if uses_matrix_units else 0,
    )
    launch(
        choose,
        (tokens,),
        scores,
        bias,
        indices,
        weights,
        tokens,
        experts,
        splits,
        factor,
        EXPERTS=round_up_to_power_of_two(experts),
        TOP_K=top_k,
        GROUPS=groups,
        TOP_GROUPS=top_groups,
        NORMALIZE=normalize,
        warps=1,
        stages=1,
    )
    return indices, weights
