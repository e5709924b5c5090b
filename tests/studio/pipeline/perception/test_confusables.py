"""Characters that look alike are told apart by the ink, drawn both ways in the line's own font."""

from __future__ import annotations

import numpy as np
import pytest

from studio.pipeline.perception.confusables import check_text
from studio.pipeline.perception.ink_lines import InkLine
from studio.pipeline.perception.line_fit import FontMatch
from tests.studio.pipeline.perception.lettering import Lettering, draw_page, face_of

SIZE = 18


def line_of(text: str, family: str) -> tuple[InkLine, FontMatch]:
    """The ink of a text and the font it is set in."""
    page = np.asarray(draw_page([Lettering(text, family, SIZE)], ink="#000000"))[:, :, 0]
    alpha = 1 - page.astype(np.float32) / 255
    inked = alpha > 0.25
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    top, bottom, left, right = (
        int(rows[0]),
        int(rows[-1]) + 1,
        int(columns[0]),
        int(columns[-1]) + 1,
    )
    colors = np.zeros(3, np.uint8), np.full(3, 255, np.uint8)
    line = InkLine(left, top, right, bottom, alpha[top:bottom, left:right], *colors, 1.0)
    return line, FontMatch(face_of(family), SIZE, float(bottom), 0.0, 0.99)


@pytest.mark.parametrize("family", ["Liberation Sans", "DejaVu Sans", "Inter"])
@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("from $20 on", "from S20 on"),
        ("from $20 on", "from 520 on"),
        ("open 9 — 17 daily", "open 9 - 17 daily"),
        ("open 9 – 17 daily", "open 9 — 17 daily"),
        ("a well-known place", "a well–known place"),
        ("call 2010 now", "call 2O1O now"),
        ("it will stay", "it wiIl stay"),
    ],
)
def test_the_ink_corrects_what_was_misread(written: str, read: str, family: str) -> None:
    line, match = line_of(written, family)
    assert check_text(line, read, match) == written


@pytest.mark.parametrize(
    "written", ["from $20 on", "Al came at 5 pm", "the 52 bus — late", "the AI of 1999"]
)
def test_what_was_read_rightly_stays(written: str) -> None:
    line, match = line_of(written, "DejaVu Sans")
    assert check_text(line, written, match) == written


def test_the_letter_l_after_a_capital_becomes_an_i_where_the_ink_is_one() -> None:
    line, match = line_of("the AI of today", "DejaVu Sans")
    assert check_text(line, "the Al of today", match) == "the AI of today"
