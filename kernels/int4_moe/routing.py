"""Sorting of pairs of token and expert into tiles of one expert, without a copy to the host.

The first kernel computes each pair's rank among the pairs of its expert, the second its place.
Ranks are in any order, which does not change results: a pair's values do not depend on its place in
a tile.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from kernels.launch import ceil_div, launch, round_up_to_power_of_two

PAIRS = 32  # for each program, which holds PAIRS × experts values


@triton.jit
def rank(p_indices, p_counts, p_rank, pairs, PAIRS: tl.constexpr):
    o_pair = tl.program_id(0) * PAIRS + tl.arange(0, PAIRS)
    held = o_pair < pairs
    b_expert = tl.load(p_indices + o_pair, mask=held, other=0)
    tl.store(p_rank + o_pair, tl.atomic_add(p_counts + b_expert, 1, mask=held), mask=held)


@triton.jit
def place(
    p_indices,
    p_counts,
    p_rank,
    p_tiles,
    p_sorted,
    pairs,
    experts,
    PAIRS: tl.constexpr,
    EXPERTS: tl.constexpr,
    TOKENS: tl.constexpr,
):
    o_pair, o_expert = tl.program_id(0) * PAIRS + tl.arange(0, PAIRS), tl.arange(0, EXPERTS)
    held = o_pair < pairs
    b_expert = tl.load(p_indices + o_pair, mask=held, other=0).to(tl.int32)
    b_rank = tl.load(p_rank + o_pair, mask=held, other=0)
    b_count = tl.load(p_counts + o_expert, mask=o_expert < experts, other=0)
    b_tiles = (b_count + TOKENS - 1) // TOKENS
    b_first = tl.cumsum(b_tiles, axis=0) - b_tiles
    b_own = tl.sum(tl.where(o_expert[None, :] == b_expert[:, None], b_first[None, :], 0), axis=1)
    b_tile = b_own + b_rank // TOKENS
    tl.store(p_sorted + b_tile * TOKENS + b_rank % TOKENS, o_pair + 1, mask=held)
    tl.store(p_tiles + b_tile, b_expert + 1, mask=held & (b_rank % TOKENS == 0))


def sort_pairs(indices: Tensor, experts: int, tokens: int) -> tuple[Tensor, Tensor]:
    """Return (expert + 1 of each tile, pair + 1 of each row of the tiles); 0 means none.

    indices [T, top_k]; a tile has `tokens` rows. There are as many tiles as any choice of experts
    may need; unused tiles at the end have no expert.
    """
    pairs = indices.numel()
    tiles = pairs // tokens + min(experts, pairs)
    noted = torch.zeros(experts + tiles + tiles * tokens, dtype=torch.int32, device=indices.device)
    counts, owners, places = noted.split((experts, tiles, tiles * tokens))
    ranks = torch.empty(pairs, dtype=torch.int32, device=indices.device)
    grid = (ceil_div(pairs, PAIRS),)
    launch(rank, grid, indices, counts, ranks, pairs, PAIRS=PAIRS, warps=1, stages=1)
    launch(
        place,
        grid,
        indices,
        counts,
        ranks,
        owners,
        places,
        pairs,
        experts,
        PAIRS=PAIRS,
        EXPERTS=round_up_to_power_of_two(experts),
        TOKENS=tokens,
        warps=4,
        stages=1,
    )
    return owners, places
