"""Sampling without a sort, one row for each program.

The threshold of top-p is found by bisection over the bits of a float32. 31 steps are exact. Each
step reads the row, which fits into the L2 cache (655 KB for K2.6).
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from kernels.launch import launch, round_up_to_power_of_two, view_as_rows

CHUNK = 8192
LEAST = tl.constexpr(
    1.1754944e-38
)  # a temperature that is not rounded to 0: colder than this is greedy


@triton.jit
def weigh(p_row, start, vocab, peak, temperature, CHUNK: tl.constexpr):
    """Return (distance of a chunk's logits from the peak in units of temperature, e^-distance)."""
    o_token = start + tl.arange(0, CHUNK)
    b_logit = tl.load(p_row + o_token, mask=o_token < vocab, other=-float("inf"))
    b_down = (peak - b_logit) / temperature
    return b_down, tl.where(o_token < vocab, tl.exp(-b_down), 0.0)


@triton.jit
def pick(
    p_logits,
    p_temperature,
    p_top_p,
    p_min_p,
    p_uniform,
    p_out,
    logits_row,
    vocab,
    CHUNK: tl.constexpr,
):
    i_row = tl.program_id(0).to(tl.int64)
    p_row = p_logits + i_row * logits_row
    temperature = tl.maximum(tl.load(p_temperature + i_row), LEAST)
    top_p, least = tl.load(p_top_p + i_row), tl.load(p_min_p + i_row)
    peak = -float("inf")
    for start in range(0, vocab, CHUNK):
        o_token = start + tl.arange(0, CHUNK)
        b_logit = tl.load(p_row + o_token, mask=o_token < vocab, other=-float("inf"))
        peak = tl.maximum(peak, tl.max(b_logit))
    total = 0.0
    for start in range(0, vocab, CHUNK):
        _, b_weight = weigh(p_row, start, vocab, peak, temperature, CHUNK)
        total += tl.sum(b_weight)

    # `far`: the largest distance from the peak that is kept. The tokens that are nearer weigh less
    # than top_p in total.
    far, beyond = 0, 0x7F800000
    wanted = top_p * total
    if top_p >= 1.0:
        far = 0x7F800000
    else:
        for _ in range(31):
            middle = far + (beyond - far) // 2
            level = middle.to(tl.float32, bitcast=True)  # type: ignore[attr-defined]
            nearer = 0.0
            for start in range(0, vocab, CHUNK):
                b_down, b_weight = weigh(p_row, start, vocab, peak, temperature, CHUNK)
                nearer += tl.sum(tl.where(b_down < level, b_weight, 0.0))
            if nearer < wanted:
                far = middle
            else:
                beyond = middle
    level = far.to(tl.float32, bitcast=True)  # type: ignore[attr-defined]

    nearer = 0.0
    for start in range(0, vocab, CHUNK):
        b_down, b_weight = weigh(p_row, start, vocab, peak, temperature, CHUNK)
        nearer += tl.sum(tl.where((b_down < level) & (b_weight >= least), b_weight, 0.0))
    # Of the tokens exactly at the level, as many as needed to reach top_p, in order of their ids.
    own = tl.exp(-level)
    room = tl.where(own > 0.0, tl.ceil((wanted - nearer) / tl.maximum(own, LEAST)), 0.0)
    room = tl.where(top_p >= 1.0, float("inf"), tl.maximum(room, tl.where(nearer == 0.0, 1.0, 0.0)))
    room = tl.where(own >= least, room, 0.0)
    kept, equal = 0.0, 0.0
    for start in range(0, vocab, CHUNK):
        b_held, equal = hold(
            p_row, start, vocab, peak, temperature, level, least, room, equal, CHUNK
        )
        kept += tl.sum(b_held)
    wanted = kept * tl.load(p_uniform + i_row)
    token, last, sofar, equal = vocab, 0, 0.0, 0.0
    for start in range(0, vocab, CHUNK):
        b_held, equal = hold(
            p_row, start, vocab, peak, temperature, level, least, room, equal, CHUNK
        )
        o_token = start + tl.arange(0, CHUNK)
        b_sum = sofar + tl.cumsum(b_held, axis=0)
        token = tl.minimum(
            token, tl.min(tl.where((b_held > 0.0) & (b_sum > wanted), o_token, vocab))
        )
        last = tl.maximum(last, tl.max(tl.where(b_held > 0.0, o_token, 0)))
        sofar += tl.sum(b_held)
    tl.store(p_out + i_row, tl.where(token < vocab, token, last).to(tl.int64))


@triton.jit
def hold(p_row, start, vocab, peak, temperature, level, least, room, equal, CHUNK: tl.constexpr):
    """Return (a chunk's weights, 0 if not kept; the number of tokens at the level so far)."""
    b_down, b_weight = weigh(p_row, start, vocab, peak, temperature, CHUNK)
    b_level = (b_down == level).to(tl.float32)
    b_before = equal + tl.cumsum(b_level, axis=0) - b_level
    b_held = ((b_down < level) & (b_weight >= least)) | ((b_level > 0.0) & (b_before < room))
    return tl.where(b_held, b_weight, 0.0), equal + tl.sum(b_level)


def draw(
    logits: Tensor, temperature: Tensor, top_p: Tensor, min_p: Tensor, uniform: Tensor
) -> Tensor:
    logits = view_as_rows(logits)
    rows, vocab = logits.shape
    out = torch.empty(rows, dtype=torch.int64, device=logits.device)
    chunk = min(CHUNK, round_up_to_power_of_two(vocab))
    launch(
        pick,
        (rows,),
        logits,
        temperature,
        top_p,
        min_p,
        uniform,
        out,
        logits.stride(0),
        vocab,
        CHUNK=chunk,
        warps=8,
        stages=1,
    )
    return out
