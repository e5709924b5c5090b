"""Each part of code quality as a function of counted facts: what costs, and how much of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from studio.pipeline.scoring.quality import parts
from studio.pipeline.scoring.quality.facts import KeepFacts, Reflow

CODE: dict[str, Any] = {
    "letters": 1000,
    "elements": 100,
    "meantLetters": 1000,
    "absoluteLetters": 0,
    "inlineStyles": 0,
    "offsets": {"explained": 100, "magic": 0},
    "spacings": 5,
    "colors": 5,
    "sizes": 4,
    "rules": 20,
    "dead": 0,
    "literal": 0,
    "named": 10,
    "fixed": 0,
    "old": 0,
    "twiceIds": 0,
    "quirks": False,
    "headings": 5,
    "firstHeadings": 1,
    "skipped": 0,
    "unequal": 0,
    "split": 0,
    "landmarks": 3,
    "mains": 1,
    "repeatedLandmarks": 0,
    "nested": 0,
    "emptyNavs": 0,
    "fields": 4,
    "outside": 0,
    "unlabelled": 0,
    "places": 50,
    "backwards": 0,
    "emptyBoxes": 0,
    "drawnRules": 0,
    "wrappers": 0,
    "iconCrops": 0,
    "stripCrops": 0,
    "classes": 20,
    "numbered": 0,
    "meaningless": 0,
    "strays": 0,
    "asked": 40,
    "alike": 40,
    "repeated": 20,
    "loose": 0,
}
GOOD = KeepFacts(CODE, {}, {390: Reflow(0, 1000, 0, 0, 0, 0, 0, 2000)}, 5000)


def spoil(**counts: Any) -> KeepFacts:
    return replace(GOOD, code={**CODE, **counts})


@pytest.mark.parametrize("name", parts.PARTS)
def test_facts_without_a_fault_score_one_in_every_part(name: str) -> None:
    assert parts.PARTS[name](GOOD) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("part", "counts"),
    [
        ("elements", {"skipped": 1}),
        ("elements", {"unequal": 1}),
        ("elements", {"split": 1}),
        ("elements", {"firstHeadings": 2}),
        ("elements", {"headings": 0, "firstHeadings": 0}),
        ("elements", {"repeatedLandmarks": 1}),
        ("elements", {"nested": 1}),
        ("elements", {"emptyNavs": 1}),
        ("elements", {"mains": 0}),
        ("elements", {"outside": 2}),
        ("elements", {"unlabelled": 2}),
        ("elements", {"backwards": 3}),
        ("elements", {"loose": 8}),
        ("elements", {"meantLetters": 700}),
        ("names", {"numbered": 3}),
        ("names", {"meaningless": 3}),
        ("names", {"inlineStyles": 10}),
        ("components", {"alike": 30}),
        ("components", {"strays": 4}),
        ("layout", {"offsets": {"explained": 80, "magic": 20}}),
        ("layout", {"fixed": 3}),
        ("layout", {"absoluteLetters": 200}),
        ("clean", {"emptyBoxes": 5}),
        ("clean", {"drawnRules": 5}),
        ("clean", {"wrappers": 5}),
        ("clean", {"iconCrops": 5}),
        ("clean", {"stripCrops": 3}),
        ("clean", {"dead": 5}),
        ("clean", {"old": 3}),
        ("clean", {"quirks": True}),
        ("tokens", {"colors": 20}),
    ],
)
def test_each_fault_lowers_its_part_and_no_other(part: str, counts: dict[str, Any]) -> None:
    spoilt = spoil(**counts)
    lowered = {name for name, score in parts.PARTS.items() if score(spoilt) < score(GOOD) - 0.01}
    shared = {"inlineStyles": {"names", "components", "clean"}}
    assert lowered == shared.get(next(iter(counts)), {part})


@pytest.mark.parametrize(
    "reflow",
    [
        Reflow(200, 1000, 0, 0, 0, 0, 0, 2000),
        Reflow(0, 1000, 100, 0, 0, 0, 0, 2000),
        Reflow(0, 1000, 0, 0, 0, 300, 0, 2000),
        Reflow(0, 1000, 0, 0, 0, 0, 600, 2000),
    ],
    ids=["too wide", "cut off", "at the edge", "gaps"],
)
def test_a_phone_that_shows_less_lowers_responsive(reflow: Reflow) -> None:
    facts = replace(GOOD, reflow={390: reflow})
    assert parts.score_responsive(facts) < 0.9


def test_edges_and_gaps_count_on_a_phone_alone() -> None:
    wide = replace(GOOD, reflow={1440: Reflow(0, 1000, 0, 0, 0, 300, 600, 2000)})
    assert parts.score_responsive(wide) == 1.0


def test_failed_rules_cost_by_their_impact() -> None:
    minor = replace(GOOD, broken={"region": ("minor", 1)})
    critical = replace(GOOD, broken={"label": ("critical", 1)})
    assert parts.score_accessibility(critical) < parts.score_accessibility(minor) < 1


def test_weights_are_a_share_of_each_part() -> None:
    assert set(parts.WEIGHTS) == set(parts.PARTS)
    assert sum(parts.WEIGHTS.values()) == pytest.approx(1)
