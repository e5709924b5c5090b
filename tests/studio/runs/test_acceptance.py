"""What beats the best so far: the likelier attempt; among equally like ones the better code, if
nothing is missing.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.pipeline.loop.attempts import AttemptResult
from studio.pipeline.perception.hints import Box
from studio.pipeline.scoring.quality.measure import CodeQuality, KeepFacts
from studio.pipeline.types import Comparison, Difference
from tests.studio.runs.making import attempt


def scored(likeness: float, quality: float, missing: str = "") -> AttemptResult:
    """`missing`: an element that the comparison names; it costs half of what is lost."""
    told = (
        (Difference("missing", Box(0, 0, 200, 100), f"{missing} is missing", 0.5),)
        if missing
        else ()
    )
    return replace(
        attempt(),
        comparison=Comparison(likeness, {}, (), told, b""),
        keep=CodeQuality(quality, {}, KeepFacts({}, {}, {}, 0)),
    )


@pytest.mark.parametrize(
    ("likeness", "quality", "kept"),
    [
        (0.96, 0.80, True),  # likelier, the same code
        (0.96, 0.40, True),  # likelier, whatever the code
        (0.915, 0.60, True),  # more than a person calls equally like
        (0.905, 0.80, True),  # equally like, a little likelier, the same code
        (0.905, 0.79, False),  # equally like, worse code
        (0.895, 0.90, True),  # equally like, better code
        (0.885, 0.99, False),  # less like: no code makes up for it
        (0.90, 0.803, False),  # no more than noise
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


@pytest.mark.parametrize(
    "losses",
    [
        [(0.923, 0.80), (0.913, 0.95)],
        [(0.938, 0.80), (0.923, 0.95)],
        [(0.962, 0.80), (0.949, 0.95)],
    ],
)
def test_better_code_is_not_bought_with_likeness(losses: list[tuple[float, float]]) -> None:
    first, second = losses
    assert last_kept(first, (second[0] - 0.0005, second[1])) == first


def test_a_likelier_attempt_is_not_dropped_for_its_code() -> None:
    assert last_kept((0.949, 0.95), (0.965, 0.80)) == pytest.approx((0.965, 0.80))


def test_better_code_does_not_win_while_an_element_is_missing() -> None:
    whole, lacking = scored(0.900, 0.80), scored(0.895, 0.95, missing="card 2")
    assert not lacking.beats([whole])
    assert scored(0.895, 0.95).beats([whole])


def test_what_both_lack_does_not_stop_better_code() -> None:
    one, other = scored(0.900, 0.80, missing="card 2"), scored(0.899, 0.95, missing="card 2")
    assert other.beats([one])


def test_small_losses_of_likeness_do_not_add_up() -> None:
    likeness, _ = last_kept(*((0.90 - 0.008 * step, 0.70 + 0.02 * step) for step in range(10)))
    assert likeness >= 0.89


def test_what_is_refused_at_once_is_not_let_in_by_two_steps() -> None:
    assert last_kept((0.90, 0.80), (0.891, 0.90), (0.8905, 0.715)) == pytest.approx((0.891, 0.90))
