"""The model as compiled code for the CPU: weights in tiles, one function for a whole pass.

The decoder's weights of a loaded `Kimi` are packed (INT4 without loss, the others to int8) and
released one after the other. The embedding and the vision encoder stay unchanged.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from inference.engine.batch import Batch
from inference.models.decoder import Layer
from inference.models.kimi import Kimi
from inference.models.layers import Linear
from inference.models.rope import Rope
from inference.models.sides import explain_unsupported
from inference.models.store import Store
from kernels.decoder_pass import cpu
from kernels.tile_matmul.pack import ROWS

BLOCK_SIZE = 6  # index of the cache's block size in the sizes that `decoder_pass` takes


class Compiled:
    """An implementation of `inference.engine.batch.Model` for the CPU.

    Activations are float32, the cache is float16, matrix products are int8.
    """

    def __init__(self, kimi: Kimi) -> None:
        """Take over the weights of `kimi`, which cannot be used afterwards.

        Raises ValueError when `explain_unsupported` gives a reason.
        """
        self.config = kimi.config
        text = kimi.config.text
        if reason := explain_unsupported(text):
            raise ValueError(f"The compiled path cannot compute this model: {reason}.")
        self._kimi = kimi
        self._rope = Rope(text)
        self._cos = self._sin = np.empty((0, text.qk_rope_head_dim // 2), np.float32)
        # The last cache and its view as numpy array.
        self._view: tuple[Tensor | None, NDArray[np.int16]] = (None, np.empty((0, 0, 0), np.int16))
        store = Store(kimi.language_model)
        self._embedding = _view_bits(kimi.language_model.model.embed_tokens.weight)
        decoder = kimi.language_model.model
        rows = [
            store.add_layer(layer, text) for layer in decoder.layers if isinstance(layer, Layer)
        ]
        decoder.layers = nn.ModuleList()
        self._layers = np.array(rows, np.int64)
        self._head = store.add_linear(kimi.language_model.lm_head)
        kimi.language_model.lm_head = Linear(0, 0)
        store.add_vector(decoder.norm.weight)
        self._tiles, self._weights, self._vectors = store.finish()
        self._sizes = np.array(
            [
                text.num_attention_heads,
                text.qk_nope_head_dim,
                text.qk_rope_head_dim,
                text.v_head_dim,
                text.q_lora_rank,
                text.kv_lora_rank,
                0,  # BLOCK_SIZE: set by each pass
                text.num_experts_per_tok,
                text.n_routed_experts,
            ],
            np.int64,
        )
        self._reals = np.array(
            [
                text.rms_norm_eps,
                self.config.latent_norm_eps,
                store.scale,
                text.routed_scaling_factor,
                text.norm_topk_prob,
            ],
            np.float64,
        )

    @property
    def weight_bytes(self) -> int:
        return self._tiles.nbytes + self._vectors.nbytes

    def new_cache(self, blocks: int, block_size: int) -> Tensor:
        text = self.config.text
        return torch.zeros(
            (text.num_hidden_layers, blocks, block_size, text.latent_size), dtype=torch.float16
        )

    def forward(self, batch: Batch, cache: Tensor) -> Tensor:
        x = self._embed(batch)
        positions = batch.positions.numpy()
        cos, sin = self._get_rotations(int(positions.max()) + 1)
        self._sizes[BLOCK_SIZE] = cache.shape[2]
        cpu.decoder_pass(
            x,
            positions,
            cos,
            sin,
            batch.slots.numpy(),
            batch.query_start.numpy(),
            batch.context.numpy(),
            batch.block_table.numpy(),
            self._view_cache(cache),
            self._sizes,
            self._reals,
            self._layers,
            self._weights,
            self._tiles,
            self._vectors,
        )
        return torch.from_numpy(x)

    def _embed(self, batch: Batch) -> NDArray[np.float32]:
        if batch.image_rows is not None or not len(self._embedding):
            embedded = self._kimi.language_model.model.embed(batch)
            rows: NDArray[np.float32] = embedded.float().contiguous().numpy()
            return rows
        out = np.empty((len(batch.tokens), self._embedding.shape[1]), np.float32)
        cpu.embed(batch.tokens.numpy(), self._embedding, out)
        return out

    def _view_cache(self, cache: Tensor) -> NDArray[np.int16]:
        """Return the cache as a numpy array [layers, rows, latent_size].

        The view is kept, because even this call is measurable beside a pass of 1.5 ms.
        """
        last_cache, view = self._view
        if last_cache is not cache:
            view = cache.flatten(1, 2).view(torch.int16).numpy()
            self._view = (cache, view)
        return view

    def _get_rotations(self, count: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return cosines and sines of at least the first `count` positions, computed on demand."""
        if len(self._cos) < count:
            cos, sin = self._rope.compute_tables(torch.arange(max(count, 2 * len(self._cos))))
            self._cos, self._sin = cos.numpy(), sin.numpy()
        return self._cos, self._sin

    def logits(self, hidden: Tensor) -> Tensor:
        vocab = self.config.text.vocab_size
        tiles = -(-vocab // ROWS)
        out = np.empty((len(hidden), tiles * ROWS), np.float32)
        cpu.linear(hidden.contiguous().numpy(), self._weights[self._head], self._tiles, out)
        return torch.from_numpy(out if out.shape[1] == vocab else out[:, :vocab])

    def encode_images(self, pixel_values: Tensor, grid_thws: Tensor) -> list[Tensor]:
        return self._kimi.encode_images(pixel_values, grid_thws)


def _view_bits(table: Tensor) -> NDArray[np.int16]:
    """Return a bfloat16 table as int16 without a copy; return an empty array for other types."""
    if table.dtype != torch.bfloat16:
        return np.empty((0, 16), np.int16)
    bits: NDArray[np.int16] = table.detach().view(torch.int16).numpy()
    return bits
