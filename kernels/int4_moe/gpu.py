"""The routed experts with shuffled INT4 weights: one form for up to four tokens, one for more."""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.int4_moe import many, one
from kernels.int4_moe.routing import sort_pairs
from kernels.int4_moe.shuffled import Shuffled
from kernels.launch import ceil_div, launch, round_up_to_power_of_two, view_as_rows
from kernels.tuning import find_setting

FEW = 4  # the most tokens for the form that computes each pair of token and expert alone
COLUMNS = 1024  # columns for each program of `combine`


def int4_moe(
    x: Tensor, indices: Tensor, weights: Tensor, gate: Shuffled, up: Shuffled, down: Shuffled
) -> Tensor:
    x, indices, weights = view_as_rows(x), indices.contiguous(), weights.contiguous()
    compute = _compute_few if len(x) <= FEW else _compute_many
    return compute(x, indices, weights, gate, up, down)


def _compute_few(
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
        *_view_words(gate, torch.int32),
        *_view_words(up, torch.int32),
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
        *_view_words(down, torch.int32),
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


def _compute_many(
    x: Tensor, indices: Tensor, weights: Tensor, gate: Shuffled, up: Shuffled, down: Shuffled
) -> Tensor:
    (tokens, top_k), width, hidden = indices.shape, gate.rows, down.rows
    experts = len(gate.words)
    tokens_each = ceil_div(tokens * top_k, experts)
    first = find_setting("int4_moe.many.gate_up", tokens_each, x.device)
    second = find_setting("int4_moe.many.down", tokens_each, x.device)
    tile = first["tokens"]
    owners, places = sort_pairs(indices, experts, tile)
    h = torch.empty((tokens * top_k, width), dtype=x.dtype, device=x.device)
    outputs = torch.empty((tokens * top_k, hidden), dtype=x.dtype, device=x.device)
    out = torch.empty((tokens, hidden), dtype=x.dtype, device=x.device)
    uses_matrix_units = x.dtype == torch.bfloat16
    launch(
        many.gate_up,
        (len(owners), ceil_div(width, first["rows"])),
        x,
        owners,
        places,
        *_view_words(gate, torch.int16),
        *_view_words(up, torch.int16),
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
        matrix=first["rows"] if uses_matrix_units else 0,
    )
    launch(
        many.down,
        (len(owners), ceil_div(hidden, second["rows"])),
        h,
        owners,
        places,
        *_view_words(down, torch.int16),
        outputs,
        hidden,
        down.columns,
        down.words.shape[1],
        ROWS=second["rows"],
        TOKENS=tile,
        warps=second["warps"],
        stages=second["stages"],
        matrix=second["rows"] if uses_matrix_units else 0,
    )
    columns = min(COLUMNS, round_up_to_power_of_two(hidden))
    launch(
        many.combine,
        (tokens, ceil_div(hidden, columns)),
        outputs,
        weights,
        out,
        top_k,
        hidden,
        COLUMNS=columns,
        stages=1,
    )
    return out


def _view_words(weight: Shuffled, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """Return (the words as `dtype`, the four scales of a row and block as one int64)."""
    return weight.words.view(dtype), weight.scales.view(torch.int64)
