"""The whole model: language model, vision tower and projector."""

from __future__ import annotations

from collections.abc import Collection

import torch
from torch import Tensor, nn

from inference.checkpoint.config import KimiConfig, VisionConfig
from inference.engine.batch import Batch
from inference.models.decoder import LanguageModel
from inference.models.moe import Moe
from inference.models.moonvit import LONGEST_SIDE, Grid, Projector, VisionTower

LANGUAGE = "language_model."


class Kimi(nn.Module):
    """An implementation of `inference.engine.batch.Model` in torch.

    The weights are empty until `inference.checkpoint.load` fills them.
    """

    def __init__(
        self, config: KimiConfig, packed: Collection[str] = (), dtype: torch.dtype = torch.float32
    ) -> None:
        """Build the modules.

        `packed`: names of the linear modules with INT4 weights. `dtype`: of activations and cache.
        """
        super().__init__()
        self.config = config
        self.dtype = dtype
        within = [name.removeprefix(LANGUAGE) for name in packed if name.startswith(LANGUAGE)]
        self.language_model = LanguageModel(config, within, dtype)
        if config.vision is not None:
            self.vision_tower = VisionTower(config.vision)
            self.mm_projector = Projector(config.vision, config.text.hidden_size)

    @property
    def device(self) -> torch.device:
        return self.language_model.model.embed_tokens.weight.device

    def shuffle(self) -> None:
        """Reorder the INT4 experts that are on the model's device for the GPU kernels."""
        for module in self.language_model.modules():
            if isinstance(module, Moe) and module.home == self.device:
                module.shuffle()

    def new_cache(self, blocks: int, block_size: int) -> Tensor:
        """Return a cache [layers, blocks, block_size, latent_size] of the model's dtype.

        K2.6 in bf16 needs 70,272 bytes for a token.
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
        """Return [merged tokens, hidden] for each of N pictures.

        `pixel_values` is [P, 3, patch, patch], `grid_thws` is [N, 3]. Raises ValueError for a
        text-only model, and for a grid that does not match the pixels or the model.
        """
        vision = self.config.vision
        if vision is None:
            raise ValueError("This checkpoint has no vision tower; it is text-only.")
        grids = _read_grids(vision, pixel_values, grid_thws)
        items = self.vision_tower(pixel_values.to(self.dtype), grids)
        return [self.mm_projector(item) for item in items]


def _read_grids(vision: VisionConfig, pixel_values: Tensor, grid_thws: Tensor) -> list[Grid]:
    """Return the grids as tuples. Raises ValueError, see `Kimi.encode_images`."""
    patch = [3, vision.patch_size, vision.patch_size]
    if pixel_values.ndim != 4 or list(pixel_values.shape[1:]) != patch:
        raise ValueError(
            f"pixel_values is {list(pixel_values.shape)}; "
            f"it must be [patches, {', '.join(map(str, patch))}]."
        )
    if grid_thws.ndim != 2 or grid_thws.shape[1] != 3:
        raise ValueError(f"grid_thws is {list(grid_thws.shape)}; it must be [images, 3].")
    grids: list[Grid] = [(int(t), int(h), int(w)) for t, h, w in grid_thws.tolist()]
    for grid in grids:
        _check_grid(vision, grid)
    patches = sum(frames * rows * columns for frames, rows, columns in grids)
    if patches != len(pixel_values):
        raise ValueError(
            f"pixel_values has {len(pixel_values)} patches; grid_thws asks for {patches}."
        )
    return grids


def _check_grid(vision: VisionConfig, grid: Grid) -> None:
    frames, rows, columns = grid
    down, across = vision.merge_kernel_size
    fits_frames = 0 < frames <= vision.pos_emb_time
    fits_rows = 0 < rows <= LONGEST_SIDE and rows % down == 0
    fits_columns = 0 < columns <= LONGEST_SIDE and columns % across == 0
    if not (fits_frames and fits_rows and fits_columns):
        raise ValueError(
            f"grid_thws has {frames} × {rows} × {columns}; use 1 to {vision.pos_emb_time} frames "
            f"and sides of up to {LONGEST_SIDE} patches, multiples of {down} and {across}."
        )
