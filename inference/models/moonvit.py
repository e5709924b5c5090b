"""MoonViT and its projector: pictures, or chunks of up to four video frames, to embeddings.

One pass computes all items in one sequence of patches; attention is limited to each item.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from inference.checkpoint.config import VisionConfig
from inference.models.layers import LayerNorm, Linear
from kernels import rope, vit_attention

# Constants of the reference implementation that are not in config.json.
NORM_EPS = 1e-5
THETA = 10000.0  # base of the frequencies of positions
LONGEST_SIDE = 512  # patches

Grid = tuple[int, int, int]  # frames, rows, columns of patches


class PositionTable(nn.Module):
    """A learned grid of positions, resized to an item's grid, and fixed waves for video frames."""

    def __init__(self, vision: VisionConfig) -> None:
        super().__init__()
        self.weight = nn.Parameter(
            torch.empty(vision.pos_emb_height, vision.pos_emb_width, vision.hidden_size)
        )

    def forward(self, grid: Grid) -> Tensor:
        """Return [frames · rows · columns, size] float32.

        A single frame gets no wave, not even the one of frame 0.
        """
        frames, rows, columns = grid
        table = self.weight.float()
        if (rows, columns) != table.shape[:2]:
            channels_first = table.permute(2, 0, 1).unsqueeze(0)
            resized = F.interpolate(channels_first, (rows, columns), mode="bicubic")
            table = resized[0].permute(1, 2, 0)
        positions = table.flatten(0, 1)
        if frames == 1:
            return positions
        size = positions.shape[-1]
        exponents = torch.arange(0, size, 2, dtype=torch.float32, device=positions.device) / size
        frequencies = THETA**-exponents
        numbers = torch.arange(frames, dtype=torch.float32, device=positions.device)
        angles = numbers.outer(frequencies)
        waves = torch.cat((angles.sin(), angles.cos()), dim=-1)
        return (positions + waves.unsqueeze(1)).flatten(0, 1)


class Convolution(nn.Module):
    """A linear map of a patch, stored as a convolution whose stride is its size."""

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
    """patches [P, 3, patch, patch] -> [P, size], with positions added."""

    def __init__(self, vision: VisionConfig) -> None:
        super().__init__()
        self.proj = Convolution(vision)
        self.pos_emb = PositionTable(vision)

    def forward(self, patches: Tensor, grids: list[Grid]) -> Tensor:
        by_grid = {grid: self.pos_emb(grid) for grid in set(grids)}
        positions = torch.cat([by_grid[grid] for grid in grids])
        out: Tensor = self.proj(patches) + positions.to(patches.dtype)
        return out


class VisionMlp(nn.Module):
    """x [P, size] -> [P, size]: two linear layers with a GELU between them."""

    def __init__(self, vision: VisionConfig) -> None:
        super().__init__()
        self.fc0 = Linear(vision.hidden_size, vision.intermediate_size, bias=True)
        self.fc1 = Linear(vision.intermediate_size, vision.hidden_size, bias=True)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.fc1(F.gelu(self.fc0(x), approximate="tanh"))
        return out


class VisionBlock(nn.Module):
    """x [P, size] -> [P, size]: one layer of attention and MLP."""

    def __init__(self, vision: VisionConfig) -> None:
        super().__init__()
        size = vision.hidden_size
        self.heads = vision.num_attention_heads
        self.scale = vision.head_dim**-0.5
        self.norm0 = LayerNorm(size, NORM_EPS)
        self.norm1 = LayerNorm(size, NORM_EPS)
        self.wqkv = Linear(size, 3 * size, bias=True)
        self.wo = Linear(size, size, bias=True)
        self.mlp = VisionMlp(vision)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, starts: Tensor) -> Tensor:
        q, k, v = self.wqkv(self.norm0(x)).view(len(x), 3, self.heads, -1).unbind(1)
        attended = vit_attention(rope(q, cos, sin), rope(k, cos, sin), v, starts, self.scale)
        x = x + self.wo(attended.flatten(1))
        out: Tensor = x + self.mlp(self.norm1(x))
        return out


class Encoder(nn.Module):
    """x [P, size] -> [P, size]: all layers and the final norm."""

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
    """pixel_values [P, 3, patch, patch], grids -> [merged, kernel, size] for each item.

    A kernel is 2 · 2 patches that become one token.
    """

    def __init__(self, vision: VisionConfig) -> None:
        super().__init__()
        self.vision = vision
        self.patch_embed = PatchEmbedding(vision)
        self.encoder = Encoder(vision)

    def forward(self, pixel_values: Tensor, grids: list[Grid]) -> list[Tensor]:
        x = self.patch_embed(pixel_values, grids)
        cos, sin = compute_rotations(grids, self.vision.head_dim, x.device)
        sizes = [frames * rows * columns for frames, rows, columns in grids]
        starts = torch.tensor([0, *sizes]).cumsum(0)
        x = self.encoder(x, cos, sin, starts)
        return [self._merge(item, grid) for item, grid in zip(x.split(sizes), grids, strict=True)]

    def _merge(self, x: Tensor, grid: Grid) -> Tensor:
        """Return the mean over frames as [merged, kernel, size], kernels row by row."""
        frames, rows, columns = grid
        down, across = self.vision.merge_kernel_size
        patches = x.view(frames, rows // down, down, columns // across, across, -1)
        kernels = patches.mean(0).transpose(1, 2)
        return kernels.reshape(-1, down * across, x.shape[-1])


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
    """Return cos and sin [P, head_dim / 2] float32.

    A patch's column rotates the even pairs, its row the odd pairs.
    """
    exponents = torch.arange(0, head_dim, 4, dtype=torch.float32, device=device) / head_dim
    frequencies = 1.0 / THETA**exponents
    by_grid: dict[Grid, Tensor] = {}
    for frames, rows, columns in set(grids):
        by_column = torch.arange(columns, device=device).float().outer(frequencies)
        by_row = torch.arange(rows, device=device).float().outer(frequencies)
        across = by_column.expand(rows, -1, -1)
        down = by_row.unsqueeze(1).expand(-1, columns, -1)
        pairs = torch.stack((across, down), dim=-1).flatten(-2)
        by_grid[frames, rows, columns] = pairs.flatten(0, 1).repeat(frames, 1)
    angles = torch.cat([by_grid[grid] for grid in grids])
    return angles.cos(), angles.sin()
