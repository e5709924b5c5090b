"""The input of one forward pass and the interface of a model. Independent of requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import Tensor

    from inference.checkpoint.config import KimiConfig


@dataclass(frozen=True)
class Batch:
    """Chunks of B sequences, T tokens in total, in tensors on the model's device.

    The causal mask follows from `query_start` and `context`. `positions` are used only by the
    rotary embedding.
    """

    tokens: Tensor  # [T] int64: the chunks of B sequences, concatenated
    positions: Tensor  # [T] int64
    query_start: Tensor  # [B+1] int32: sequence i owns rows query_start[i]:query_start[i+1]
    context: Tensor  # [B] int32: tokens of the sequence in the cache after this pass
    block_table: Tensor  # [B, max_blocks] int32, -1 after a sequence's last block
    # [T] int64: the row of the flattened cache (block * block_size + offset) for each latent
    slots: Tensor
    image_rows: Tensor | None = None  # [I] int64: rows of `tokens` that are image placeholders
    image_features: Tensor | None = None  # [I, hidden]: the embeddings for these rows
    # True when every sequence has few new tokens, so that the lengths need not be read back from
    # the device to choose the form of attention.
    few_tokens_each: bool = False


class Model(Protocol):
    """A decoder over a paged cache of latents, with an optional vision encoder."""

    config: KimiConfig

    def new_cache(self, blocks: int, block_size: int) -> Tensor:
        """Return a cache [layers, blocks, block_size, kv_lora_rank + qk_rope_head_dim]."""
        ...

    def forward(self, batch: Batch, cache: Tensor) -> Tensor:
        """Return [T, hidden] after the final norm, and write the pass's latents into `cache`."""
        ...

    def logits(self, hidden: Tensor) -> Tensor:
        """Return the logits [N, vocab] float32 of `hidden` [N, hidden]."""
        ...

    def encode_images(self, pixel_values: Tensor, grid_thws: Tensor) -> list[Tensor]:
        """Return a tensor [merged tokens, hidden] for each row of `grid_thws`."""
        ...
