"""What a model or a person is told of a page's code."""

from __future__ import annotations

from dataclasses import replace

from studio.pipeline.scoring.quality.facts import Reflow
from studio.pipeline.scoring.quality.fault_sentences import describe_faults
from studio.pipeline.scoring.quality.measure import score_facts
from tests.studio.pipeline.scoring.quality.test_parts import GOOD, spoil


def test_good_code_is_told_nothing() -> None:
    assert describe_faults(None) == []
    assert describe_faults(score_facts(GOOD)) == []


def test_the_costliest_part_comes_first_with_its_counts() -> None:
    facts = spoil(numbered=12, meaningless=2, iconCrops=9, drawnRules=4)
    sentences = describe_faults(score_facts(facts))
    assert [sentence.split("(")[-1].split()[0] for sentence in sentences] == ["names", "clean"]
    assert "of 20 class names 12 end in a number and 2 say nothing" in sentences[0]
    assert "4 hr elements, 9 icons as pictures" in sentences[1]


def test_a_phones_faults_are_said_in_pixels() -> None:
    narrow = {390: Reflow(120, 1000, 0, 0, 0, 0, 700, 2000)}
    (sentence,) = describe_faults(score_facts(replace(GOOD, reflow=narrow)))
    assert "at 390 px it is 120 px too wide" in sentence
    assert "at 390 px 700 px stay empty where columns stack" in sentence


def test_wrong_elements_are_named_with_their_number() -> None:
    (sentence,) = describe_faults(score_facts(spoil(split=2, unequal=3, loose=9)))
    assert "2 headings split by line, 3 headings of one look at different levels" in sentence
