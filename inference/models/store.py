"""A model's weights laid out for compiled code: matrices in tiles, one after the other, vectors in
a row of numbers.

Packing takes a slice of a matrix at a time and gives the file's pages back, so that loading takes
hardly more memory than what stays.
"""

from __future__ import annotations

import ctypes
import mmap

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from inference.checkpoint.config import TextConfig
from inference.models.decoder import Layer
from inference.models.layers import Linear, Mlp
from inference.models.moe import Moe
from kernels import Int4
from kernels.decoder_pass import cpu
from kernels.tile_matmul.pack import ALIGN, ROWS, Tiles, pack_int4, pack_int8, tile_bytes

LIBC = ctypes.CDLL(None)
SLICE = (
    512  # rows, a multiple of a tile's: 10 MB of temporary numbers for a matrix with 1,024 columns
)


class Store:
    """Bytes of tiles, and where in them each weight begins."""

    def __init__(self, language: nn.Module) -> None:
        """Reserves room for all of `language`'s weights; what is never written is never taken."""
        room = np.empty(sum(map(_count_room, language.modules())) + ALIGN, np.uint8)
        self._room = room[-room.ctypes.data % ALIGN :]
        self._rows: list[tuple[int, int, int, int]] = []
        self._vectors: list[NDArray[np.float32]] = []
        self._size = self._floats = 0
        self.scale = 0.0

    def layer(self, layer: Layer, text: TextConfig) -> list[int]:
        """This layer's row of `layers`; see `kernels.decoder_pass.cpu`."""
        attention, row = layer.self_attn, [0] * cpu.COLUMNS
        self.scale = attention.scale
        row[cpu.Q_A], row[cpu.Q_B] = (
            self.linear(attention.q_a_proj),
            self.linear(attention.q_b_proj),
        )
        row[cpu.KV_A], row[cpu.OUT] = (
            self.linear(attention.kv_a_proj_with_mqa),
            self.linear(attention.o_proj),
        )
        kv = attention.kv_b_proj.matrix().view(text.num_attention_heads, -1, text.kv_lora_rank)
        keys, values = kv.tensor_split((text.qk_nope_head_dim,), dim=1)
        row[cpu.KEY_UP] = min([self._plain(head.mT) for head in keys])
        row[cpu.VALUE_UP] = min([self._plain(head) for head in values])
        _release_pages(attention.kv_b_proj)
        row[cpu.NORM_IN] = self.vector(layer.input_layernorm.weight)
        row[cpu.NORM_Q] = self.vector(attention.q_a_layernorm.weight)
        row[cpu.NORM_KV] = self.vector(attention.kv_a_layernorm.weight)
        row[cpu.NORM_POST] = self.vector(layer.post_attention_layernorm.weight)
        row[cpu.EXPERTS] = -1
        mlp = layer.mlp
        if isinstance(mlp, Moe):
            router = nn.functional.pad(
                mlp.gate.weight.float(), (0, 0, 0, -text.n_routed_experts % 16)
            )
            row[cpu.ROUTER] = self.vector(router.mT)
            row[cpu.BIAS] = self.vector(mlp.gate.get_buffer("e_score_correction_bias"))
            row[cpu.EXPERTS] = min(
                [min(self._mlp(expert)) for expert in mlp.experts if isinstance(expert, Mlp)]
            )
            mlp = mlp.shared_experts
        assert isinstance(mlp, Mlp)
        row[cpu.GATE], row[cpu.UP], row[cpu.DOWN] = self._mlp(mlp)
        return row

    def _mlp(self, mlp: Mlp) -> tuple[int, int, int]:
        return self.linear(mlp.gate_proj), self.linear(mlp.up_proj), self.linear(mlp.down_proj)

    def linear(self, linear: Linear) -> int:
        """Its number in `weights`."""
        number = self._packed(linear.int4) if linear.packed else self._plain(linear.weight)
        _release_pages(linear)
        return number

    def vector(self, values: Tensor) -> int:
        """Where it begins in `vectors`."""
        self._vectors.append(values.detach().float().contiguous().flatten().numpy().copy())
        self._floats += values.numel()
        return self._floats - values.numel()

    def finish(self) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.float32]]:
        """(tiles, weights, vectors)."""
        return (
            self._room[: self._size],
            np.array(self._rows, np.int64),
            np.concatenate(self._vectors),
        )

    def _packed(self, weight: Int4) -> int:
        rows = len(weight.packed)
        number = self._begin(4, rows, 8 * weight.packed.shape[1])
        for start in range(0, rows, SLICE):
            self._write(
                pack_int4(
                    Int4(weight.packed[start : start + SLICE], weight.scale[start : start + SLICE])
                )
            )
        return number

    def _plain(self, weight: Tensor) -> int:
        number = self._begin(8, *weight.shape)
        for start in range(0, len(weight), SLICE):
            self._write(pack_int8(weight[start : start + SLICE]))
        return number

    def _begin(self, bits: int, rows: int, columns: int) -> int:
        self._rows.append((self._size, bits, rows, columns))
        return len(self._rows) - 1

    def _write(self, tiles: Tiles) -> None:
        self._room[self._size : self._size + tiles.data.size] = tiles.data
        self._size += tiles.data.size


def _count_room(module: nn.Module) -> int:
    """Bytes its tiles need at most: twice its own, for heads' matrices are turned and each filled
    up to whole tiles.
    """
    if not isinstance(module, Linear):
        return 0
    return 2 * (-(-module.rows // ROWS)) * tile_bytes(4 if module.packed else 8, module.columns)


def _release_pages(linear: Linear) -> None:
    """Gives the file's pages back: read once to be packed, they would stay resident beside their
    tiles.
    """
    if not hasattr(mmap, "MADV_DONTNEED"):
        return
    for tensor in (*linear.parameters(), *linear.buffers()):
        begin, end = tensor.data_ptr(), tensor.data_ptr() + tensor.nbytes
        first, last = (
            -(-begin // mmap.PAGESIZE) * mmap.PAGESIZE,
            end // mmap.PAGESIZE * mmap.PAGESIZE,
        )
        if last > first:
            LIBC.madvise(ctypes.c_void_p(first), ctypes.c_size_t(last - first), mmap.MADV_DONTNEED)
