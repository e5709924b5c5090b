"""What beats the best so far: more like the mockup at a bearable price in code, or better code that looks the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.generation.attempts import AttemptResult
from studio.pipeline.keep import Keepability, KeepFacts
from studio.pipeline.types import Comparison
from tests.studio.generation.making import attempt


def scored(likeness: float, keepability: float) -> AttemptResult:
    return replace(
        attempt(),
        comparison=Comparison(likeness, {}, (), (), b""),
        keep=Keepability(keepability, {}, KeepFacts({}, {}, {}, 0)),
    )


@pytest.mark.parametrize(
    ("likeness", "keepability", "kept"),
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
def test_against_one_of_90_and_80(likeness: float, keepability: float, kept: bool) -> None:
    assert scored(likeness, keepability).beats(scored(0.90, 0.80), highest=0.90) is kept


def test_the_first_has_nothing_to_beat() -> None:
    assert scored(0.1, 0.1).beats(None, highest=0.0)


def test_small_losses_do_not_add_up() -> None:
    best, highest = scored(0.90, 0.70), 0.90
    for step in range(1, 10):
        one = scored(0.90 - 0.015 * step, 0.70 + 0.02 * step)
        best = one if one.beats(best, highest) else best
    assert best.likeness >= 0.88
