"""What people who watch a run are told of a mockup: its title, and what was recognized, bounded."""

from __future__ import annotations

import json
from typing import Any

import pytest

from studio.pipeline.loop.sightings import LIMITS, describe_hints, find_page_title
from studio.pipeline.perception.hints import Box, Hints, Picture, Rect, TextLine


def line(text: str, size: float, x: float = 100, y: float = 200, **more: Any) -> TextLine:
    box = Box(x, y, len(text) * size * 0.5, size)
    return TextLine(0, box, text, 1.0, size, 400, "sans", "Inter", "#111111", "#ffffff", **more)


def hints(*texts: TextLine, **more: Any) -> Hints:
    known = {"palette": (), "rects": (), "pictures": (), "sections": (), **more}
    return Hints(800, 900, 2.0, "#ffffff", texts=texts, **known)


BRAND = line("Northwind", 18, 40, 20)


@pytest.mark.parametrize(
    ("texts", "title"),
    [
        ((BRAND, line("Sign in", 32)), "Sign in – Northwind"),
        ((line("Sign in", 32),), "Sign in"),
        # Both lines of a heading, and the brand that is part of it only once.
        (
            (line("Northwind", 18, 40, 20), line("Northwind for", 40), line("teams", 40, 100, 245)),
            "Northwind for teams",
        ),
        # A number is no heading, and what is far down is none either.
        ((line("4,210", 60), line("Sales", 24)), "Sales"),
        ((line("Sales", 24), line("Contact us", 48, 100, 850)), "Sales"),
        ((), ""),
    ],
)
def test_a_page_is_named_after_its_heading_and_its_brand(
    texts: tuple[TextLine, ...], title: str
) -> None:
    assert find_page_title(hints(*texts)) == title


def test_a_long_heading_is_cut_at_a_word() -> None:
    title = find_page_title(hints(line("Boats " * 40, 32)))
    assert len(title) <= LIMITS.longest_title + 2
    assert title.endswith("Boats …")


def test_what_was_recognized_is_bounded_and_fits_into_an_event() -> None:
    texts = [line("x" * 500, 12, y=float(i)) for i in range(1000)]
    rects = tuple(Rect(i, Box(0, 0, 10, 10), None) for i in range(1000))
    pictures = (Picture(0, Box(1.26, 2, 3, 4), "photo", "assets/a.png"),)
    seen = describe_hints(hints(*texts, rects=rects, pictures=pictures))
    assert (len(seen["texts"]), len(seen["rects"])) == (LIMITS.most_items, LIMITS.most_items)
    assert seen["pictures"] == [[1.3, 2, 3, 4]]
    assert len(json.dumps(seen)) < 100_000


def test_texts_are_told_from_the_top_down() -> None:
    seen = describe_hints(hints(line("Low", 12, y=500), line("High", 12, y=10)))
    assert [text[4] for text in seen["texts"]] == ["High", "Low"]
