"""Stray lines are set in the page's family, bold ones in a bold face of it."""

from __future__ import annotations

import numpy as np

from studio.pipeline.perception.font_unity import agree_in_rows, tell_weights_apart, unify_families
from studio.pipeline.perception.ink_lines import InkLine
from studio.pipeline.perception.line_fit import FontMatch
from studio.pipeline.perception.text_ink import find_ink_lines
from studio.pipeline.perception.text_recognition import Found
from studio.pipeline.perception.web_fonts import list_known_faces
from tests.studio.pipeline.perception.lettering import Lettering, draw_page, face_of

SIZE = 16
WORDS = ("Your trend is improving", "Sleep is your strongest driver", "Keep the habit going")


def read_lines(lines: list[Lettering]) -> list[tuple[InkLine, str]]:
    page = np.asarray(draw_page(lines))
    pitch = round(2.2 * SIZE)
    boxes = [
        Found(30, 24 + i * pitch, 60 + SIZE * len(line.text), 24 + (i + 1) * pitch)
        for i, line in enumerate(lines)
    ]
    found = find_ink_lines(page, boxes, lossy=False)
    assert len(found) == len(lines)
    return [(ink, line.text) for ink, line in zip(found, lines, strict=True)]


def match(family: str, weight: int = 400, score: float = 0.9) -> FontMatch:
    return FontMatch(face_of(family, weight), SIZE, 0.0, 0.0, score)


def faces(*families: str):  # type: ignore[no-untyped-def]
    return [face for face in list_known_faces() if face.family in families]


def test_a_few_words_in_another_sans_are_set_in_the_pages_family() -> None:
    lines = read_lines(
        [
            *(Lettering(words, "Inter", SIZE) for words in WORDS),
            Lettering("Insights", "Inter", SIZE, 700),
        ]
    )
    matches = [*(match("Inter") for _ in WORDS), match("Liberation Sans", 700, 0.93)]
    unified = unify_families(lines, matches, faces("Inter", "Liberation Sans"))
    assert {one.face.family for one in unified} == {"Inter"}
    assert unified[-1].face.weight in (600, 700, 800)
    assert abs(unified[-1].size - SIZE) <= 1


def test_a_heading_in_a_serif_keeps_it() -> None:
    lines = read_lines(
        [
            *(Lettering(words, "Inter", SIZE) for words in WORDS),
            Lettering("A quiet day", "Lora", SIZE),
        ]
    )
    matches = [*(match("Inter") for _ in WORDS), match("Lora")]
    unified = unify_families(lines, matches, faces("Inter", "Lora"))
    assert unified[-1].face.family == "Lora"


def test_a_second_sans_with_many_letters_stays() -> None:
    lines = read_lines(
        [
            *(Lettering(words, "Inter", SIZE) for words in WORDS),
            *(Lettering(words.upper(), "Oswald", SIZE) for words in WORDS),
        ]
    )
    matches = [*(match("Inter") for _ in WORDS), *(match("Oswald") for _ in WORDS)]
    assert unify_families(lines, matches, faces("Inter", "Oswald")) == matches


def test_a_bold_word_of_the_texts_size_is_set_bold() -> None:
    lines = read_lines(
        [
            *(Lettering(words, "Inter", SIZE) for words in WORDS),
            Lettering("Summary", "Inter", SIZE, 700),
        ]
    )
    told = tell_weights_apart(lines, [match("Inter") for _ in lines], faces("Inter"))
    assert [one.face.weight for one in told[:-1]] == [400, 400, 400]
    assert told[-1].face.weight >= 600


MENU = ("HOME", "TAG", "AUTHOR", "HELP")


def test_the_links_of_a_menu_are_in_one_family() -> None:
    lines = read_lines([Lettering(word, "Inter", SIZE) for word in MENU])
    matches = [match("Inter"), match("Lora", 500), match("Lora", 700, 0.8), match("Inter", 700)]
    agreed = agree_in_rows(lines, matches, faces("Inter", "Lora"))
    styles = [(one.face.family, one.face.weight, one.size) for one in agreed]
    assert styles == [("Inter", weight, SIZE) for weight in (400, 400, 400, 700)]


def test_a_logo_beside_a_menu_keeps_a_family_that_draws_it_much_better() -> None:
    logo = Lettering("Northwind", "Abril Fatface", SIZE)
    lines = read_lines([logo, *(Lettering(word, "Inter", SIZE) for word in MENU)])
    matches = [match("Abril Fatface", score=0.99), *(match("Inter", score=0.95) for _ in MENU)]
    agreed = agree_in_rows(lines, matches, faces("Inter", "Abril Fatface"))
    assert [one.face.family for one in agreed] == ["Abril Fatface", *("Inter" for _ in MENU)]


def test_words_of_another_size_in_a_row_keep_their_family() -> None:
    lines = read_lines([Lettering(word, "Inter", SIZE) for word in ("29", "a month", "a year")])
    price = FontMatch(face_of("Lora"), 2.0 * SIZE, 0.0, 0.0, 0.9)
    matches = [price, match("Inter"), match("Inter")]
    assert agree_in_rows(lines, matches, faces("Inter", "Lora")) == matches
