"""Text lines of a sheet: detect, snap to ink, read, match fonts. Decides what is text and what
stays in a picture.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from studio.pipeline.perception import text_recognition as ocr
from studio.pipeline.perception.confusables import check_text
from studio.pipeline.perception.font_matching import find_best_score, match_fonts
from studio.pipeline.perception.hints import Box, TextLine
from studio.pipeline.perception.ink_lines import InkLine, cut_part, find_words
from studio.pipeline.perception.line_fit import FontMatch
from studio.pipeline.perception.pixels import MockupPixels, Pixels, write_hex
from studio.pipeline.perception.readers import Reading, reread, unread_share
from studio.pipeline.perception.scripts import EAST_ASIAN, LATIN, main_script, script_of
from studio.pipeline.perception.styled_words import part_styles
from studio.pipeline.perception.text_ink import find_ink_lines

# The recogniser is right nearly always above .8; below .5 it reads texture.
SURE = 0.8
POSSIBLE = 0.5
# On a photo (little of the box is plain ground) only clear words are worth lifting out of the
# picture.
PLAIN = 0.6
SURE_ON_PHOTO = 0.93
# Between an icon and its label, in line heights: a word space or more.
ICON_GAP = 0.3
# What leaving the icon out must gain in likeness; and what a letter of the text would never cost.
ICON_GAIN = 0.06
CLEAR_GAIN = 0.2
MARK = "•"
BULLETS = "•·●○◦▪■"
# A true letter matches its font this well even at 12 px.
LETTER_SCORE = 0.72
# What is looked at again: rows of unexplained ink as high as text, not without end.
LOW, HIGH = 7, 64
MAX_SPOTS = 80
# Signs that stand alone on pages; other lone signs are icons.
SIGNS = frozenset({*"/-–—•·|×+…$€£&%?!<>:«»←→", "..."})
FEW_CHARACTERS = 4
WIDEST_SPOT = 0.9  # share of the page's width
# Two places on one row: share of the lower one's height in common, and heights between them.
LEVEL, ROW_GAP = 0.5, 0.7
FEWEST_LETTERS = 3  # of a reading that is sure by them alone
# What is left of a line without its icon has two characters at least, an icon is so wide in line
# heights, and no higher than the letters beside it.
SHORTEST_REST, WIDEST_ICON, TALLEST_LETTER = 2, 1.6, 1.12
# An icon that was read: so many letters at most, with less than this score.
MOST_ICON_LETTERS, READ_SURELY = 2, 0.9
OWN_MARGIN = 2  # px of a line beyond its ink: half a word space
# Around a line that is read, in line heights above it and beside it, and in px at least.
MARGIN_ABOVE, MARGIN_BESIDE, LEAST_MARGIN = 0.22, 0.3, 3
DIGITS = 3  # of a confidence that is stored
# An arrow after a number reads so.
_ARROW = re.compile(r"(?<=[\d%])\s*个")
# What icons are read as.
_ICON_LIKE = re.compile(r"[\u2190-\u2bff\u3000-\u9fff\uac00-\ud7ff\uff00-\uffef]")


@dataclass(frozen=True, slots=True)
class PageText:
    """The page's text lines in reading order, with ids from 1, and what could not be read, in
    words.
    """

    lines: list[TextLine]
    notes: tuple[str, ...] = ()


def find_texts(sheet: MockupPixels, *, threads: int) -> list[TextLine]:
    """The page's text lines in reading order, with ids from 1."""
    return read_page(sheet, threads=threads).lines


def read_page(sheet: MockupPixels, *, threads: int) -> PageText:
    """Every line of the page, each read by who knows its script."""
    lines = find_ink_lines(sheet.rgb, ocr.detect(sheet.rgb, threads=threads), lossy=sheet.lossy)
    read, notes = reread(_read(sheet, lines, threads))
    east_asian = _is_east_asian(read)
    if not east_asian:
        read = [replace(one, text=_restore_arrows(one.text)) for one in read]
    readings = [reading for reading in read if is_text(reading, east_asian=east_asian)]
    parted = [part for reading in readings for part in strip_end_icons(reading)]
    return PageText(sort_lines(_match_fonts(parted, (), east_asian=east_asian)), tuple(notes))


def _restore_arrows(text: str) -> str:
    """Return a text with the arrow beside a number that reads as a Chinese character."""
    return _ARROW.sub("↑", text)


def _is_east_asian(readings: Sequence[Reading]) -> bool:
    """Whether Chinese, Japanese or Korean is written here. An icon reads as one such character,
    words as several.
    """
    words = [
        reading
        for reading in readings
        if reading.score >= SURE and count_east_asian(reading.text) >= 2
    ]
    return sum(count_east_asian(reading.text) for reading in words) >= FEW_CHARACTERS


