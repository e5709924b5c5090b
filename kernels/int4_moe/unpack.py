"""Unpacking of planes of shuffled INT4 weights (one group of each row) in registers."""

from __future__ import annotations

import triton
import triton.language as tl

from kernels.language import INTERPRETED, narrow

# Two halfwords in, four planes of two bf16 out. `lop3` puts a nibble of both halfwords into the
# mantissas of 128.0 (0x4300). Minus 136, this is exactly the code's q. q · scale is rounded, as the
# checkpoint's format defines. These are three instructions for two weights; separate shifts,
# conversions and products are nine.
TAKE = tl.constexpr("""
{
.reg .b32 half, one, below, none;
mov.b32 one, 0x3F803F80;
mov.b32 below, 0xC308C308;
mov.b32 none, 0x80008000;
lop3.b32 $0, $4, 0x000F000F, 0x43004300, 0xEA;
shr.u32 half, $4, 4;
lop3.b32 $1, half, 0x000F000F, 0x43004300, 0xEA;
shr.u32 half, $4, 8;
lop3.b32 $2, half, 0x000F000F, 0x43004300, 0xEA;
shr.u32 half, $4, 12;
lop3.b32 $3, half, 0x000F000F, 0x43004300, 0xEA;
fma.rn.bf16x2 $0, $0, one, below;
fma.rn.bf16x2 $1, $1, one, below;
fma.rn.bf16x2 $2, $2, one, below;
fma.rn.bf16x2 $3, $3, one, below;
fma.rn.bf16x2 $0, $0, $5, none;
fma.rn.bf16x2 $1, $1, $6, none;
fma.rn.bf16x2 $2, $2, $7, none;
fma.rn.bf16x2 $3, $3, $8, none;
}
""")


@triton.jit
def planes(b_words, b_scales):
    """Return four planes [rows, 32] bf16 of q · scale, rounded.

    b_words [rows, 32] int16; b_scales [rows] int64, each holding four bf16.
    """
    b_scale0, b_scale1 = scale_of(b_scales, 0)[:, None], scale_of(b_scales, 1)[:, None]
    b_scale2, b_scale3 = scale_of(b_scales, 2)[:, None], scale_of(b_scales, 3)[:, None]
    if INTERPRETED:
        return (
            plane(b_words, 0, b_scale0),
            plane(b_words, 4, b_scale1),
            plane(b_words, 8, b_scale2),
            plane(b_words, 12, b_scale3),
        )
    return tl.inline_asm_elementwise(
        TAKE,
        "=r,=r,=r,=r,r,r,r,r,r",
        [b_words, b_scale0, b_scale1, b_scale2, b_scale3],
        dtype=(tl.bfloat16, tl.bfloat16, tl.bfloat16, tl.bfloat16),
        is_pure=True,
        pack=2,
    )


@triton.jit
def scale_of(b_scales, group: tl.constexpr):
    """Return the bf16 scale of one of the four groups."""
    return (b_scales >> (16 * group)).to(tl.int16).to(tl.bfloat16, bitcast=True)


@triton.jit
def plane(b_words, place: tl.constexpr, b_scale):
    """Return one plane without inline assembly, for Triton's interpreter."""
    b_q = ((b_words.to(tl.int32) >> place) & 15).to(tl.float32) - 8.0
    return narrow(b_q * b_scale.to(tl.float32), tl.bfloat16)


@triton.jit
def shifted(b_words, place: tl.constexpr):
    """Return q · 2^place as float32, for the nibble at bit `place` (at most 12) of an int32.

    The nibble becomes part of the mantissa of 2^23. So one mask and one subtraction are enough,
    without shift or conversion.
    """
    b_float = ((b_words & (15 << place)) | 0x4B000000).to(tl.float32, bitcast=True)
    return b_float - (8388608.0 + (8 << place))
