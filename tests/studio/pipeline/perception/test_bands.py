"""What is counted, looked up and sampled band by band is the same as at once."""

from __future__ import annotations

import numpy as np
import pytest

from studio.pipeline.perception import bands, pixels

RANDOM = np.random.default_rng(1)
PICTURE = RANDOM.integers(0, 12, (50, 30, 3)).astype(np.uint8)
MASK = RANDOM.random((50, 30)) < 0.4
LABELS = RANDOM.integers(0, 90, (50, 30)).astype(np.int32)


@pytest.fixture(autouse=True, params=[1, 70, 10_000])
def _small_bands(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bands, "BAND", request.param)


def test_bands_cover_all_rows_once() -> None:
    rows = [row for band in bands.cut_into_bands(50, 30, 16) for row in range(50)[band]]
    assert rows == list(range(50))


def test_labels_are_looked_up() -> None:
    table = RANDOM.integers(0, 1000, 90)
    assert np.array_equal(bands.look_up(table, LABELS), table[LABELS])


def test_chosen_labels_are_marked() -> None:
    found = bands.mark_labels(LABELS, {3, 80}, 90)
    assert np.array_equal(found, (LABELS == 3) | (LABELS == 80))
    assert not bands.mark_labels(LABELS, set(), 90).any()


def test_labels_are_counted() -> None:
    assert np.array_equal(bands.count_labels(LABELS, 95), np.bincount(LABELS.ravel(), minlength=95))


@pytest.mark.parametrize("most", [1, 10, 77, 5000])
def test_every_nth_pixel_is_sampled(most: int) -> None:
    rows, columns = np.nonzero(MASK)
    step = max(1, len(rows) // most)
    found = bands.sample_mask(MASK, most)
    assert np.array_equal(found[0], rows[::step])
    assert np.array_equal(found[1], columns[::step])


def test_colors_are_counted() -> None:
    for mask in (None, MASK):
        colors = PICTURE.reshape(-1, 3) if mask is None else PICTURE[mask]
        codes, counts = bands.count_colors(PICTURE, mask)
        by_hand: dict[int, int] = {}
        for red, green, blue in colors.tolist():
            code = (red << 16) + (green << 8) + blue
            by_hand[code] = by_hand.get(code, 0) + 1
        assert dict(zip(codes.tolist(), counts.tolist(), strict=True)) == by_hand
        assert codes.tolist() == sorted(by_hand)


def test_the_common_color_is_the_mode_or_the_median_of_the_fullest_cell() -> None:
    mostly = PICTURE.copy()
    mostly[:20] = (7, 80, 200)
    assert pixels.find_common_color(mostly).tolist() == [7, 80, 200]
    median = np.round(np.median(PICTURE.reshape(-1, 3), axis=0))  # all lie in one cell
    assert pixels.find_common_color(PICTURE).tolist() == median.tolist()
    median = np.round(np.median(PICTURE[MASK], axis=0))
    assert pixels.find_common_color(PICTURE, MASK).tolist() == median.tolist()