def look_again(
    sheet: MockupPixels, places: Sequence[Box], page: Sequence[TextLine], *, threads: int
) -> list[TextLine]:
    """Lines that the detector missed, at places where there is ink that nothing explains: a number
    in a badge, a sparse page's only word. Only what reads surely counts.
    """
    spots = [
        ocr.Found(max(0, int(b.x) - 2), max(0, int(b.y) - 2), int(b.right) + 2, int(b.bottom) + 2)
        for b in _join_row_places(places)
        if LOW <= b.height <= HIGH and b.width <= WIDEST_SPOT * sheet.width
    ]
    lines = find_ink_lines(
        sheet.rgb, [_shift_into_sheet(spot, sheet) for spot in spots[:MAX_SPOTS]], lossy=sheet.lossy
    )
    readings = [reading for reading in _read(sheet, lines, threads) if _is_sure_reading(reading)]
    return _match_fonts(readings, page)


def sort_lines(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines from top to bottom and left to right, numbered from 1."""
    ordered = sorted(lines, key=lambda line: (line.box.y + line.box.bottom, line.box.x))
    return [replace(line, id=i) for i, line in enumerate(ordered, 1)]


def _read(sheet: MockupPixels, lines: Sequence[InkLine], threads: int) -> list[Reading]:
    letters = [line for line in lines if not line.mark]
    answers = iter(
        ocr.read([crop_for_reading(sheet.rgb, line) for line in letters], threads=threads)
    )
    return [
        Reading(line, MARK, 1.0) if line.mark else _reading(line, next(answers)) for line in lines
    ]


def _reading(line: InkLine, answer: ocr.ReadLine) -> Reading:
    margin = margins(line)[1]
    return Reading(
        line, answer.text, answer.score, unread_share(line, [x - margin for x in answer.columns])
    )


def _match_fonts(
    readings: Sequence[Reading], page: Sequence[TextLine], *, east_asian: bool = False
) -> list[TextLine]:
    parts = [
        replace(reading, line=line, text=text)
        for reading in readings
        for line, text in part_styles(reading.line, reading.text)
    ]
    matches = match_fonts([(part.line, part.text) for part in parts], page)
    checked = zip(parts, matches, strict=True)
    parts = [replace(part, text=check_text(part.line, part.text, match)) for part, match in checked]
    return [
        _make_text_line(part, match)
        for part, match in zip(parts, matches, strict=True)
        if (east_asian and count_east_asian(part.text)) or not _is_drawn_icon(part, match)
    ]


def count_east_asian(text: str) -> int:
    return sum(script_of(character) in EAST_ASIAN for character in text)


def _join_row_places(places: Sequence[Box]) -> list[Box]:
    """The places, neighbours on one row together."""
    rows: list[Box] = []
    for place in sorted(places, key=lambda box: (box.x, box.y)):
        for i, row in enumerate(rows):
            shared = min(row.bottom, place.bottom) - max(row.y, place.y)
            level = shared > LEVEL * min(row.height, place.height)
            if level and place.x - row.right < ROW_GAP * max(row.height, place.height):
                rows[i] = row.union(place)
                break
        else:
            rows.append(place)
    return rows


def _shift_into_sheet(spot: ocr.Found, sheet: MockupPixels) -> ocr.Found:
    return ocr.Found(
        spot.left, spot.top, min(sheet.width, spot.right), min(sheet.height, spot.bottom)
    )


def _is_sure_reading(reading: Reading) -> bool:
    letters = [character for character in reading.text if character.isalnum()]
    if (
        reading.score < SURE_ON_PHOTO
        or reading.line.flat < PLAIN
        or any(not c.isascii() for c in letters)
    ):
        return False
    # Chevrons, circles and crosses read as letters; hardly anything drawn reads as a digit.
    return len(letters) >= FEWEST_LETTERS or (len(letters) >= 1 and reading.text.isdigit())


def strip_end_icons(reading: Reading) -> list[Reading]:
    """The reading without an icon at either end; a list's bullet becomes a line of its own.

    An icon stands a little too far off for a word space, and no font explains the line until it is
    left out.
    """
    parts = [reading]
    if main_script(reading.text) is not LATIN:
        return parts
    for first in (True, False):
        parts += _strip_end_icon(parts.pop(), first)
    return parts


def _strip_end_icon(reading: Reading, first: bool) -> list[Reading]:
    line, text = reading.line, reading.text
    words = find_words(line)
    if len(words) < 2 or len(text) <= SHORTEST_REST:
        return [reading]
    end, beside = (words[0], words[1]) if first else (words[-1], words[-2])
    gap = beside[0] - end[1] if first else end[0] - beside[1]
    if gap < ICON_GAP * line.height or end[1] - end[0] > WIDEST_ICON * line.height:
        return [reading]
    mark = text[0] if first else text[-1]
    bare = text[1:].lstrip() if first else text[:-1].rstrip()
    rest = cut_part(line, beside[0], line.width) if first else cut_part(line, 0, beside[1])
    if rest is None or len(bare) < SHORTEST_REST or (mark.isascii() and not mark.isalnum()):
        return [reading]
    if first and mark in BULLETS:
        bullet = cut_part(line, *end)
        return ([Reading(bullet, MARK, reading.score)] if bullet else []) + [
            Reading(rest, bare, reading.score)
        ]
    # The recogniser may have read the icon as a letter, or not at all.
    better, guess = max((find_best_score(rest, guess), guess) for guess in (bare, text))
    whole, reading_of_all = max(
        (find_best_score(line, guess), guess) for guess in (text, text.replace(" ", "", 1))
    )
    gain = better - whole
    if first and " " in text[:2] and reading_of_all != text:
        reading = Reading(line, reading_of_all, reading.score)
    if gain <= ICON_GAIN:
        return [reading]
    icon = cut_part(line, *end)
    if gain < CLEAR_GAIN and guess == bare and mark.isascii() and icon is not None:
        # A true letter is no taller than its line, and some font draws it.
        is_low = icon.height <= TALLEST_LETTER * rest.height
        letter = is_low and find_best_score(icon, mark) >= LETTER_SCORE
        return [reading] if letter else [Reading(rest, guess, reading.score)]
    return [Reading(rest, guess, reading.score)]


def _is_drawn_icon(reading: Reading, match: FontMatch) -> bool:
    """Whether one or two letters are an icon: no installed font draws them like this."""
    letters = sum(character.isalnum() for character in reading.text)
    return (
        0 < letters <= MOST_ICON_LETTERS
        and len(reading.text) <= MOST_ICON_LETTERS
        and (match.score < LETTER_SCORE or reading.score < READ_SURELY)
    )


def crop_for_reading(rgb: Pixels, line: InkLine) -> Pixels:
    """The line with the margin the recogniser was trained on, and nothing of its neighbours beside
    it.
    """
    pad_y, pad_x = margins(line)
    top, bottom = max(0, line.top - pad_y), min(rgb.shape[0], line.bottom + pad_y)
    crop = np.empty((bottom - top, line.width + 2 * pad_x, 3), np.uint8)
    crop[:] = line.ground
    # Half a word space at either end is the line's own; what lies beyond may be the next link.
    own = min(pad_x, OWN_MARGIN)
    left, right = max(0, line.left - own), min(rgb.shape[1], line.right + own)
    start = pad_x - (line.left - left)
    crop[:, start : start + right - left] = rgb[top:bottom, left:right]
    return crop


def margins(line: InkLine) -> tuple[int, int]:
    """Rows above and below, and columns beside a line that the recognizer is shown with it."""
    above, beside = round(MARGIN_ABOVE * line.height), round(MARGIN_BESIDE * line.height)
    return max(LEAST_MARGIN, above), max(LEAST_MARGIN, beside)


def is_text(reading: Reading, *, east_asian: bool = False) -> bool:
    """Whether the reading is worth writing; the rest stays picture: icons, texture, lettering in
    photos.

    `east_asian`: such characters are letters here, and not what the recognizer takes an icon for.
    """
    line, text, score = reading.line, reading.text, reading.score
    letters = sum(
        character.isalnum() and (east_asian or not _ICON_LIKE.match(character))
        for character in text
    )
    if not text or score < POSSIBLE:
        return False
    if line.flat < PLAIN:
        return score >= SURE_ON_PHOTO and letters >= FEWEST_LETTERS
    if letters == 0:
        return score >= SURE and text in SIGNS
    return score >= SURE or len(text) > 2


def _make_text_line(reading: Reading, match: FontMatch) -> TextLine:
    line = reading.line
    return TextLine(
        id=0,
        box=Box(line.left, line.top, line.width, line.height),
        text=reading.text,
        confidence=round(reading.score, DIGITS),
        size=match.size,
        weight=match.face.weight,
        family=match.face.generic,
        font=match.face.family,
        color=write_hex(line.color),
        background=write_hex(line.ground),
        italic=match.face.italic,
        underline=line.underline,
        baseline=match.baseline,
        letter_spacing=match.spacing,
        strike=line.strike,
    )
