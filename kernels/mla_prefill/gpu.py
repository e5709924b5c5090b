"""Expanded latent attention, one chunk of the context at a time.

Keys and values of a chunk are expanded from its latents once, for all heads. Then every tile of
queries reads them. The state of a tile is stored in memory between chunks, so the workspace is
bounded for any context. Nothing is copied to the host.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from kernels.language import mma, narrow, owner
from kernels.launch import ceil_div, launch, round_up_to_power_of_two
from kernels.tuning import find_setting

LOG2_E = 1.4426950408889634
WORKSPACE = 1 << 28  # bytes of expanded keys and values: 8,192 tokens of K2.6 in bf16


@triton.jit
def expand(
    p_cache,
    p_kv_b,
    p_context,
    p_table,
    p_out,
    block_row,
    cache_row,
    table_row,
    begin,
    chunk,
    rank: tl.constexpr,
    width: tl.constexpr,
    block_size: tl.constexpr,
    KEYS: tl.constexpr,
    COLUMNS: tl.constexpr,
    DEPTH: tl.constexpr,
):
    """Multiply a chunk's latents by kv_b [width, rank] -> [sequences, chunk, width].

    The result holds the keys and values of all heads.
    """
    i_sequence = tl.program_id(2)
    o_key = tl.program_id(0) * KEYS + tl.arange(0, KEYS)
    o_place = begin + o_key
    context = tl.load(p_context + i_sequence)
    if begin + tl.program_id(0) * KEYS >= context:
        return
    live = (o_place < context) & (o_key < chunk)
    b_block = tl.load(p_table + i_sequence * table_row + o_place // block_size, mask=live, other=0)
    o_from = b_block.to(tl.int64) * block_row + o_place % block_size * cache_row
    o_column = tl.program_id(1) * COLUMNS + tl.arange(0, COLUMNS)
    b_sum = tl.zeros((KEYS, COLUMNS), tl.float32)
    for start in range(0, rank, DEPTH):
        o_depth = start + tl.arange(0, DEPTH)
        b_latent = tl.load(
            p_cache + o_from[:, None] + o_depth[None, :],
            mask=live[:, None] & (o_depth < rank)[None, :],
            other=0.0,
        )
        b_weight = tl.load(
            p_kv_b + o_column[None, :] * rank + o_depth[:, None],
            mask=(o_column < width)[None, :] & (o_depth < rank)[:, None],
            other=0.0,
        )
        b_sum = mma(b_latent.to(b_weight.dtype), b_weight, b_sum)
    p_row = p_out + (i_sequence * chunk + o_key[:, None]).to(tl.int64) * width
    tl.store(
        p_row + o_column[None, :],
        narrow(b_sum, p_out.dtype.element_ty),
        mask=live[:, None] & (o_column < width)[None, :],
    )


@triton.jit
def attend(
    p_nope,
    p_rope,
    p_cache,
    p_both,
    p_starts,
    p_context,
    p_table,
    p_sum,
    p_peak,
    p_total,
    p_out,
    nope_token,
    nope_head,
    rope_token,
    rope_head,
    block_row,
    cache_row,
    table_row,
    sequences,
    begin,
    chunk,
    scale,
    heads: tl.constexpr,
    nope: tl.constexpr,
    rope: tl.constexpr,
    v: tl.constexpr,
    rank: tl.constexpr,
    block_size: tl.constexpr,
    FIRST: tl.constexpr,
    LAST: tl.constexpr,
    ROWS: tl.constexpr,
    KEYS: tl.constexpr,
    NOPE: tl.constexpr,
    ROPE: tl.constexpr,
    V: tl.constexpr,
    SEQUENCES: tl.constexpr,
    STAGES: tl.constexpr,
):
    """Add a chunk to the state of each tile of queries. `scale` includes log2 e."""
    i_sequence, i_tile = owner(p_starts, sequences, 1, tl.program_id(0), ROWS, SEQUENCES)
    if i_sequence >= sequences:
        return
    i_head = tl.program_id(1)
    first, last = tl.load(p_starts + i_sequence), tl.load(p_starts + i_sequence + 1)
    context = tl.load(p_context + i_sequence)
    o_token = first + i_tile * ROWS + tl.arange(0, ROWS)
    held = o_token < last
    b_seen = tl.where(held, context - last + o_token + 1, 0)
    end = min(tl.max(b_seen), begin + chunk)

    o_nope, o_rope, o_v, o_key = (
        tl.arange(0, NOPE),
        tl.arange(0, ROPE),
        tl.arange(0, V),
        tl.arange(0, KEYS),
    )
    p_row = p_nope + (o_token * nope_token + i_head * nope_head)[:, None]
    b_q = tl.load(p_row + o_nope[None, :], mask=held[:, None] & (o_nope < nope)[None, :], other=0.0)
    p_row = p_rope + (o_token * rope_token + i_head * rope_head)[:, None]
    b_turned = tl.load(
        p_row + o_rope[None, :], mask=held[:, None] & (o_rope < rope)[None, :], other=0.0
    )
    o_cell = o_token * heads + i_head
    p_cell = p_sum + (o_cell * v)[:, None] + o_v[None, :]
    whole = held[:, None] & (o_v < v)[None, :]
    if FIRST:
        b_sum = tl.zeros((ROWS, V), tl.float32)
        b_peak, b_total = tl.full((ROWS,), -float("inf"), tl.float32), tl.zeros((ROWS,), tl.float32)
    else:
        b_sum = tl.load(p_cell, mask=whole, other=0.0)
        b_peak = tl.load(p_peak + o_cell, mask=held, other=-float("inf"))
        b_total = tl.load(p_total + o_cell, mask=held, other=0.0)
    p_own = p_both + (i_sequence * chunk * heads + i_head).to(tl.int64) * (nope + v)
    for start in tl.range(begin, end, KEYS, num_stages=STAGES):
        o_place = start + o_key
        live = o_place < end
        p_key = p_own + ((o_place - begin) * heads * (nope + v))
        b_k = tl.load(
            p_key[None, :] + o_nope[:, None],
            mask=live[None, :] & (o_nope < nope)[:, None],
            other=0.0,
        )
        b_v = tl.load(
            p_key[:, None] + nope + o_v[None, :], mask=live[:, None] & (o_v < v)[None, :], other=0.0
        )
        b_block = tl.load(
            p_table + i_sequence * table_row + o_place // block_size, mask=live, other=0
        )
        o_from = b_block * block_row + o_place % block_size * cache_row + rank
        b_k_rope = tl.load(
            p_cache + (o_from[None, :] + o_rope[:, None]),
            mask=live[None, :] & (o_rope < rope)[:, None],
            other=0.0,
        )
        b_score = mma(b_q, b_k, tl.zeros((ROWS, KEYS), tl.float32))
        b_score = mma(b_turned, b_k_rope.to(b_turned.dtype), b_score) * scale
        b_score = tl.where(
            o_place[None, :] < tl.minimum(b_seen, end)[:, None], b_score, -float("inf")
        )
        b_higher = tl.maximum(b_peak, tl.max(b_score, axis=1))
        b_level = tl.where(b_higher == -float("inf"), 0.0, b_higher)
        b_weight = tl.exp2(b_score - b_level[:, None])
        b_fade = tl.exp2(b_peak - b_level)
        b_total = b_total * b_fade + tl.sum(b_weight, axis=1)
        b_peak = b_higher
        b_sum = mma(narrow(b_weight, b_v.dtype), b_v, b_sum * b_fade[:, None])
    if LAST:
        b_out = b_sum * (1.0 / tl.where(b_total == 0.0, 1.0, b_total))[:, None]
        p_cell = p_out + (o_cell * v)[:, None] + o_v[None, :]
        tl.store(p_cell, narrow(b_out, p_out.dtype.element_ty), mask=whole)
    else:
        tl.store(p_cell, b_sum, mask=whole)
        tl.store(p_peak + o_cell, b_peak, mask=held)
        tl.store(p_total + o_cell, b_total, mask=held)


def mla_prefill(
    q_nope: Tensor,
    q_rope: Tensor,
    cache: Tensor,
    kv_b: Tensor,
    query_start: Tensor,
    context: Tensor,
    block_table: Tensor,
    scale: float,
) -> Tensor:
    if cache.numel() >= 1 << 31:
        raise ValueError(
            f"cache holds {cache.numel()} numbers; a layer's cache on a GPU must hold fewer than "
            f"{1 << 31}."
        )
    q_nope, q_rope = (x if x.stride(-1) == 1 else x.contiguous() for x in (q_nope, q_rope))
    (tokens, heads, nope), rope, rank = q_nope.shape, q_rope.shape[2], kv_b.shape[2]
    sequences, width, v = len(context), kv_b.shape[1] * heads, kv_b.shape[1] - nope
    longest = block_table.shape[1] * cache.shape[1]
    use = find_setting("mla_prefill.attend", tokens, q_nope.device)
    expansion = find_setting("mla_prefill.expand", longest, q_nope.device)
    keys_in_workspace = WORKSPACE // (sequences * width * kv_b.element_size())
    chunk = max(use["keys"], keys_in_workspace // use["keys"] * use["keys"])
    chunk = min(chunk, ceil_div(longest, use["keys"]) * use["keys"])
    expanded = torch.empty((sequences, chunk, width), dtype=q_nope.dtype, device=q_nope.device)
    out = torch.empty((tokens, heads, v), dtype=q_nope.dtype, device=q_nope.device)
    # The state between chunks; not used if there is only one.
    stored = 1 if chunk >= longest else tokens
    sums = torch.empty((stored, heads, v), dtype=torch.float32, device=q_nope.device)
    peaks = torch.empty(sums.shape[:2], dtype=torch.float32, device=q_nope.device)
    totals = torch.empty_like(peaks)
    rows = min(use["rows"], round_up_to_power_of_two(tokens, 16))
    uses_matrix_units = q_nope.dtype == torch.bfloat16
    for begin in range(0, longest, chunk):
        launch(
            expand,
            (ceil_div(chunk, expansion["keys"]), ceil_div(width, expansion["columns"]), sequences),
            cache,
            kv_b.contiguous(),
            context,
            block_table,
            expanded,
            cache.stride(0),
            cache.stride(1),
            block_table.stride(0),
            begin,
            chunk,
            rank=rank,
            width=width,
            block_size=cache.shape[1],
            KEYS=expansion["keys"],
            COLUMNS=expansion["columns"],
            DEPTH=expansion["depth"],
            warps=expansion["warps"],
            stages=expansion["stages"],
            matrix=expansion["keys"] if uses_matrix_units else 0,
        )
        launch(
            attend,
            (ceil_div(tokens, rows) + sequences - 1, heads),
            q_nope,
            q_rope,
            cache,
            expanded,
            query_start,
            context,
            block_table,
            sums,
            peaks,
            totals,
            out,
            q_nope.stride(0),
            q_nope.stride(1),
            q_rope.stride(0),
            q_rope.stride(1),
            cache.stride(0),
            cache.stride(1),
            block_table.stride(0),
            sequences,
            begin,
            chunk,
            scale * LOG2_E,
            heads=heads,
            nope=nope,
            rope=rope,
            v=v,
            rank=rank,
            block_size=cache.shape[1],
            FIRST=begin == 0,
            LAST=begin + chunk >= longest,
            ROWS=rows,
            KEYS=use["keys"],
            NOPE=round_up_to_power_of_two(nope, 16),
            ROPE=round_up_to_power_of_two(rope, 16),
            V=round_up_to_power_of_two(v, 16),
            SEQUENCES=round_up_to_power_of_two(sequences),
            STAGES=use["stages"],
            warps=use["warps"],
            stages=use["stages"],
            matrix=rows if uses_matrix_units else 0,
        )
    return out
