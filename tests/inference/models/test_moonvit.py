"""The vision tower: items apart, frames pooled, positions stretched; and what it refuses."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from inference.models.kimi import Kimi
from inference.models.moonvit import PositionTable, compute_rotations

BOUND = 1e-5  # on features of up to 4


def pixels(count: int, seed: int = 0) -> Tensor:
    return torch.rand(count, 3, 14, 14, generator=torch.Generator().manual_seed(seed)) * 2 - 1


def see(model: Kimi, patches: Tensor, *grids: tuple[int, int, int]) -> list[Tensor]:
    with torch.inference_mode():
        return model.encode_images(patches, torch.tensor(grids))


def test_each_picture_is_seen_as_if_alone(model: Kimi) -> None:
    patches = pixels(24 + 4 + 48)
    together = see(model, patches, (1, 4, 6), (1, 2, 2), (3, 4, 4))
    alone = [
        see(model, patches[:24], (1, 4, 6)),
        see(model, patches[24:28], (1, 2, 2)),
        see(model, patches[28:], (3, 4, 4)),
    ]
    assert [item.shape for item in together] == [(6, 128), (1, 128), (4, 128)]
    for item, [right] in zip(together, alone, strict=True):
        assert (item - right).abs().max() < BOUND


def test_a_patch_reaches_every_row_of_its_picture(model: Kimi) -> None:
    patches = pixels(24)
    other = patches.clone()
    other[0] = -other[0]
    changed = (see(model, patches, (1, 4, 6))[0] - see(model, other, (1, 4, 6))[0]).abs().amax(-1)
    assert (changed > 100 * BOUND).all()


def test_a_table_of_the_items_own_size_is_taken_as_it_is(model: Kimi) -> None:
    table: PositionTable = model.vision_tower.patch_embed.pos_emb
    assert torch.equal(table((1, 16, 16)), table.weight.float().flatten(0, 1))


def test_a_single_frame_gets_no_wave_and_the_first_of_several_does(model: Kimi) -> None:
    table: PositionTable = model.vision_tower.patch_embed.pos_emb
    single, several = table((1, 4, 4)), table((2, 4, 4)).view(2, 16, -1)
    half = single.shape[-1] // 2
    assert torch.allclose(several[0] - single, torch.tensor([0.0] * half + [1.0] * half), atol=1e-6)
    wave = (several[1] - single)[0]
    assert wave[0].item() == pytest.approx(math.sin(1), abs=1e-6)
    assert wave[half + 1].item() == pytest.approx(math.cos(10000 ** (-2 / (2 * half))), abs=1e-6)


def test_columns_turn_the_even_pairs_and_rows_the_odd_ones() -> None:
    cos, sin = compute_rotations([(2, 3, 5)], head_dim=72, device=torch.device("cpu"))
    assert cos.shape == (30, 36)
    patch = 2 * 5 + 4  # row 2, column 4
    for pair, place in ((0, 4), (1, 2), (2, 4), (35, 2)):
        angle = place * 10000 ** (-4 * (pair // 2) / 72)
        assert sin[patch, pair].item() == pytest.approx(math.sin(angle), abs=1e-6)
    assert torch.equal(cos[:15], cos[15:])  # every frame alike


@pytest.mark.parametrize(
    ("patches", "grid", "sentence"),
    [
        (
            pixels(24),
            (1, 4, 5),
            r"has 1 × 4 × 5; use 1 to 4 frames and sides of up to 512 patches, multiples of 2",
        ),
        (pixels(40), (5, 2, 4), "has 5 × 2 × 4"),
        (pixels(4), (1, 514, 2), "has 1 × 514 × 2"),
        (pixels(4), (1, 0, 2), "has 1 × 0 × 2"),
        (pixels(24), (1, 4, 4), "pixel_values has 24 patches; grid_thws asks for 16"),
        (
            pixels(4)[:, :2],
            (1, 2, 2),
            r"pixel_values is \[4, 2, 14, 14\]; it must be \[patches, 3, 14, 14\]",
        ),
    ],
)
def test_a_grid_that_does_not_fit_is_refused(
    model: Kimi, patches: Tensor, grid: tuple[int, int, int], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        see(model, patches, grid)
