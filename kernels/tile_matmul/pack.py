"""Packing of weights into tiles.

A tile is 16 rows: the codes of each group of 32 columns, then the scales of each group. A group of
INT4 is 256 bytes: four times 16 rows × 8 columns, the first four in the low nibbles. A group of
int8 is 512 bytes: eight times 16 rows × 4 columns, codes + 128. Scales are bf16. A tile begins at a
multiple of 64 bytes; rows are padded to 16.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kernels.int4 import GROUP, Int4

ROWS = 16  # of a tile
ALIGN = 64  # bytes
OFFSET = {4: 8, 8: 128}  # bits: what is added to a value to get its code


@dataclass(frozen=True)
class Tiles:
    """A weight [rows, columns] as the bytes of its tiles."""

    data: NDArray[np.uint8]
    bits: int
    rows: int
    columns: int


def tile_bytes(bits: int, columns: int) -> int:
    """Return the bytes of one tile."""
    groups = columns // GROUP
    group_bytes = ROWS * GROUP * bits // 8 + 2 * ROWS
    return -(-groups * group_bytes // ALIGN) * ALIGN


def pack_int4(weight: Int4) -> Tiles:
    """Pack a weight without loss: codes and scales are those of the checkpoint."""
    octets = weight.packed.contiguous().view(torch.uint8).numpy()
    codes = np.stack((octets & 15, octets >> 4), axis=-1).reshape(len(octets), -1)
    return _pack(codes, weight.scale.to(torch.bfloat16), 4)


def pack_int8(weight: Tensor) -> Tiles:
    """Pack a weight as the nearest int8, with a group's largest value at ±127 and bf16 scales."""
    groups = weight.float().unflatten(-1, (-1, GROUP))
    largest = groups.abs().amax(-1)
    scale = (largest / 127).to(torch.bfloat16)
    # bf16 rounds by up to 0.4 %. A scale that is rounded down too far would clip the largest value.
    scale = torch.where(
        scale.float() * 127.49 < largest,
        torch.nextafter(scale, torch.full_like(scale, torch.inf)),
        scale,
    )
    divisor = torch.where(scale == 0, 1, scale.float()).unsqueeze(-1)
    codes = (groups / divisor).round().clamp(-127, 127).add(128).to(torch.uint8).flatten(-2)
    return _pack(codes.numpy(), scale, 8)


def unpack(tiles: Tiles) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return (values [rows, columns] int8, scales [rows, columns / 32])."""
    groups = tiles.columns // GROUP
    count = -(-tiles.rows // ROWS)
    size = groups * ROWS * GROUP * tiles.bits // 8
    whole = tiles.data.reshape(count, -1)
    blocks = whole[:, :size].reshape(count, groups, -1, ROWS, 4)
    if tiles.bits == 4:
        blocks = np.stack((blocks & 15, blocks >> 4), axis=3).reshape(count, groups, -1, ROWS, 4)
    codes = blocks.transpose(0, 3, 1, 2, 4).reshape(count * ROWS, tiles.columns)
    scale_bytes = whole[:, size : size + groups * 2 * ROWS].copy()
    bf16 = scale_bytes.view(np.uint16).reshape(count, groups, ROWS)
    float32 = (bf16.astype(np.uint32) << 16).view(np.float32)
    scales = float32.transpose(0, 2, 1).reshape(count * ROWS, groups)
    values = codes.astype(np.int16) - OFFSET[tiles.bits]
    return values[: tiles.rows].astype(np.int8), scales[: tiles.rows]


def _pack(codes: NDArray[np.uint8], scale: Tensor, bits: int) -> Tiles:
    rows, columns = codes.shape
    groups = columns // GROUP
    count = -(-rows // ROWS)
    padded = np.full((count * ROWS, columns), OFFSET[bits], np.uint8)
    padded[:rows] = codes
    scales = np.zeros((count * ROWS, groups), np.uint16)
    scales[:rows] = scale.view(torch.uint16).numpy()
    # [tile, group, block of 4 columns, row, column]
    blocks = padded.reshape(count, ROWS, groups, GROUP // 4, 4).transpose(0, 2, 3, 1, 4)
    if bits == 4:
        pairs = blocks.reshape(count, groups, -1, 2, ROWS, 4)
        blocks = pairs[:, :, :, 0] | (pairs[:, :, :, 1] << 4)
    body = np.ascontiguousarray(blocks).reshape(count, -1)
    by_group = np.ascontiguousarray(scales.reshape(count, ROWS, groups).transpose(0, 2, 1))
    tail = by_group.view(np.uint8).reshape(count, -1)
    end_of_body = body.shape[1]
    end_of_tail = end_of_body + tail.shape[1]
    out = np.zeros((count, tile_bytes(bits, columns)), np.uint8)
    out[:, :end_of_body] = body
    out[:, end_of_body:end_of_tail] = tail
    return Tiles(out.reshape(-1), bits, rows, columns)
