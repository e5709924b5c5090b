"""What beats the best so far: more like the mockup at a bearable price in code, or better code that
looks the same.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.pipeline.loop.attempts import AttemptResult
from studio.pipeline.scoring.quality.measure import CodeQuality, KeepFacts
from studio.pipeline.types import Comparison
from tests.studio.runs.making import attempt


def scored(likeness: float, quality: float) -> AttemptResult:
    return replace(
        attempt(),
        comparison=Comparison(likeness, {}, (), (), b""),
        keep=CodeQuality(quality, {}, KeepFacts({}, {}, {}, 0)),
    )


@pytest.mark.parametrize(
    ("likeness", "quality", "kept"),
    [
        (0.96, 0.80, True),  # clearly more like it, the same code
        (0.96, 0.72, True),  # at a bearable price
        (0.96, 0.65, False),  # bought with code nobody would keep
        (0.91, 0.80, True),  # a little more like it, the same code
        (0.91, 0.79, False),  # as like it, worse code
        (0.89, 0.90, True),  # as like it, better code
        (0.90, 0.803, False),  # no more than noise
        (0.87, 0.95, False),  # better code of another page
    ],
)
def test_against_one_of_90_and_80(likeness: float, quality: float, kept: bool) -> None:
    assert scored(likeness, quality).beats([scored(0.90, 0.80)]) is kept


def test_the_first_has_nothing_to_beat() -> None:
    assert scored(0.1, 0.1).beats([])


def last_kept(*attempts: tuple[float, float]) -> tuple[float, float]:
    """The likeness and quality that a run of these attempts ends with."""
    kept: list[AttemptResult] = []
    for likeness, quality in attempts:
        one = scored(likeness, quality)
        if one.beats(kept):
            kept.append(one)
    return kept[-1].likeness, kept[-1].quality


def test_small_losses_of_likeness_do_not_add_up() -> None:
    likeness, _ = last_kept(*((0.90 - 0.015 * step, 0.70 + 0.02 * step) for step in range(10)))
    assert likeness >= 0.88


def test_the_price_is_paid_once_not_every_round() -> None:
    _, quality = last_kept((0.80, 0.80), (0.83, 0.71), (0.86, 0.62), (0.89, 0.53))
    assert quality == pytest.approx(0.71)


def test_what_is_refused_at_once_is_not_let_in_by_two_steps() -> None:
    assert last_kept((0.90, 0.80), (0.881, 0.81), (0.902, 0.715)) == pytest.approx((0.881, 0.81))
