"""Pictures to patches: the golden sizes of Moonshot's processor, padding, order, and files that are
none.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inference.chat.images import (
    ImageError,
    ImageLimits,
    cut_patches,
    expand_placeholders,
    fit_size,
    read_image,
    read_limits,
)
from inference.checkpoint.json_fields import CheckpointError

LIMITS = ImageLimits()


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("size", "scaled", "rows", "columns", "tokens"),
    [
        ((2048, 1365), (2048, 1365), 98, 148, 3626),
        ((17, 64), (17, 64), 6, 2, 3),
        ((5000, 6000), (1637, 1964), 142, 118, 4189),
        ((224, 224), (224, 224), 16, 16, 64),
        ((640, 480), (640, 480), 36, 46, 414),
        ((1920, 1080), (1920, 1080), 78, 138, 2691),
        ((20000, 100), (7168, 35), 4, 512, 512),
        ((3000, 3000), (1794, 1794), 130, 130, 4225),
        ((1, 1), (1, 1), 2, 2, 1),
    ],
    ids=lambda value: "x".join(map(str, value)) if isinstance(value, tuple) else None,
)
def test_sizes_are_moonshots(
    size: tuple[int, int], scaled: tuple[int, int], rows: int, columns: int, tokens: int
) -> None:
    assert fit_size(*size, LIMITS) == scaled
    seen = cut_patches(Image.new("RGB", size), LIMITS)
    assert (seen.grid, seen.tokens) == ((1, rows, columns), tokens)
    assert seen.values.shape == (rows * columns, 3, 14, 14)
    assert seen.values.dtype == np.float32


def test_patches_go_row_by_row_with_colours_first() -> None:
    pixels = np.arange(28 * 56 * 3, dtype=np.uint32).reshape(28, 56, 3).astype(np.uint8)
    seen = cut_patches(Image.fromarray(pixels), LIMITS)
    assert seen.grid == (1, 2, 4)
    row, column = 1, 2
    cut = pixels[14 * row : 14 * row + 14, 14 * column : 14 * column + 14].astype(np.float32)
    assert np.allclose(
        seen.values[row * 4 + column], (cut / 255 - 0.5).transpose(2, 0, 1) * 2, atol=1e-6
    )


def test_what_is_missing_on_the_right_and_below_is_black() -> None:
    seen = cut_patches(Image.new("RGB", (20, 14), "white"), LIMITS).values
    assert seen[0].min() == 1.0
    assert (seen[1, :, :, :6] == 1.0).all()
    assert (seen[1, :, :, 6:] == -1.0).all()
    assert (seen[2:] == -1.0).all()


def test_transparency_is_dropped() -> None:
    assert read_image(png(Image.new("RGBA", (3, 2), (200, 100, 50, 0)))).getpixel((1, 1)) == (
        200,
        100,
        50,
    )


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", png(Image.new("RGB", (64, 64), "red"))[:60]],
    ids=["empty", "text", "cut"],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(ImageError, match="The picture cannot be read; use PNG, JPEG, WebP"):
        read_image(data)


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = png(Image.new("1", (200, 200)))
    for most in (
        30_000,
        10_000,
    ):  # Pillow warns of more than its limit, and refuses more than twice as much
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", most)
        with pytest.raises(ImageError, match=f"has more than {most} pixels"):
            read_image(data)


def test_placeholders_grow_to_their_pictures() -> None:
    assert expand_placeholders([1, 9, 2, 9], 9, [3, 1]) == [1, 9, 9, 9, 2, 9]
    with pytest.raises(ValueError, match="has 2 places for pictures, but 1 pictures were given"):
        expand_placeholders([9, 9], 9, [4])


def test_limits_are_the_checkpoints_own(tmp_path: Path) -> None:
    assert read_limits(tmp_path) == LIMITS
    (tmp_path / "preprocessor_config.json").write_text('{"media_proc_cfg": {"in_patch_limit": 64}}')
    assert fit_size(280, 280, read_limits(tmp_path)) == (112, 112)
    (tmp_path / "preprocessor_config.json").write_text(
        '{"media_proc_cfg": {"image_mean": [0.4, 0.4, 0.4]}}'
    )
    with pytest.raises(
        CheckpointError, match=r"media_proc_cfg.image_mean is \[0.4, 0.4, 0.4\]; it must be"
    ):
        read_limits(tmp_path)
