"""Absorbed latent attention over the paged cache, with the context split among programs.

A second kernel combines their parts. A tile's rows are heads of one token, or of several tokens of
one sequence if a token has few heads. A tile of latents is read once and used as keys and, with its
first `rank` numbers, as values.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from kernels.language import mma, narrow, owner
from kernels.launch import ceil_div, launch, round_up_to_power_of_two
from kernels.tuning import find_setting

# One for each multiprocessor of a Hopper GPU: a tile of 64 heads and its keys fills one (147 KB).
PROGRAMS = 132
LOG2_E = 1.4426950408889634
LEAST = 256  # keys in a split; with fewer, the parts are larger than the keys they are made from


@triton.jit
def attend(
    p_q,
    p_cache,
    p_starts,
    p_context,
    p_table,
    p_out,
    p_peak,
    p_total,
    q_token,
    q_head,
    block_row,
    cache_row,
    table_row,
    sequences,
    splits,
    scale,
    heads: tl.constexpr,
    rank: tl.constexpr,
    rope: tl.constexpr,
    block_size: tl.constexpr,
    ROWS: tl.constexpr,
    KEYS: tl.constexpr,
    RANK: tl.constexpr,
    ROPE: tl.constexpr,
    SEQUENCES: tl.constexpr,
    STAGES: tl.constexpr,
):
    """Compute the parts of one split. `scale` includes log2 e, because the hardware has 2^x."""
    i_sequence, i_tile = owner(p_starts, sequences, heads, tl.program_id(0), ROWS, SEQUENCES)
    if i_sequence >= sequences:
        return
    i_split = tl.program_id(1)
    first, last = tl.load(p_starts + i_sequence), tl.load(p_starts + i_sequence + 1)
    context = tl.load(p_context + i_sequence)
    o_row = i_tile * ROWS + tl.arange(0, ROWS)
    o_token, o_head = first + o_row // heads, o_row % heads
    held = o_token < last
    b_seen = tl.where(held, context - last + o_token + 1, 0)  # keys that are visible to a row
    share = tl.cdiv(tl.cdiv(context, splits), KEYS) * KEYS
    begin, end = i_split * share, min(tl.max(b_seen), (i_split + 1) * share)

    o_rank, o_rope, o_key = tl.arange(0, RANK), tl.arange(0, ROPE), tl.arange(0, KEYS)
    p_row = p_q + (o_token * q_token + o_head * q_head)[:, None]
    b_q = tl.load(p_row + o_rank[None, :], mask=held[:, None] & (o_rank < rank)[None, :], other=0.0)
    b_turned = tl.load(
        p_row + rank + o_rope[None, :], mask=held[:, None] & (o_rope < rope)[None, :], other=0.0
    )
    b_out = tl.zeros((ROWS, RANK), tl.float32)
    b_peak = tl.full((ROWS,), -float("inf"), tl.float32)
    b_total = tl.zeros((ROWS,), tl.float32)
    for start in tl.range(begin, end, KEYS, num_stages=STAGES):
        o_place = start + o_key
        live = o_place < end
        b_block = tl.load(
            p_table + i_sequence * table_row + o_place // block_size, mask=live, other=0
        )
        o_from = b_block * block_row + o_place % block_size * cache_row
        b_latent = tl.load(
            p_cache + (o_from[:, None] + o_rank[None, :]),
            mask=live[:, None] & (o_rank < rank)[None, :],
            other=0.0,
        )
        b_key = tl.load(
            p_cache + (o_from[None, :] + rank + o_rope[:, None]),
            mask=live[None, :] & (o_rope < rope)[:, None],
            other=0.0,
        )
        b_score = mma(b_q, tl.trans(b_latent).to(b_q.dtype), tl.zeros((ROWS, KEYS), tl.float32))
        b_score = mma(b_turned, b_key.to(b_q.dtype), b_score) * scale
        b_score = tl.where(
            o_place[None, :] < tl.minimum(b_seen, end)[:, None], b_score, -float("inf")
        )
        b_higher = tl.maximum(b_peak, tl.max(b_score, axis=1))
        # A row without a visible key so far keeps weights of 0: −inf − (−inf) would be NaN.
        b_level = tl.where(b_higher == -float("inf"), 0.0, b_higher)
        b_weight = tl.exp2(b_score - b_level[:, None])
        b_fade = tl.exp2(b_peak - b_level)
        b_out = mma(narrow(b_weight, b_q.dtype), b_latent.to(b_q.dtype), b_out * b_fade[:, None])
        b_total = b_total * b_fade + tl.sum(b_weight, axis=1)
        b_peak = b_higher
    o_cell = (o_token * heads + o_head) * splits + i_split
    b_out *= (1.0 / tl.where(b_total == 0.0, 1.0, b_total))[:, None]
    p_cell = p_out + o_cell[:, None] * rank + o_rank[None, :]
    tl.store(
        p_cell, narrow(b_out, p_out.dtype.element_ty), mask=held[:, None] & (o_rank < rank)[None, :]
    )
    tl.store(p_peak + o_cell, b_peak, mask=held)
    tl.store(p_total + o_cell, b_total, mask=held)


@triton.jit
def gather(p_parts, p_peak, p_total, p_out, splits, rank, RANK: tl.constexpr):
    """Combine the parts of one token and head, weighted by their softmax sums.

    A part without visible keys has weight 0.
    """
    i_row = tl.program_id(0).to(tl.int64)
    o_rank = tl.arange(0, RANK)
    b_out = tl.zeros((RANK,), tl.float32)
    peak, total = -float("inf"), 0.0
    for i_split in range(splits):
        i_part = i_row * splits + i_split
        own, seen = tl.load(p_peak + i_part), tl.load(p_total + i_part)
        b_part = tl.load(p_parts + i_part * rank + o_rank, mask=o_rank < rank, other=0.0)
        higher = tl.maximum(peak, own)
        level = tl.where(higher == -float("inf"), 0.0, higher)
        fade, weight = tl.exp2(peak - level), tl.exp2(own - level) * seen
        b_out, total, peak = b_out * fade + b_part * weight, total * fade + weight, higher
    tl.store(
        p_out + i_row * rank + o_rank,
        narrow(b_out / total, p_out.dtype.element_ty),
        mask=o_rank < rank,
    )


def mla_decode(
    q: Tensor,
    cache: Tensor,
    query_start: Tensor,
    context: Tensor,
    block_table: Tensor,
    scale: float,
    rank: int,
) -> Tensor:
    if cache.numel() >= 1 << 31:
        raise ValueError(
            f"cache holds {cache.numel()} numbers; a layer's cache on a GPU must hold fewer than "
            f"{1 << 31}."
        )
    q = q if q.stride(-1) == 1 else q.contiguous()
    (tokens, heads, width), sequences = q.shape, len(context)
    out = torch.empty((tokens, heads, rank), dtype=q.dtype, device=q.device)
    rows_each = round_up_to_power_of_two(tokens * heads // max(1, sequences), 16)
    use = find_setting("mla_decode", min(64, rows_each), q.device)
    rows = use["rows"]
    # An upper bound: the lengths of the sequences are on the device, and each sequence may leave a
    # part of its last tile empty.
    tiles = min(tokens * heads // rows + sequences, tokens * ceil_div(heads, rows)) if tokens else 0
    longest = block_table.shape[1] * cache.shape[1]
    splits = max(1, min(PROGRAMS // max(1, tiles), ceil_div(longest, LEAST)))
    parts = out
    if splits > 1:
        shape = (tokens, heads, splits, rank)
        parts = torch.empty(shape, dtype=torch.float32, device=q.device)
    peaks = torch.empty((tokens, heads, splits), dtype=torch.float32, device=q.device)
    totals = torch.empty_like(peaks)
    launch(
        attend,
        (tiles, splits),
        q,
        cache,
        query_start,
        context,
        block_table,
        parts,
        peaks,
        totals,
        q.stride(0),
        q.stride(1),
        cache.stride(0),
        cache.stride(1),
        block_table.stride(0),
        sequences,
        splits,
        scale * LOG2_E,
        heads=heads,
        rank=rank,
        rope=width - rank,
        block_size=cache.shape[1],
        ROWS=rows,
        KEYS=use["keys"],
        RANK=round_up_to_power_of_two(rank, 16),
        ROPE=round_up_to_power_of_two(width - rank, 16),
        SEQUENCES=round_up_to_power_of_two(sequences),
        STAGES=use["stages"],
        warps=use["warps"],
        stages=use["stages"],
        matrix=rows if q.dtype == torch.bfloat16 else 0,
    )
    if splits > 1:
        launch(
            gather,
            (tokens * heads,),
            parts,
            peaks,
            totals,
            out,
            splits,
            rank,
            RANK=round_up_to_power_of_two(rank),
            warps=4,
            stages=1,
        )
    return out
