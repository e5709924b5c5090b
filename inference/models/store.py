"""The layout of a model's weights for compiled code: tiles of matrices, and a row of vectors.

Packing works on one slice of a matrix at a time and releases the pages of the file, so that loading
needs little more memory than the result.
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
from inference.models.sides import OUTPUTS
from kernels import Int4
from kernels.decoder_pass import cpu
from kernels.tile_matmul.pack import ALIGN, ROWS, Tiles, pack_int4, pack_int8, tile_bytes

# Rows packed at once, a multiple of a tile's rows. A matrix with 1,024 columns needs 10 MB of
# temporary memory.
SLICE = 512


class Store:
    """The bytes of all tiles, and where each weight begins in them."""

    def __init__(self, language: nn.Module) -> None:
        """Reserve room for all weights of `language`; pages never written take no memory."""
        room = np.empty(sum(map(_count_room, language.modules())) + ALIGN, np.uint8)
        self._room = room[-room.ctypes.data % ALIGN :]
        self._rows: list[tuple[int, int, int, int]] = []
        self._vectors: list[NDArray[np.float32]] = []
        self._size = self._floats = 0
        self.scale = 0.0

    def add_layer(self, layer: Layer, text: TextConfig) -> list[int]:
        """Store a layer and return its row of `layers`, see `kernels.decoder_pass.cpu`."""
        attention = layer.self_attn
        row = [0] * cpu.COLUMNS
        self.scale = attention.scale
        row[cpu.Q_A] = self.add_linear(attention.q_a_proj)
        row[cpu.Q_B] = self.add_linear(attention.q_b_proj)
        row[cpu.KV_A] = self.add_linear(attention.kv_a_proj_with_mqa)
        row[cpu.OUT] = self.add_linear(attention.o_proj)
        kv = attention.kv_b_proj.matrix().view(text.num_attention_heads, -1, text.kv_lora_rank)
        keys, values = kv.tensor_split((text.qk_nope_head_dim,), dim=1)
        row[cpu.KEY_UP] = min([self._store_plain(head.mT) for head in keys])
        row[cpu.VALUE_UP] = min([self._store_plain(head) for head in values])
        _release_pages(attention.kv_b_proj)
        row[cpu.NORM_IN] = self.add_vector(layer.input_layernorm.weight)
        row[cpu.NORM_Q] = self.add_vector(attention.q_a_layernorm.weight)
        row[cpu.NORM_KV] = self.add_vector(attention.kv_a_layernorm.weight)
        row[cpu.NORM_POST] = self.add_vector(layer.post_attention_layernorm.weight)
        row[cpu.EXPERTS] = -1
        mlp = layer.mlp
        if isinstance(mlp, Moe):
            padding = -text.n_routed_experts % OUTPUTS
            router = nn.functional.pad(mlp.gate.weight.float(), (0, 0, 0, padding))
            row[cpu.ROUTER] = self.add_vector(router.mT)
            row[cpu.BIAS] = self.add_vector(mlp.gate.get_buffer("e_score_correction_bias"))
            row[cpu.EXPERTS] = min(
                [min(self._store_mlp(expert)) for expert in mlp.experts if isinstance(expert, Mlp)]
            )
            mlp = mlp.shared_experts
        assert isinstance(mlp, Mlp)
        row[cpu.GATE], row[cpu.UP], row[cpu.DOWN] = self._store_mlp(mlp)
        return row

    def _store_mlp(self, mlp: Mlp) -> tuple[int, int, int]:
        return (
            self.add_linear(mlp.gate_proj),
            self.add_linear(mlp.up_proj),
            self.add_linear(mlp.down_proj),
        )

    def add_linear(self, linear: Linear) -> int:
        """Store a matrix and return its number in `weights`."""
        number = (
            self._store_packed(linear.int4) if linear.packed else self._store_plain(linear.weight)
        )
        _release_pages(linear)
        return number

    def add_vector(self, values: Tensor) -> int:
        """Store a vector and return where it begins in `vectors`."""
        begin = self._floats
        self._vectors.append(values.detach().float().contiguous().flatten().numpy().copy())
        self._floats += values.numel()
        return begin

    def finish(self) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.float32]]:
        """Return (tiles, weights, vectors)."""
        return (
            self._room[: self._size],
            np.array(self._rows, np.int64),
            np.concatenate(self._vectors),
        )

    def _store_packed(self, weight: Int4) -> int:
        rows = len(weight.packed)
        number = self._begin(4, rows, 8 * weight.packed.shape[1])
        for start in range(0, rows, SLICE):
            stop = start + SLICE
            self._write(pack_int4(Int4(weight.packed[start:stop], weight.scale[start:stop])))
        return number

    def _store_plain(self, weight: Tensor) -> int:
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
    """Return the most bytes that the module's tiles need.

    That is twice its own size, because heads' matrices are transposed and each is padded to whole
    tiles.
    """
    if not isinstance(module, Linear):
        return 0
    bits = 4 if module.packed else 8
    tiles = -(-module.rows // ROWS)
    return 2 * tiles * tile_bytes(bits, module.columns)


def _release_pages(linear: Linear) -> None:
    """Release the mapped pages of the weight's file, which would stay resident beside the tiles."""
    if not hasattr(mmap, "MADV_DONTNEED"):
        return
    libc = ctypes.CDLL(None)
    for tensor in (*linear.parameters(), *linear.buffers()):
        begin = tensor.data_ptr()
        end = begin + tensor.nbytes
        # Only pages that lie completely inside the tensor.
        first = -(-begin // mmap.PAGESIZE) * mmap.PAGESIZE
        last = end // mmap.PAGESIZE * mmap.PAGESIZE
        if last > first:
            libc.madvise(ctypes.c_void_p(first), ctypes.c_size_t(last - first), mmap.MADV_DONTNEED)
