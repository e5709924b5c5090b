"""The model as compiled code for the CPU, behind the `Model` protocol: weights in tiles, a whole
pass one function.

Takes a loaded `Kimi` apart: the decoder's weights are packed (INT4 without loss, the rest to int8)
and let go of one after the other; embedding and eyes stay what they are.
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


class Compiled:
    """See `inference.engine.batch.Model`; activations are float32, the cache float16, products
    int8.
    """

    def __init__(self, kimi: Kimi) -> None:
        """Raises ValueError where `explain_unsupported` names one. `kimi` is of no use afterwards."""
        self.config, text = kimi.config, kimi.config.text
        if reason := explain_unsupported(text):
            raise ValueError(f"The compiled path cannot compute this model: {reason}.")
        self._kimi, self._rope = kimi, Rope(text)
        self._cos = self._sin = np.empty((0, text.qk_rope_head_dim // 2), np.float32)
        self._seen: tuple[Tensor | None, NDArray[np.int16]] = (None, np.empty((0, 0, 0), np.int16))
        store = Store(kimi.language_model)
        self._embedding = _view_bits(kimi.language_model.model.embed_tokens.weight)
        decoder = kimi.language_model.model
        rows = [store.layer(layer, text) for layer in decoder.layers if isinstance(layer, Layer)]
        decoder.layers = nn.ModuleList()
        self._layers = np.array(rows, np.int64)
        self._head = store.linear(kimi.language_model.lm_head)
        kimi.language_model.lm_head = Linear(0, 0)
        store.vector(decoder.norm.weight)
        self._tiles, self._weights, self._vectors = store.finish()
        self._sizes = np.array(
            [
                text.num_attention_heads,
                text.qk_nope_head_dim,
                text.qk_rope_head_dim,
                text.v_head_dim,
                text.q_lora_rank,
                text.kv_lora_rank,
                0,
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
        x, positions = self._embed(batch), batch.positions.numpy()
        cos, sin = self._turns(int(positions.max()) + 1)
        self._sizes[6] = cache.shape[2]
        cpu.decoder_pass(
            x,
            positions,
            cos,
            sin,
            batch.slots.numpy(),
            batch.query_start.numpy(),
            batch.context.numpy(),
            batch.block_table.numpy(),
            self._flat(cache),
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
            whole: NDArray[np.float32] = (
                self._kimi.language_model.model.embed(batch).float().contiguous().numpy()
            )
            return whole
        out = np.empty((len(batch.tokens), self._embedding.shape[1]), np.float32)
        cpu.embed(batch.tokens.numpy(), self._embedding, out)
        return out

    def _flat(self, cache: Tensor) -> NDArray[np.int16]:
        """The cache as numpy sees it, made once: of what stands around a pass of 1.5 ms every call
        counts.
        """
        known, flat = self._seen
        if known is not cache:
            flat = cache.flatten(1, 2).view(torch.int16).numpy()
            self._seen = (cache, flat)
        return flat

    def _turns(self, count: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Cosines and sines of the first positions, `count` at least: computed once, as many as
        were ever needed.
        """
        if len(self._cos) < count:
            cos, sin = self._rope.tables(torch.arange(max(count, 2 * len(self._cos))))
            self._cos, self._sin = cos.numpy(), sin.numpy()
        return self._cos, self._sin

    def logits(self, hidden: Tensor) -> Tensor:
        vocab = self.config.text.vocab_size
        out = np.empty((len(hidden), -(-vocab // ROWS) * ROWS), np.float32)
        cpu.linear(hidden.contiguous().numpy(), self._weights[self._head], self._tiles, out)
        return torch.from_numpy(out if out.shape[1] == vocab else out[:, :vocab])

    def encode_images(self, pixel_values: Tensor, grid_thws: Tensor) -> list[Tensor]:
        return self._kimi.encode_images(pixel_values, grid_thws)


def _view_bits(table: Tensor) -> NDArray[np.int16]:
    """A bfloat16 table as numpy can hold it, where the file is mapped; empty for another kind."""
    if table.dtype != torch.bfloat16:
        return np.empty((0, 16), np.int16)
    bits: NDArray[np.int16] = table.detach().view(torch.int16).numpy()
    return bits
