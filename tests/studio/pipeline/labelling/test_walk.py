"""The walk's question and answer: every node once and in order, and nothing but what the grammar of
its tree allows.
"""

from __future__ import annotations

import random
import re

import pytest

from studio.pipeline.codegen import write_page
from studio.pipeline.labelling.model import (
    apply_labels,
    build_answer_pattern,
    build_question_parts,
    list_steps,
    read_answer,
    write_answer,
)
from studio.pipeline.labelling.model.alphabet import FACTS, NODES, list_characters
from studio.pipeline.labelling.model.apply_answer import SURE
from studio.pipeline.labelling.model.question import get_rule_guess
from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.labelling.rules.text_facts import collect_page_facts
from studio.pipeline.layout.nodes import Label, Node
from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import Sketch, article, bill, cards, login

PAGES = [article, cards, bill, login]


def tree_of(page: Sketch) -> Node:
    return label_tree(build_tree(page.hints()))


def anything(steps, rng: random.Random) -> list[str]:
    return [rng.choice(step.kinds) for step in steps]


@pytest.mark.parametrize("make", PAGES)
def test_a_question_has_five_characters_for_each_node_but_the_page(make):
    tree = tree_of(make())
    (steps,) = list_steps(tree)
    (part,) = build_question_parts(steps, collect_page_facts(tree), [None] * len(steps))
    assert len(part.text) == FACTS * len(steps) == 5 * len(steps)
    assert set(part.text) <= set(list_characters())
    held = [
        n.id
        for table in tree.walk()
        if table.flow == "table"
        for n in table.walk()
        if n is not table
    ]
    assert [s.node.id for s in steps] == [
        n.id for n in tree.walk() if n is not tree and n.id not in held
    ]


@pytest.mark.parametrize("make", PAGES)
@pytest.mark.parametrize("seed", range(5))
def test_what_is_written_is_read_back_and_follows_the_grammar(make, seed):
    tree = tree_of(make())
    (steps,), facts = list_steps(tree), collect_page_facts(tree)
    said = anything(steps, random.Random(seed))
    text = write_answer(steps, said, facts)
    assert re.fullmatch(build_answer_pattern(steps, facts), text)
    assert read_answer(steps, text, facts) == said


def test_an_answer_that_breaks_off_or_goes_on_is_refused():
    tree = tree_of(cards())
    (steps,), facts = list_steps(tree), collect_page_facts(tree)
    text = write_answer(steps, anything(steps, random.Random(0)), facts)
    for wrong in (text[:-1], text + text[0], text[1:], "hello"):
        with pytest.raises(ValueError, match="does not follow"):
            read_answer(steps, wrong, facts)


def test_no_kind_is_allowed_that_a_node_cannot_be():
    (steps,) = list_steps(tree_of(article()))
    paragraphs = [step for step in steps if step.node.flow == "text" and len(step.node.lines) == 3]
    assert paragraphs
    assert all("button" not in step.kinds and "link" not in step.kinds for step in paragraphs)


@pytest.mark.parametrize("make", PAGES)
@pytest.mark.parametrize("seed", range(5))
def test_whatever_is_said_every_line_stays_on_the_page_once(make, seed):
    tree = tree_of(make())
    (steps,) = list_steps(tree)
    said = anything(steps, random.Random(seed))
    told = {step.node.id: kind for step, kind in zip(steps, said, strict=True)}
    after = apply_labels(tree, told, collect_page_facts(tree))
    texts = [n.text for n in tree.walk() if n.flow == "text"]
    assert [n.text for n in after.walk() if n.flow == "text"] == texts


def test_saying_what_the_rules_say_changes_nothing():
    tree = tree_of(login())
    (steps,) = list_steps(tree)
    told = {step.node.id: get_rule_guess(step.node) for step in steps}
    assert apply_labels(tree, told, collect_page_facts(tree)) == tree


def test_a_heading_said_to_be_text_becomes_a_paragraph_and_levels_stay_in_order():
    tree = tree_of(cards())
    (steps,) = list_steps(tree)
    first = next(s.node for s in steps if get_rule_guess(s.node) == "heading")
    after = apply_labels(tree, {first.id: "text"}, collect_page_facts(tree))
    assert next(n for n in after.walk() if n.id == first.id).label.tag == "p"
    levels = [int(n.label.tag[1]) for n in after.walk() if n.label.role == "heading"]
    assert levels
    assert all(b <= a + 1 for a, b in zip(levels, levels[1:], strict=False))


def test_what_the_rules_see_more_surely_stays():
    tree = tree_of(login())
    (steps,) = list_steps(tree)
    fields = [s.node.id for s in steps if get_rule_guess(s.node) == "field"]
    assert fields
    after = apply_labels(tree, dict.fromkeys(fields, "panel"), collect_page_facts(tree))
    assert all(n.label.role == "field" for n in after.walk() if n.id in fields)


def test_a_list_to_choose_from_is_a_select_with_what_is_chosen():
    tree = tree_of(login())
    (steps,) = list_steps(tree)
    panel = next(
        s.node for s in steps if "select" in s.kinds and get_rule_guess(s.node) not in SURE
    )
    words = next(n.text for n in panel.walk() if n.flow == "text")
    after = apply_labels(tree, {panel.id: "select"}, collect_page_facts(tree))
    assert next(n for n in after.walk() if n.id == panel.id).label == Label("select", "field")
    page = write_page(after, {}).files["index.html"]
    assert re.search(rf"<select [^>]*>\s*<option>{words}</option>\s*</select>", page)


def test_a_long_page_is_cut_into_questions_that_a_model_can_hold():
    page = Sketch(height=9000)
    for i in range(420):
        page.text(100, 40 + 20 * i, f"Entry number {i}", size=13 + i % 2)
    tree = tree_of(page)
    parts = list_steps(tree)
    assert len(parts) > 1
    assert all(len(part) <= NODES for part in parts)
    assert sum(map(len, parts)) == sum(1 for _ in tree.walk()) - 1
