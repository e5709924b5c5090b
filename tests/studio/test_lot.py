"""Pages are chosen by lot so that anyone can choose the same ones again."""

from __future__ import annotations

from studio.management.commands.illustrate import draw_lot

NAMES = [f"page-{number}" for number in range(40)]


def test_one_seed_chooses_the_same_pages_again() -> None:
    assert draw_lot(NAMES, 5, 19) == draw_lot(NAMES, 5, 19)
    assert len(set(draw_lot(NAMES, 5, 19))) == 5


def test_other_seeds_choose_other_pages() -> None:
    assert len({tuple(draw_lot(NAMES, 5, seed)) for seed in range(10)}) > 5


def test_a_lot_takes_no_more_pages_than_there_are() -> None:
    assert draw_lot(NAMES[:3], 5, 19) == NAMES[:3]
