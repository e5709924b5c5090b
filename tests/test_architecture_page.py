"""The newcomer's twenty questions are answered by paths that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "architecture.md").read_text()
QUESTIONS = re.findall(r"^\| ([^|]+\?) \| `([^`]+)` \|$", PAGE, re.MULTILINE)
NAMED = sorted(set(re.findall(r"`((?:studio|inference|kernels|tests)/[\w/.-]+)`", PAGE)))


def test_there_are_twenty_questions() -> None:
    assert len(QUESTIONS) == 20


@pytest.mark.parametrize(("question", "path"), QUESTIONS)
def test_a_question_is_answered_by_a_path(question: str, path: str) -> None:
    assert (ROOT / path).exists(), f"{question} There is no {path}"


@pytest.mark.parametrize("path", NAMED)
def test_a_named_path_exists(path: str) -> None:
    assert (ROOT / path).exists()
