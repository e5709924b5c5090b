"""What one pass of the model works on, and the model as the engine sees it. Knows nothing of
requests or scheduling.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import Tensor

    from inference.checkpoint.config import KimiConfig


@dataclass(frozen=True)
class Batch:
    """Pieces of B sequences, T tokens in all; the tensors live where the model lives.

    What a token may look at follows from its place in the sequence (`query_start`, `context`);
    `positions` only turn the rotary embedding.
    """

    tokens: Tensor  # [T] int64, pieces of B sequences one after the other
    positions: Tensor  # [T] int64
    query_start: Tensor  # [B+1] int32: sequence i owns rows query_start[i]:query_start[i+1]
    context: Tensor  # [B] int32: tokens of the sequence in the cache once this pass is done
    block_table: Tensor  # [B, max_blocks] int32, -1 beyond a sequence's last block
    # [T] int64: row of the flattened cache (block * block_size + offset) where each token's latent
    # goes
    slots: Tensor
    image_rows: Tensor | None = None  # [I] int64: rows of `tokens` that are image placeholders…
    image_features: Tensor | None = None  # [I, hidden]: …and what stands there instead
    # every sequence brings few tokens: nothing need be read back from the device to know it
    few: bool = False


class Model(Protocol):
    """A decoder over a paged cache of latents, with eyes."""

    config: KimiConfig

    def new_cache(self, blocks: int, block_size: int) -> Tensor:
        """[layers, blocks, block_size, kv_lora_rank + qk_rope_head_dim]"""
        ...

    def forward(self, batch: Batch, cache: Tensor) -> Tensor:
        """[T, hidden] after the final norm; writes the pass's latents into `cache`."""
        ...

    def logits(self, hidden: Tensor) -> Tensor:
        """[N, hidden] -> [N, vocab] float32"""
        ...

    def encode_images(self, pixel_values: Tensor, grid_thws: Tensor) -> list[Tensor]:
        """One [merged tokens, hidden] for each of the grid's rows."""
        ...
