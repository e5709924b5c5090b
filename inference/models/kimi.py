"""The whole model behind the `Model` protocol: language model, vision tower and projector."""

from __future__ import annotations

from collections.abc import Collection

import torch
from torch import Tensor, nn

from inference.checkpoint.config import KimiConfig
from inference.engine.batch import Batch
from inference.models.decoder import LanguageModel
from inference.models.moe import Moe
from inference.models.moonvit import LONGEST_SIDE, Grid, Projector, VisionTower

LANGUAGE = "language_model."


class Kimi(nn.Module):
    """Weights are empty until `inference.checkpoint.load` fills them; `engine.batch.Model` has the
    methods.
    """

    def __init__(
        self, config: KimiConfig, packed: Collection[str] = (), dtype: torch.dtype = torch.float32
    ) -> None:
        """`packed`: names of the linear modules that are INT4. `dtype`: what activations and cache
        are.
        """
        super().__init__()
        self.config, self.dtype = config, dtype
        within = [name.removeprefix(LANGUAGE) for name in packed if name.startswith(LANGUAGE)]
        self.language_model = LanguageModel(config, within, dtype)
        if config.vision is not None:
            self.vision_tower = VisionTower(config.vision)
            self.mm_projector = Projector(config.vision, config.text.hidden_size)

    @property
    def device(self) -> torch.device:
        return self.language_model.model.embed_tokens.weight.device

    def shuffle(self) -> None:
        """Puts every layer's INT4 experts in the order a GPU reads, where they are on it."""
        for module in self.language_model.modules():
            if isinstance(module, Moe) and module.home == self.device:
                module.shuffle()

    def new_cache(self, blocks: int, block_size: int) -> Tensor:
        """[layers, blocks, block_size, latent_size] of the model's dtype; 70,272 bytes a token for
        K2.6 in bf16.
        """
        text = self.config.text
        shape = (text.num_hidden_layers, blocks, block_size, text.latent_size)
        return torch.empty(shape, dtype=self.dtype, device=self.device)

    def forward(self, batch: Batch, cache: Tensor) -> Tensor:
        hidden: Tensor = self.language_model.model(batch, cache)
        return hidden

    def logits(self, hidden: Tensor) -> Tensor:
        out: Tensor = self.language_model.lm_head(hidden)
        return out.float()

    def encode_images(self, pixel_values: Tensor, grid_thws: Tensor) -> list[Tensor]:
        """pixel_values [P, 3, patch, patch], grid_thws [N, 3] -> N tensors [merged tokens, hidden].

        Raises ValueError for a model without eyes, and for a grid that does not fit the pixels or
        the model.
        """
        grids = self._grids(pixel_values, grid_thws)
        return [
            self.mm_projector(item)
            for item in self.vision_tower(pixel_values.to(self.dtype), grids)
        ]

    def _grids(self, pixel_values: Tensor, grid_thws: Tensor) -> list[Grid]:
        vision = self.config.vision
        if vision is None:
            raise ValueError("This checkpoint has no vision tower; it reads text alone.")
        patch = (3, vision.patch_size, vision.patch_size)
        if pixel_values.ndim != 4 or tuple(pixel_values.shape[1:]) != patch:
            raise ValueError(
                f"pixel_values is {list(pixel_values.shape)}; it must be [patches, {', '.join(map(str, patch))}]."
            )
        if grid_thws.ndim != 2 or grid_thws.shape[1] != 3:
            raise ValueError(f"grid_thws is {list(grid_thws.shape)}; it must be [images, 3].")
        grids: list[Grid] = [(int(t), int(h), int(w)) for t, h, w in grid_thws.tolist()]
        down, across = vision.merge_kernel_size
        for t, h, w in grids:
            sides = (
                0 < h <= LONGEST_SIDE
                and 0 < w <= LONGEST_SIDE
                and h % down == 0
                and w % across == 0
            )
            if not (0 < t <= vision.pos_emb_time and sides):
                raise ValueError(
                    f"grid_thws has {t} × {h} × {w}; allowed are 1 to {vision.pos_emb_time} frames and sides of up to "
                    f"{LONGEST_SIDE} patches, multiples of {down} and {across}."
                )
        if (patches := sum(t * h * w for t, h, w in grids)) != len(pixel_values):
            raise ValueError(
                f"pixel_values has {len(pixel_values)} patches; grid_thws asks for {patches}."
            )
        return grids
