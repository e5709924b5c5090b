"""The arithmetic under the scores, against published data and plain definitions."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from studio.pipeline.color import (
    compute_ciede2000,
    compute_distance,
    convert_to_lab,
    parse_hex,
    write_hex,
)
from studio.pipeline.scoring.likeness.picture_maps import compute_ssim

Lab = tuple[float, float, float]


def noise(seed: int, height: int = 200, width: int = 320) -> Image.Image:
    small = np.random.default_rng(seed).integers(
        0, 256, (height // 8, width // 8, 3), dtype=np.uint8
    )
    return Image.fromarray(small).resize((width, height), Image.Resampling.NEAREST)


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    # from the test data that Sharma, Wu and Dalal published with the formula, one for each of its
    # corners
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
        ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.694), (23.0331, 14.973, -42.5619), 2.0373),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_colour_distance_agrees_with_the_published_data(one: Lab, other: Lab, apart: float) -> None:
    assert float(compute_ciede2000(np.array(one), np.array(other))) == pytest.approx(
        apart, abs=1e-4
    )


def test_lab_agrees_with_opencv() -> None:
    import cv2

    colors = np.random.default_rng(7).integers(0, 256, (1, 2000, 3), dtype=np.uint8)
    theirs = cv2.cvtColor((colors / 255).astype(np.float32), cv2.COLOR_RGB2LAB)
    assert (
        np.abs(convert_to_lab(colors) - theirs).max() < 0.5
    )  # OpenCV reads its curves from tables: 0.37 here, of 100


def test_black_and_white_are_a_hundred_apart() -> None:
    assert float(compute_distance((0, 0, 0), (255, 255, 255))) == pytest.approx(100, abs=0.01)
    assert float(compute_distance((12, 34, 56), (12, 34, 56))) == 0


def test_hex_is_read_and_written() -> None:
    assert parse_hex("#0d6efd") == (13, 110, 253)
    assert write_hex((13, 110, 253)) == "#0d6efd"
    with pytest.raises(ValueError, match="use '#rrggbb'"):
        parse_hex("red")


def test_ssim_is_the_mean_over_all_windows() -> None:
    import cv2

    one, other = noise(1), Image.blend(noise(1), noise(2), 0.3)
    small = [
        cv2.resize(np.asarray(p), (80, 50), interpolation=cv2.INTER_AREA) for p in (one, other)
    ]
    x, y = (
        np.lib.stride_tricks.sliding_window_view(cv2.cvtColor(p, cv2.COLOR_RGB2GRAY) * 1.0, (7, 7))
        for p in small
    )
    x, y = x.reshape(-1, 49), y.reshape(-1, 49)
    shared = ((x - x.mean(1, keepdims=True)) * (y - y.mean(1, keepdims=True))).sum(1) / 48
    above = (2 * x.mean(1) * y.mean(1) + 2.55**2) * (2 * shared + 7.65**2)
    below = (x.mean(1) ** 2 + y.mean(1) ** 2 + 2.55**2) * (
        x.var(1, ddof=1) + y.var(1, ddof=1) + 7.65**2
    )
    assert compute_ssim(one, png(other)) == pytest.approx((above / below).mean(), abs=1e-6)


def test_ssim_counts_what_only_one_picture_has() -> None:
    short = noise(1).crop((0, 0, 320, 100))
    assert compute_ssim(noise(1), noise(1)) == pytest.approx(1.0)
    assert compute_ssim(noise(1), short) < 0.6
    assert compute_ssim(noise(1), short) == pytest.approx(compute_ssim(short, noise(1)))
