"""The routed experts from shuffled INT4 weights: a form for up to four tokens, and one for more."""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.int4_moe import many, one
from kernels.int4_moe.routing import sort_pairs
from kernels.int4_moe.shuffled import Shuffled
from kernels.launch import ceil_div, launch, round_up_to_power_of_two, view_as_rows
from kernels.tuning import find_setting

FEW = 4  # tokens up to which each passes over its experts alone
COLUMNS = 1024


def int4_moe(
    x: Tensor, indices: Tensor, weights: Tensor, gate: Shuffled, up: Shuffled, down: Shuffled
) -> Tensor:
    x, indices, weights = view_as_rows(x), indices.contiguous(), weights.contiguous()
    form = _one if len(x) <= FEW else _many
    return form(x, indices, weights, gate, up, down)


def _one(
    x: Tensor, indices: Tensor, weights: Tensor, gate: Shuffled, up: Shuffled, down: Shuffled
) -> Tensor:
    (tokens, top_k), width, hidden = indices.shape, gate.rows, down.rows
    h = torch.empty((tokens * top_k, width), dtype=x.dtype, device=x.device)
    out = torch.empty((tokens, hidden), dtype=x.dtype, device=x.device)
    use = find_setting("int4_moe.one.gate_up", tokens, x.device)
    rows = min(use["rows"], round_up_to_power_of_two(width))
    launch(
        one.gate_up,
        (ceil_div(width, rows), tokens * top_k),
        x,
        indices,
        *_halfwords(gate, torch.int32),
        *_halfwords(up, torch.int32),
        h,
        x.stride(0),
        top_k,
        width,
        gate.columns,
        gate.words.shape[1],
        ROWS=rows,
        STAGES=use["stages"],
        warps=use["warps"],
        stages=use["stages"],
    )
    use = find_setting("int4_moe.one.down", tokens, x.device)
    rows = min(use["rows"], round_up_to_power_of_two(hidden))
    launch(
        one.down,
        (ceil_div(hidden, rows), tokens),
        h,
        indices,
        weights,
        *_halfwords(down, torch.int32),
        out,
        top_k,
        hidden,
        down.columns,
        down.words.shape[1],
        ROWS=rows,
        STAGES=use["stages"],
        warps=use["warps"],
        stages=use["stages"],
    )
    return out


def _many(
    x: Tensor, indices: Tensor, weights: Tensor, gate: Shuffled, up: Shuffled, down: Shuffled
) -> Tensor:
    (tokens, top_k), width, hidden = indices.shape, gate.rows, down.rows
    experts = len(gate.words)
    each = ceil_div(tokens * top_k, experts)
    first, second = (
        find_setting("int4_moe.many.gate_up", each, x.device),
        find_setting("int4_moe.many.down", each, x.device),
    )
    tile = first["tokens"]
    owners, places = sort_pairs(indices, experts, tile)
    h = torch.empty((tokens * top_k, width), dtype=x.dtype, device=x.device)
    said = torch.empty((tokens * top_k, hidden), dtype=x.dtype, device=x.device)
    out = torch.empty((tokens, hidden), dtype=x.dtype, device=x.device)
    exact = x.dtype == torch.bfloat16
    launch(
        many.gate_up,
        (len(owners), ceil_div(width, first["rows"])),
        x,
        owners,
        places,
        *_halfwords(gate, torch.int16),
        *_halfwords(up, torch.int16),
        h,
        x.stride(0),
        top_k,
        width,
        gate.columns,
        gate.words.shape[1],
        ROWS=first["rows"],
        TOKENS=tile,
        warps=first["warps"],
        stages=first["stages"],
        matrix=first["rows"] * exact,
    )
    launch(
        many.down,
        (len(owners), ceil_div(hidden, second["rows"])),
        h,
        owners,
        places,
        *_halfwords(down, torch.int16),
        said,
        hidden,
        down.columns,
        down.words.shape[1],
        ROWS=second["rows"],
        TOKENS=tile,
        warps=second["warps"],
        stages=second["stages"],
        matrix=second["rows"] * exact,
    )
    columns = min(COLUMNS, round_up_to_power_of_two(hidden))
    launch(
        many.combine,
        (tokens, ceil_div(hidden, columns)),
        said,
        weights,
        out,
        top_k,
        hidden,
        COLUMNS=columns,
        stages=1,
    )
    return out


def _halfwords(weight: Shuffled, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """(its words as numbers of `dtype`, the four scales of a row and block as one number)."""
    return weight.words.view(dtype), weight.scales.view(torch.int64)
