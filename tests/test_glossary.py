"""The glossary names places that exist, and each term once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROWS = re.findall(
    r"^\| ([^|]+?) \| [^|]+ \| `([^`]+)` \|$",
    (ROOT / "docs" / "glossary.md").read_text(),
    re.MULTILINE,
)


@pytest.mark.parametrize(("term", "place"), ROWS)
def test_a_term_is_where_the_glossary_says(term: str, place: str) -> None:
    assert (ROOT / place).exists(), f"{term}: there is no {place}"


def test_every_term_is_listed_once() -> None:
    terms = [term for term, _ in ROWS]
    assert len(terms) > 25
    assert len(set(terms)) == len(terms)
