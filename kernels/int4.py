"""INT4 weights in the format of compressed-tensors.

Eight codes of a row are packed into an int32, and 32 columns share a scale. A code is q + 8 with q
in [-8, 7]; the lowest nibble is the lowest column. The values are q · scale, rounded to the scale's
dtype (bf16 in a checkpoint) as in transformers. Without the rounding, the logits of a tiny model
differ by 6e-3.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

GROUP = 32  # columns that share a scale


class Int4(NamedTuple):
    """A weight [out, in], or several with one more dimension in front."""

    packed: Tensor  # [out, in / 8] int32
    scale: Tensor  # [out, in / 32], bf16 in a checkpoint


def dequantize(weight: Int4) -> Tensor:
    """Return the weight [..., out, in] in the scale's dtype."""
    # Little-endian: octet i holds columns 2i and 2i + 1.
    octets = weight.packed.contiguous().view(torch.uint8)
    codes = torch.stack((octets & 15, octets >> 4), dim=-1).flatten(-2)
    q = codes.to(weight.scale.dtype) - 8
    return (torch.unflatten(q, -1, (-1, GROUP)) * weight.scale.unsqueeze(-1)).flatten(-2)


def quantize(weight: Tensor, dtype: torch.dtype = torch.bfloat16) -> Int4:
    """Return the nearest INT4 weight to [..., out, in], with symmetric scales of `dtype`.

    The largest value of a group becomes ±7; a group of zeros gets scale 0. Raises ValueError when
    `in` is not a multiple of 32.
    """
    if weight.shape[-1] % GROUP:
        raise ValueError(
            f"weight has {weight.shape[-1]} columns; INT4 needs a multiple of {GROUP}."
        )
    groups = torch.unflatten(weight.float(), -1, (-1, GROUP))
    scale = (groups.abs().amax(-1) / 7).to(dtype)
    divisor = torch.where(scale == 0, 1, scale.float()).unsqueeze(-1)
    codes = (groups / divisor).round().clamp(-8, 7).add(8).to(torch.uint8).flatten(-2)
    octets = codes[..., 0::2] | (codes[..., 1::2] << 4)
    return Int4(octets.contiguous().view(torch.int32), scale)
