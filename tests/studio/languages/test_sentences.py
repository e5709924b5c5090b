"""Sentences that were stored in English are shown in the reader's language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from django.utils.translation import override

from studio.config.environment import ROOT
from studio.languages.sentences import SENTENCES, translate_sentence

LIKENESS = ROOT / "studio" / "pipeline" / "scoring" / "likeness"
# What the expressions in the f-strings of the sources below stand for, by a part of their code.
SAMPLES = (
    ("_describe_misfit", "3 px too wide"),
    ("describe_offset", "3 px too low and 4 px too far right"),
    ("', '.join", "3 px too wide, 4 px too low"),
    ("describe_place", "at x 1, y 2"),
    ("where", "x 1, y 2, 3 × 4"),
    ("_conjugate_be", "is"),
    ("_name_group", "'Boats' and 'Oars'"),
    ("quote_text", "'Boats'"),
    ("inside[0]", "Boats"),
    ("_picture_fault", "missing"),
    ("_ink_fault", "is drawn too heavy or doubled"),
    ("'tall' if", "tall"),
    ("fill", "#aabbcc"),
    ("colors[", "#aabbcc"),
    ("should", "#aabbcc"),
    ("is_", "#112233"),
    ("way", "wide"),
    ("name", "card 2"),
)
# Fragments of the sentences, and what is no sentence.
FRAGMENTS = re.compile(r"^(x 1, y|at x|, #|7 px too|#|card 2 \d|card 2 card 2|' |\d)")
SOURCES = ("difference_sentences.py", "regions.py", "unexplained_patches.py")


def sample_sentences() -> Iterator[tuple[str, str]]:
    """Yield place and text of each sentence about a difference, with samples for its fields."""
    for source in SOURCES:
        tree = ast.parse((LIKENESS / source).read_text())
        for node in ast.walk(tree):
            if not isinstance(node, ast.JoinedStr):
                continue
            text = "".join(sample(part) for part in node.values)
            if " " in text and not FRAGMENTS.match(text):
                yield f"{source}:{node.lineno}", text


def sample(part: ast.expr) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    assert isinstance(part, ast.FormattedValue)
    code = ast.unparse(part.value)
    if part.format_spec is not None:
        return "7"
    if code == "fill":
        return ", #aabbcc"
    return next((text for key, text in SAMPLES if key in code), "7")


@pytest.mark.parametrize(
    ("place", "text"), list(sample_sentences()), ids=lambda value: str(value)[:50]
)
def test_every_difference_is_told_in_chinese(place: str, text: str) -> None:
    with override("zh-hans"):
        shown = translate_sentence(text)
    left = re.sub(r"'[^']*'|#[0-9a-f]{6}", "", shown)
    assert not re.search(r"[a-z]{3,}", left), f"{place}: {shown}"


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("'Log in' is missing at x 40, y 12", "缺少 'Log in'（x 40，y 12）"),
        (
            "'Boats' and 'Oars' 14 px too low and 3 px too far right",
            "'Boats' 和 'Oars' 偏低 14 px、偏右 3 px",
        ),
        (
            "'Boats' and 9 more texts (down to 'Oars') are #111111, should be #222222",
            "'Boats' 及另外 9 处文字（直到 'Oars'） 的颜色为 #111111，应为 #222222",
        ),
        ("picture 3 is missing (x 1, y 2, 3 × 4)", "缺少图片 3（x 1, y 2, 3 × 4）"),
        ("card 2 is 5 px too wide, 7 px too low", "卡片 2宽了 5 px，偏低 7 px"),
        ("ben@example.org as editor", "ben@example.org，角色：编辑者"),
        ("“Boats for hire” in First project", "“Boats for hire”（First project）"),
        ("500 tokens and unlimited time", "500 个词元、不限时间"),
        (
            "Opening the request: The forge refused (422). Try again.",
            "发起请求：代码托管平台拒绝了请求（422）。 请重试。",
        ),
        (
            "The model server at kimi.example answered 429; it accepts no more requests for now.",
            "kimi.example 的模型服务器返回 429；它暂时不接受更多请求。",
        ),
    ],
    ids=[
        "missing",
        "moved",
        "recolored",
        "region",
        "misfit",
        "invitation",
        "run",
        "budget",
        "export",
        "model server",
    ],
)
def test_a_stored_sentence_is_shown_in_chinese(stored: str, shown: str) -> None:
    with override("zh-hans"):
        assert translate_sentence(stored) == shown


def test_a_text_of_the_mockup_is_left_alone() -> None:
    with override("zh-hans"):
        assert "'box'" in translate_sentence("'box' is missing at x 40, y 12")


@pytest.mark.parametrize("text", ["", "Nobody knows this sentence.", "x" * 10_000])
def test_an_unknown_text_stays_as_it_is(text: str) -> None:
    with override("zh-hans"):
        assert translate_sentence(text) == text


def test_a_reader_of_english_gets_what_is_stored() -> None:
    with override("en"):
        assert translate_sentence("'Log in' is missing at x 40, y 12").startswith("'Log in' is")


def test_each_sentence_is_listed_once() -> None:
    assert len(SENTENCES) == len(set(SENTENCES))
