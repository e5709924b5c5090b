"""A model that says what it was told to, whatever it is asked; one request at a time."""

from __future__ import annotations

import torch
from torch import Tensor

from inference.checkpoint.config import KimiConfig
from inference.engine.batch import Batch


class Parrot:
    def __init__(self, config: KimiConfig, tokens: list[int]) -> None:
        self.config, self.tokens = config, tokens
        self._prompt, self._last = 0, 1 << 30

    def new_cache(self, blocks: int, block_size: int) -> Tensor:
        return torch.zeros(1, blocks, block_size, 1)

    def forward(self, batch: Batch, cache: Tensor) -> Tensor:
        """[T, 1]: the place in the text that each token's successor has."""
        if (
            int(batch.positions[0]) <= self._last
        ):  # a new request: several tokens at once may also be forced ones
            self._prompt = int(batch.context[0])
        self._last = int(batch.positions[-1])
        return (batch.positions[:, None] + 1 - self._prompt).clamp(min=0)

    def logits(self, hidden: Tensor) -> Tensor:
        following = [
            self.tokens[min(place, len(self.tokens) - 1)] for place in hidden[:, 0].tolist()
        ]
        return torch.eye(self.config.text.vocab_size)[following] * 100

    def encode_images(self, pixel_values: Tensor, grid_thws: Tensor) -> list[Tensor]:
        return [torch.zeros(int(t * h * w) // 4, 1) for t, h, w in grid_thws]
