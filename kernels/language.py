"""Triton functions that several operations share. Imported only where Triton is used.

Triton's interpreter truncates bf16 instead of rounding, and its bf16 sums and products are wrong.
So interpreted code computes everything in float32 and rounds explicitly.
"""

from __future__ import annotations

import triton
import triton.language as tl
from triton import knobs

INTERPRETED = tl.constexpr(knobs.runtime.interpret)


@triton.jit
def narrow(b_x, dtype: tl.constexpr):
    """Round float32 to `dtype`: to the nearest, ties to even."""
    if INTERPRETED and dtype == tl.bfloat16:
        b_bits = b_x.to(tl.uint32, bitcast=True)
        b_bits = (b_bits + 0x7FFF + ((b_bits >> 16) & 1)) & 0xFFFF0000
        b_x = b_bits.to(tl.float32, bitcast=True)
    return b_x.to(dtype)


@triton.jit
def mma(b_a, b_b, b_sum):
    """Return b_sum + b_a b_b, summed in float32.

    Products are exact where both are bf16. Products of float32 do not use tf32.
    """
    if INTERPRETED:
        return b_sum + tl.dot(b_a.to(tl.float32), b_b.to(tl.float32), input_precision="ieee")
    return tl.dot(b_a, b_b, b_sum, input_precision="ieee")


@triton.jit
def sigmoid(b_x):
    return 1.0 / (1.0 + tl.exp(-b_x))


@triton.jit
def whole(b_x):
    """Round a float32 below 2^22 to the nearest whole number, ties to even.

    After adding 1.5 · 2^23 the mantissa has no bits for a fraction.
    """
    return (b_x + 12582912.0) - 12582912.0


@triton.jit
def owner(p_starts, pieces, per, i_tile, ROWS: tl.constexpr, PIECES: tl.constexpr):
    """Return (the piece that tile `i_tile` belongs to, the tile's number within the piece).

    A piece has starts[i]:starts[i + 1] times `per` rows; a tile has ROWS rows of one piece. The
    piece is `pieces` for tiles after the last one.
    """
    o_piece = tl.arange(0, PIECES)
    b_from = tl.load(p_starts + o_piece, mask=o_piece < pieces, other=0)
    b_to = tl.load(p_starts + o_piece + 1, mask=o_piece < pieces, other=0)
    b_tiles = ((b_to - b_from) * per + ROWS - 1) // ROWS
    b_end = tl.cumsum(b_tiles, axis=0)
    i_piece = tl.sum((b_end <= i_tile).to(tl.int32) * (o_piece < pieces).to(tl.int32))
    i_first = tl.sum(tl.where(o_piece == i_piece, b_end - b_tiles, 0))
    return i_piece, i_tile - i_first
