"""MoonViT and its projector: packed pictures (or chunks of up to four frames) to rows of the
decoder's width.

One pass sees all items side by side; attention keeps to each item. Knows nothing of tokens or of
how pixels were read.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from inference.checkpoint.config import VisionConfig
from inference.models.layers import LayerNorm, Linear
from kernels import rope, vit_attention

NORM_EPS = 1e-5  # these three are in no config.json: the reference has them as constants
THETA = 10000.0
LONGEST_SIDE = 512  # patches

Grid = tuple[int, int, int]  # frames, rows, columns of patches


class PositionTable(nn.Module):
    """A learned grid of positions, stretched to an item's own, and a fixed wave for the frames of a
    chunk.
    """

    def __init__(self, vision: VisionConfig) -> None:
        super().__init__()
        self.weight = nn.Parameter(
            torch.empty(vision.pos_emb_height, vision.pos_emb_width, vision.hidden_size)
        )

    def forward(self, grid: Grid) -> Tensor:
        """[frames · rows · columns, size] float32. A single frame gets no wave, not even that of
        frame 0.
        """
        frames, rows, columns = grid
        table = self.weight.float()
        if (rows, columns) != table.shape[:2]:
            table = F.interpolate(
                table.permute(2, 0, 1).unsqueeze(0), (rows, columns), mode="bicubic"
            )[0].permute(1, 2, 0)
        place = table.flatten(0, 1)
        if frames == 1:
            return place
        size = place.shape[-1]
        speeds = THETA ** -(
            torch.arange(0, size, 2, dtype=torch.float32, device=place.device) / size
        )
        angles = torch.arange(frames, dtype=torch.float32, device=place.device).outer(speeds)
        waves = torch.cat((angles.sin(), angles.cos()), dim=-1)
        return (place + waves.unsqueeze(1)).flatten(0, 1)


class Convolution(nn.Module):
    """A patch's linear map, stored as the convolution it once was."""

    def __init__(self, vision: VisionConfig) -> None:
        super().__init__()
        self.weight = nn.Parameter(
            torch.empty(vision.hidden_size, 3, vision.patch_size, vision.patch_size)
        )
        self.bias = nn.Parameter(torch.empty(vision.hidden_size))

    def forward(self, patches: Tensor) -> Tensor:
        return F.linear(
            patches.flatten(1),
            self.weight.flatten(1).to(patches.dtype),
            self.bias.to(patches.dtype),
        )


class PatchEmbedding(nn.Module):
    def __init__(self, vision: VisionConfig) -> None:
        super().__init__()
        self.proj, self.pos_emb = Convolution(vision), PositionTable(vision)

    def forward(self, patches: Tensor, grids: list[Grid]) -> Tensor:
        places = {grid: self.pos_emb(grid) for grid in set(grids)}
        out: Tensor = self.proj(patches) + torch.cat([places[grid] for grid in grids]).to(
            patches.dtype
        )
        return out


class VisionMlp(nn.Module):
    def __init__(self, vision: VisionConfig) -> None:
        super().__init__()
        self.fc0 = Linear(vision.hidden_size, vision.intermediate_size, bias=True)
        self.fc1 = Linear(vision.intermediate_size, vision.hidden_size, bias=True)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.fc1(F.gelu(self.fc0(x), approximate="tanh"))
        return out


class VisionBlock(nn.Module):
    def __init__(self, vision: VisionConfig) -> None:
        super().__init__()
        size = vision.hidden_size
        self.heads, self.scale = vision.num_attention_heads, vision.head_dim**-0.5
        self.norm0, self.norm1 = LayerNorm(size, NORM_EPS), LayerNorm(size, NORM_EPS)
        self.wqkv, self.wo = Linear(size, 3 * size, bias=True), Linear(size, size, bias=True)
        self.mlp = VisionMlp(vision)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, starts: Tensor) -> Tensor:
        q, k, v = self.wqkv(self.norm0(x)).view(len(x), 3, self.heads, -1).unbind(1)
        attended = vit_attention(rope(q, cos, sin), rope(k, cos, sin), v, starts, self.scale)
        x = x + self.wo(attended.flatten(1))
        out: Tensor = x + self.mlp(self.norm1(x))
        return out


class Encoder(nn.Module):
    def __init__(self, vision: VisionConfig) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(VisionBlock(vision) for _ in range(vision.num_hidden_layers))
        self.final_layernorm = LayerNorm(vision.hidden_size, NORM_EPS)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, starts: Tensor) -> Tensor:
        for block in self.blocks:
            x = block(x, cos, sin, starts)
        out: Tensor = self.final_layernorm(x)
        return out


class VisionTower(nn.Module):
    """pixel_values [P, 3, patch, patch], grids -> one [merged, kernel, size] for each item, kernel
    = 2 · 2 patches.
    """

    def __init__(self, vision: VisionConfig) -> None:
        super().__init__()
        self.vision = vision
        self.patch_embed, self.encoder = PatchEmbedding(vision), Encoder(vision)

    def forward(self, pixel_values: Tensor, grids: list[Grid]) -> list[Tensor]:
        x = self.patch_embed(pixel_values, grids)
        cos, sin = compute_rotations(grids, self.vision.head_dim, x.device)
        sizes = [frames * rows * columns for frames, rows, columns in grids]
        starts = torch.tensor([0, *sizes]).cumsum(0)
        x = self.encoder(x, cos, sin, starts)
        return [self._merged(item, grid) for item, grid in zip(x.split(sizes), grids, strict=True)]

    def _merged(self, x: Tensor, grid: Grid) -> Tensor:
        """The mean over frames, with each cell's patches side by side, row by row."""
        frames, rows, columns = grid
        down, across = self.vision.merge_kernel_size
        cells = (
            x.view(frames, rows // down, down, columns // across, across, -1)
            .mean(0)
            .transpose(1, 2)
        )
        return cells.reshape(-1, down * across, x.shape[-1])


class Projector(nn.Module):
    """[merged, kernel, size] -> [merged, hidden of the decoder]."""

    def __init__(self, vision: VisionConfig, out: int) -> None:
        super().__init__()
        wide = vision.hidden_size * vision.merge_kernel_size[0] * vision.merge_kernel_size[1]
        self.pre_norm = LayerNorm(vision.hidden_size, vision.projector_ln_eps)
        self.proj = nn.Sequential(
            Linear(wide, wide, bias=True), nn.GELU(), Linear(wide, out, bias=True)
        )

    def forward(self, x: Tensor) -> Tensor:
        projected: Tensor = self.proj(self.pre_norm(x).flatten(1))
        return projected


def compute_rotations(
    grids: list[Grid], head_dim: int, device: torch.device
) -> tuple[Tensor, Tensor]:
    """cos and sin [P, head_dim / 2] float32: a patch's column turns the even pairs, its row the odd
    ones.
    """
    speeds = 1.0 / THETA ** (
        torch.arange(0, head_dim, 4, dtype=torch.float32, device=device) / head_dim
    )
    angles: dict[Grid, Tensor] = {}
    for frames, rows, columns in set(grids):
        across = torch.arange(columns, device=device).float().outer(speeds).expand(rows, -1, -1)
        down = (
            torch.arange(rows, device=device)
            .float()
            .outer(speeds)
            .unsqueeze(1)
            .expand(-1, columns, -1)
        )
        pairs = torch.stack((across, down), dim=-1).flatten(-2)
        angles[frames, rows, columns] = pairs.flatten(0, 1).repeat(frames, 1)
    both = torch.cat([angles[grid] for grid in grids])
    return both.cos(), both.sin()
