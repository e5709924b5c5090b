"""INT4 weights of many experts in the order that the GPU kernels read.

Only the order of the bits differs from the checkpoint.

128 columns of a row are 32 halfwords of 16 bits. Halfword c holds column c of each of the four
groups of 32, so a nibble's position is its group, and one mask extracts the same group of many
columns. The rows of a tile are adjacent: a tile of 64 rows is 4 KB without a gap for any width of
the matrix.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from kernels.int4 import GROUP, Int4

BLOCK = 128  # columns of a block
ZERO_CODE = 8  # the code of q = 0


class Shuffled(NamedTuple):
    """A weight [out, in] for each expert; the last block of columns is padded with zeros."""

    words: Tensor  # [experts, blocks, out, 32] int16
    # [experts, blocks, out, 4] bf16: the four scales of a row are eight bytes, read as one int64
    scales: Tensor
    columns: int

    @property
    def rows(self) -> int:
        return self.words.shape[2]


def shuffle(experts: Sequence[Int4]) -> Shuffled:
    """Return the same codes and scales in the GPU's order; no value changes.

    The weights [out, in] of all experts have the same shape. Raises ValueError for scales that are
    not bf16.
    """
    first = experts[0]
    if first.scale.dtype != torch.bfloat16:
        raise ValueError(
            f"The scales are {first.scale.dtype}; on a GPU they must be torch.bfloat16."
        )
    device = first.packed.device
    rows, columns = first.packed.shape[0], first.packed.shape[1] * 8
    blocks = -(-columns // BLOCK)
    words = torch.empty((len(experts), blocks, rows, 32), dtype=torch.int16, device=device)
    scales = torch.zeros((len(experts), blocks, rows, 4), dtype=torch.bfloat16, device=device)
    shifts = torch.arange(0, 16, 4, dtype=torch.int32, device=device)
    for e, expert in enumerate(experts):
        codes = torch.full((rows, blocks * BLOCK), ZERO_CODE, dtype=torch.int32, device=device)
        octets = expert.packed.contiguous().view(torch.uint8)
        codes[:, :columns] = torch.stack((octets & 15, octets >> 4), dim=-1).flatten(1)
        grouped = codes.view(rows, blocks, 4, GROUP).permute(1, 0, 3, 2)
        words[e] = (grouped << shifts).sum(-1, dtype=torch.int32).to(torch.int16)
        padded = scales.new_zeros((rows, blocks * 4))
        padded[:, : columns // GROUP] = expert.scale
        scales[e] = padded.view(rows, blocks, 4).transpose(0, 1)
    return Shuffled(words, scales, columns)


def unshuffle(weight: Shuffled) -> list[Int4]:
    """Return the input of `shuffle`, bit for bit."""
    experts, blocks, rows, _ = weight.words.shape
    groups = weight.columns // GROUP
    shifts = torch.arange(0, 16, 4, dtype=torch.int32, device=weight.words.device)
    weights = []
    for e in range(experts):
        codes = (weight.words[e].int().unsqueeze(-1) >> shifts) & 15  # [blocks, rows, 32, 4]
        by_row = codes.permute(1, 0, 3, 2).reshape(rows, blocks * BLOCK)
        kept = by_row[:, : weight.columns].to(torch.uint8)
        packed = (kept[:, 0::2] | (kept[:, 1::2] << 4)).contiguous().view(torch.int32)
        scale = weight.scales[e].transpose(0, 1).reshape(rows, blocks * 4)[:, :groups]
        weights.append(Int4(packed, scale.contiguous()))
    return weights
