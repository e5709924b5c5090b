"""Checks characters that recognizers mistake for each other against the ink: both are drawn in the
line's own font.

Only where the word is odd as it was read ("Al", "S20", "wiIl"), and for dashes, whose widths tell
them apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from studio.pipeline.perception.ink_lines import InkLine, cut_part, parted_columns
from studio.pipeline.perception.line_fit import FontMatch, measure_ink_likeness, spare_width


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Measured on words of Liberation Sans, DejaVu Sans and Inter at 14 to 40 px."""

    sure: float = 0.8  # how alike the line's font must be before its letters tell anything
    gain: float = 0.015  # likeness of the word that another reading must gain
    width: float = 0.03  # likeness that a pixel of width costs,
    width_error: float = 0.7  # from so many on
    odd_gain: float = 0.01  # the same where the word is odd as it was read


LIMITS = Thresholds()
DASHES = "-–—"
# What an odd word looks like, and what may stand there instead of its group.
ODD = (
    (re.compile(r"(?<=^[A-Z])(l)(?=$)|(?<=^[A-Z]{2})(l)(?=[A-Z]*$)|(?<=[A-Z])(l)(?=[A-Z])"), "I"),
    (re.compile(r"(?<=[a-z])(I)(?=[a-z])|(?<=[a-z])(I)(?=$)"), "l"),
    (re.compile(r"(?<=\d)([lI|])|([lI|])(?=\d)"), "1"),
    (re.compile(r"(?<=\d)([Oo])|([Oo])(?=\d)"), "0"),
    (re.compile(r"(?<=[A-Z])(0)(?=[A-Z])"), "O"),
)
PRICE = re.compile(r"^([S5])(?=\d)")


def check_text(ink: InkLine, text: str, match: FontMatch) -> str:
    """The text with those characters exchanged that the ink contradicts."""
    words = text.split()
    if match.score < LIMITS.sure or not any(True for word in words for _ in _other_readings(word)):
        return text
    columns = parted_columns(ink, len(words))
    if len(columns) != len(words):
        return text
    for i, (start, end) in enumerate(columns):
        part = cut_part(ink, start, end)
        if part is not None:
            words[i] = _best_reading(part, words[i], match)
    return " ".join(words)


def _best_reading(part: InkLine, word: str, match: FontMatch) -> str:
    best, score = word, _fit(part, word, match)
    for other, needed in _other_readings(word):
        found = _fit(part, other, match)
        if found > score + needed:
            best, score = other, found
    return best


def _fit(part: InkLine, word: str, match: FontMatch) -> float:
    """How alike the word looks; pictures are compared as far as the shorter one reaches, so the
    width counts too.
    """
    off = abs(spare_width(part, word, match.face, match.size, match.spacing))
    picture = measure_ink_likeness(part, word, match.face, match.size, match.spacing)
    return picture - LIMITS.width * max(0.0, off - LIMITS.width_error)


def _other_readings(word: str) -> Iterator[tuple[str, float]]:
    """What the word may be instead, and the likeness that this must gain."""
    for pattern, letter in ODD:
        other = pattern.sub(letter, word)
        if other != word:
            yield other, LIMITS.odd_gain
    if PRICE.match(word):
        yield "$" + word[1:], LIMITS.gain
    for dash in DASHES:
        if dash in word:
            yield from (
                (word.replace(dash, other), LIMITS.gain) for other in DASHES if other != dash
            )
    if word in ("•", "·"):
        yield "·" if word == "•" else "•", LIMITS.gain
