"""The walk's question and answer: every node once and in order, and nothing but what the grammar of its tree allows."""

from __future__ import annotations

import random
import re

import pytest

from inference.task.layout.nodes import Node
from inference.task.rules import label_tree
from inference.task.rules.facts import page_facts
from inference.task.tree import build_tree
from inference.task.walk import answer_pattern, question, read_answer, relabelled, steps_of, write_answer
from inference.task.walk.alphabet import NODES, characters
from inference.task.walk.answer import Said
from inference.task.walk.question import guess_of
from tests.inference.draft.sketch import Sketch, article, bill, cards, login

PAGES = [article, cards, bill, login]


def tree_of(page: Sketch) -> Node:
    return label_tree(build_tree(page.hints()))


def anything(steps, rng: random.Random) -> list[Said]:
    said = []
    for step in steps:
        space = rng.choice([None, 0.0, 4.0, 64.0, 128.0]) if step.spaced else None
        said.append(Said(rng.choice(step.kinds), space))
    return said


@pytest.mark.parametrize("make", PAGES)
def test_a_question_has_eleven_characters_for_each_node_but_the_page(make):
    tree = tree_of(make())
    (steps,) = steps_of(tree)
    asked = question(steps, page_facts(tree))
    assert len(asked) == 11 * len(steps)
    assert set(asked) <= set(characters())
    held = [n.id for table in tree.walk() if table.flow == "table" for n in table.walk() if n is not table]
    assert [s.node.id for s in steps] == [n.id for n in tree.walk() if n is not tree and n.id not in held]


@pytest.mark.parametrize("make", PAGES)
@pytest.mark.parametrize("seed", range(5))
def test_what_is_written_is_read_back_and_follows_the_grammar(make, seed):
    (steps,) = steps_of(tree_of(make()))
    said = anything(steps, random.Random(seed))
    text = write_answer(steps, said)
    assert re.fullmatch(answer_pattern(steps), text)
    assert read_answer(steps, text) == said


def test_an_answer_that_breaks_off_or_goes_on_is_refused():
    (steps,) = steps_of(tree_of(cards()))
    text = write_answer(steps, anything(steps, random.Random(0)))
    for wrong in (text[:-1], text + text[0], text[1:], "hello"):
        with pytest.raises(ValueError, match="does not follow"):
            read_answer(steps, wrong)


def test_no_kind_is_allowed_that_a_node_cannot_be():
    (steps,) = steps_of(tree_of(article()))
    paragraphs = [step for step in steps if step.node.flow == "text" and len(step.node.lines) == 3]
    assert paragraphs
    assert all("button" not in step.kinds and "link" not in step.kinds for step in paragraphs)


@pytest.mark.parametrize("make", PAGES)
@pytest.mark.parametrize("seed", range(5))
def test_whatever_is_said_every_line_stays_on_the_page_once(make, seed):
    tree = tree_of(make())
    (steps,) = steps_of(tree)
    said = anything(steps, random.Random(seed))
    told = {step.node.id: what for step, what in zip(steps, said, strict=True)}
    after = relabelled(tree, told, page_facts(tree))
    texts = [n.text for n in tree.walk() if n.flow == "text"]
    assert [n.text for n in after.walk() if n.flow == "text"] == texts


def test_saying_what_the_rules_say_changes_nothing():
    tree = tree_of(login())
    (steps,) = steps_of(tree)
    told = {step.node.id: Said(guess_of(step.node)) for step in steps}
    assert relabelled(tree, told, page_facts(tree)) == tree


def test_a_paragraph_said_to_be_a_heading_becomes_one_and_levels_stay_in_order():
    tree = tree_of(cards())
    (steps,) = steps_of(tree)
    told = {s.node.id: Said("heading") for s in steps if "heading" in s.kinds}
    levels = [int(n.label.tag[1]) for n in relabelled(tree, told, page_facts(tree)).walk() if n.label.role == "heading"]
    assert levels
    assert all(b <= a + 1 for a, b in zip(levels, levels[1:], strict=False))


def test_a_long_page_is_cut_into_questions_that_a_model_can_hold():
    page = Sketch(height=9000)
    for i in range(420):
        page.text(100, 40 + 20 * i, f"Entry number {i}", size=13 + i % 2)
    tree = tree_of(page)
    parts = steps_of(tree)
    assert len(parts) > 1
    assert all(len(part) <= NODES for part in parts)
    assert sum(map(len, parts)) == sum(1 for _ in tree.walk()) - 1
