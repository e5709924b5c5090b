"""INT4 weights of many experts in the order a GPU reads them; another order of the checkpoint's
bits, nothing else.

128 columns of a row are 32 halfwords of 16 bits: halfword c holds column c of each of the four
groups of 32, so a nibble's place is its group, and one mask takes the same group out of many
columns at once. The rows of a tile lie side by side: a tile of 64 rows is 4 KB without a gap,
whatever the width of the matrix.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from kernels.int4 import GROUP, Int4

BLOCK = 128  # columns of a block


class Shuffled(NamedTuple):
    """A weight [out, in] of each expert; columns beyond `in` fill the last block with zeros."""

    words: Tensor  # [experts, blocks, out, 32] int16
    # [experts, blocks, out, 4] bf16: the groups' of one row are eight bytes, read as one number
    scales: Tensor
    columns: int

    @property
    def rows(self) -> int:
        return self.words.shape[2]


def shuffle(experts: Sequence[Int4]) -> Shuffled:
    """Each expert's weight [out, in], all of one shape -> the same codes and scales, shuffled; no
    value changes.

    Raises ValueError for scales that are not bf16.
    """
    if experts[0].scale.dtype != torch.bfloat16:
        raise ValueError(
            f"The scales are {experts[0].scale.dtype}; a GPU reads INT4 weights with torch.bfloat16 ones."
        )
    rows, columns = experts[0].packed.shape[0], experts[0].packed.shape[1] * 8
    blocks = -(-columns // BLOCK)
    first = experts[0]
    words = torch.empty(
        (len(experts), blocks, rows, 32), dtype=torch.int16, device=first.packed.device
    )
    scales = torch.zeros(
        (len(experts), blocks, rows, 4), dtype=torch.bfloat16, device=first.packed.device
    )
    for e, expert in enumerate(experts):
        codes = torch.full((rows, blocks * BLOCK), 8, dtype=torch.int32, device=first.packed.device)
        octets = expert.packed.contiguous().view(torch.uint8)
        codes[:, :columns] = torch.stack((octets & 15, octets >> 4), dim=-1).flatten(1)
        grouped = codes.view(rows, blocks, 4, GROUP).permute(1, 0, 3, 2)
        turned = (grouped << torch.arange(0, 16, 4, dtype=torch.int32, device=codes.device)).sum(
            -1, dtype=torch.int32
        )
        words[e] = turned.to(torch.int16)
        wide = scales.new_zeros((rows, blocks * 4))
        wide[:, : columns // GROUP] = expert.scale
        scales[e] = wide.view(rows, blocks, 4).transpose(0, 1)
    return Shuffled(words, scales, columns)


def unshuffle(weight: Shuffled) -> list[Int4]:
    """What `shuffle` was given, bit for bit."""
    experts, blocks, rows, _ = weight.words.shape
    found = []
    for e in range(experts):
        places = torch.arange(0, 16, 4, dtype=torch.int32, device=weight.words.device)
        codes = (weight.words[e].int().unsqueeze(-1) >> places) & 15  # [blocks, rows, 32, 4]
        codes = (
            codes.permute(1, 0, 3, 2)
            .reshape(rows, blocks * BLOCK)[:, : weight.columns]
            .to(torch.uint8)
        )
        packed = (codes[:, 0::2] | (codes[:, 1::2] << 4)).contiguous().view(torch.int32)
        scale = (
            weight.scales[e].transpose(0, 1).reshape(rows, blocks * 4)[:, : weight.columns // GROUP]
        )
        found.append(Int4(packed, scale.contiguous()))
    return found
