"""Attention within concatenated items, a tile of queries of one item and head for each program.

A head of 72 numbers is split into 64 and a tail of 8, padded to 16. So 80 columns are multiplied;
with the next power of two, 128, 44 % of the work would be wasted.
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


@triton.jit
def attend(
    p_q,
    p_k,
    p_v,
    p_starts,
    p_out,
    q_patch,
    q_head,
    k_patch,
    k_head,
    v_patch,
    v_head,
    items,
    scale,
    heads: tl.constexpr,
    dim: tl.constexpr,
    LEAD: tl.constexpr,
    TAIL: tl.constexpr,
    ROWS: tl.constexpr,
    KEYS: tl.constexpr,
    ITEMS: tl.constexpr,
    STAGES: tl.constexpr,
):
    """Attend for one tile. TAIL is 0 if the lead is the whole head. `scale` includes log2 e."""
    i_item, i_tile = owner(p_starts, items, 1, tl.program_id(0), ROWS, ITEMS)
    if i_item >= items:
        return
    i_head = tl.program_id(1)
    first, last = tl.load(p_starts + i_item), tl.load(p_starts + i_item + 1)
    o_row = (first + i_tile * ROWS + tl.arange(0, ROWS)).to(tl.int64)
    o_key = tl.arange(0, KEYS)
    o_lead, o_tail = tl.arange(0, LEAD), LEAD + tl.arange(0, 16)
    held, in_lead, in_tail = (o_row < last)[:, None], o_lead < dim, o_tail < dim
    p_row = p_q + (o_row * q_patch)[:, None] + i_head * q_head
    b_q = tl.load(p_row + o_lead[None, :], mask=held & in_lead[None, :], other=0.0)
    dtype = b_q.dtype
    b_out = tl.zeros((ROWS, LEAD), tl.float32)
    if TAIL:
        b_q_tail = tl.load(p_row + o_tail[None, :], mask=held & in_tail[None, :], other=0.0)
        b_out_tail = tl.zeros((ROWS, 16), tl.float32)
    b_peak, b_total = tl.full((ROWS,), -float("inf"), tl.float32), tl.zeros((ROWS,), tl.float32)
    for start in tl.range(first, last, KEYS, num_stages=STAGES):
        o_place = start + o_key
        live = o_place < last
        p_key = p_k + (o_place * k_patch)[None, :] + i_head * k_head
        p_value = p_v + (o_place * v_patch)[:, None] + i_head * v_head
        b_k = tl.load(p_key + o_lead[:, None], mask=live[None, :] & in_lead[:, None], other=0.0)
        b_v = tl.load(p_value + o_lead[None, :], mask=live[:, None] & in_lead[None, :], other=0.0)
        b_score = mma(b_q, b_k, tl.zeros((ROWS, KEYS), tl.float32))
        if TAIL:
            b_k_tail = tl.load(
                p_key + o_tail[:, None], mask=live[None, :] & in_tail[:, None], other=0.0
            )
            b_v_tail = tl.load(
                p_value + o_tail[None, :], mask=live[:, None] & in_tail[None, :], other=0.0
            )
            b_score = mma(b_q_tail, b_k_tail, b_score)
        b_score = tl.where(live[None, :], b_score * scale, -float("inf"))
        b_higher = tl.maximum(b_peak, tl.max(b_score, axis=1))
        b_weight = tl.exp2(b_score - b_higher[:, None])
        b_fade = tl.exp2(b_peak - b_higher)
        b_total = b_total * b_fade + tl.sum(b_weight, axis=1)
        b_peak = b_higher
        b_weight = narrow(b_weight, dtype)
        b_out = mma(b_weight, b_v, b_out * b_fade[:, None])
        if TAIL:
            b_out_tail = mma(b_weight, b_v_tail, b_out_tail * b_fade[:, None])
    b_share = (1.0 / b_total)[:, None]
    p_cell = p_out + ((o_row * heads + i_head) * dim)[:, None]
    tl.store(p_cell + o_lead[None, :], narrow(b_out * b_share, dtype), mask=held & in_lead[None, :])
    if TAIL:
        tl.store(
            p_cell + o_tail[None, :],
            narrow(b_out_tail * b_share, dtype),
            mask=held & in_tail[None, :],
        )


def vit_attention(q: Tensor, k: Tensor, v: Tensor, starts: Tensor, scale: float) -> Tensor:
    q, k, v = (x if x.stride(-1) == 1 else x.contiguous() for x in (q, k, v))
    patches, heads, dim = q.shape
    items = len(starts) - 1
    out = torch.empty((patches, heads, dim), dtype=q.dtype, device=q.device)
    lead = max(16, 1 << (dim.bit_length() - 1))
    # With a tail of more than 16, the next power of two is not more work.
    lead = lead if dim - lead <= 16 else round_up_to_power_of_two(dim)
    use = find_setting("vit_attention", patches, q.device)
    rows = min(use["rows"], round_up_to_power_of_two(patches, 16))
    launch(
        attend,
        (ceil_div(patches, rows) + items - 1, heads),
        q,
        k,
        v,
        starts.to(q.device, torch.int32),
        out,
        q.stride(0),
        q.stride(1),
        k.stride(0),
        k.stride(1),
        v.stride(0),
        v.stride(1),
        items,
        scale * LOG2_E,
        heads=heads,
        dim=dim,
        LEAD=lead,
        TAIL=int(dim > lead),
        ROWS=rows,
        KEYS=use["keys"],
        ITEMS=round_up_to_power_of_two(items),
        STAGES=use["stages"],
        warps=use["warps"],
        stages=use["stages"],
        matrix=rows if q.dtype == torch.bfloat16 else 0,
    )
    return out
