"""Parts lines at words of another style: bold ones by their ink, code by the shape of its letters.

Looks at one line at a time, before the page's fonts are matched: a line of two weights is like no
font as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from studio.pipeline.perception.candidates import Candidate, rank_candidates
from studio.pipeline.perception.fonts import Face, list_installed_faces
from studio.pipeline.perception.ink_lines import InkLine, cut_part, parted_columns
from studio.pipeline.perception.line_fit import estimate_sizes, ink_share, measure_ink_likeness
from studio.pipeline.perception.web_fonts import list_known_faces

Look = Literal["usual", "bold", "code"]
Piece = tuple[InkLine, str]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Measured on lines of Liberation Sans at 14 to 20 px: bold words carry 1.25 to 1.6 times the
    ink.
    """

    words: int = 3  # a line of fewer says too little of what is usual in it
    letters: int = 2  # of a word that is weighed
    code_letters: int = 4  # of a word whose shape tells a mono face
    code: float = 0.85  # how alike a mono face must draw it
    code_gain: float = 0.1  # and how much better than the line's own face
    like: float = (
        0.55  # how alike the line must be as a whole: in an unknown font every word looks odd
    )
    between: float = 0.6  # of the way from the light to the bold face: from here on a word is bold
    apart: float = 0.12  # logarithm of ink by which the two faces must differ
    usual: float = 0.25  # quantile of a line's words that is taken for its usual weight
    gain: float = 0.04  # likeness, weighted by letters, that the parts must gain
    parts_alike: float = (
        0.92  # how alike they must then be: in a font that is not installed none are
    )
    most_parts: int = 7
    sure: float = 0.96  # a line this alike is in one style


LIMITS = Thresholds()


def part_styles(ink: InkLine, text: str) -> list[Piece]:
    """The line's stretches of one style each, in order; the line itself where there is one."""
    words = text.split()
    whole = [(ink, text)]
    if len(words) < LIMITS.words:
        return whole
    best = rank_candidates(ink, text, list_installed_faces())[0]
    if not LIMITS.like <= best.score < LIMITS.sure:
        return whole
    columns = parted_columns(ink, len(words))
    if len(columns) != len(words):
        return whole
    parts = _parted(ink, words, columns, _looks(ink, words, columns, best))
    if not 2 <= len(parts) <= LIMITS.most_parts:
        return whole
    return parts if _score(parts) >= max(LIMITS.parts_alike, best.score + LIMITS.gain) else whole


def _score(parts: Sequence[Piece]) -> float:
    letters = sum(len(text) for _, text in parts)
    return (
        sum(
            len(text) * rank_candidates(ink, text, list_installed_faces())[0].score
            for ink, text in parts
        )
        / letters
    )


def _parted(
    ink: InkLine, words: Sequence[str], columns: Sequence[tuple[int, int]], looks: Sequence[Look]
) -> list[Piece]:
    starts = [0, *(i for i in range(1, len(words)) if looks[i] != looks[i - 1])]
    parts = []
    for start, end in zip(starts, [*starts[1:], len(words)], strict=True):
        part = cut_part(ink, columns[start][0], columns[end - 1][1])
        if part is not None:
            parts.append((part, " ".join(words[start:end])))
    return parts if len(parts) == len(starts) else []


def _looks(
    ink: InkLine, words: Sequence[str], columns: Sequence[tuple[int, int]], best: Candidate
) -> list[Look]:
    """How each word looks beside the others; words too short to be weighed are as the word before
    them.
    """
    faces = _light_and_bold(best.face)
    mono = next(
        (face for face in list_installed_faces() if face.generic == "mono" and face.weight == 400),
        None,
    )
    if faces is None:
        return ["usual"] * len(words)
    light, bold = faces
    excess, steps = np.full(len(words), np.nan), []
    for i, (word, (start, end)) in enumerate(zip(words, columns, strict=True)):
        part = cut_part(ink, start, end)
        if part is None or sum(character.isalnum() for character in word) < LIMITS.letters:
            continue
        low, high = (ink_share(part, word, face, best.size, 0.0) for face in (light, bold))
        excess[i] = low
        steps.append(low - high)
    step = float(np.median(steps)) if steps else 0.0
    usual = float(np.nanquantile(excess, LIMITS.usual)) if steps else 0.0
    looks: list[Look] = []
    for i, (word, (start, end)) in enumerate(zip(words, columns, strict=True)):
        part = cut_part(ink, start, end)
        if part is not None and mono is not None and _is_code(part, word, mono, best):
            looks.append("code")
        elif np.isnan(excess[i]):
            looks.append(looks[-1] if looks else "usual")
        else:
            is_bold = (
                step > LIMITS.apart
                and usual < 0.5 * step
                and excess[i] - usual > LIMITS.between * step
            )
            looks.append("bold" if is_bold else "usual")
    return looks


def _light_and_bold(face: Face) -> tuple[Face, Face] | None:
    kin = [
        one for one in list_known_faces() if one.family == face.family and one.italic == face.italic
    ]
    light = min(kin, key=lambda one: abs(one.weight - 400), default=None)
    bold = min(kin, key=lambda one: abs(one.weight - 700), default=None)
    if light is None or bold is None or bold.weight - light.weight < 200:
        return None
    return light, bold


def _is_code(part: InkLine, word: str, mono: Face, best: Candidate) -> bool:
    if (
        best.face.generic == "mono"
        or sum(character.isalnum() for character in word) < LIMITS.code_letters
    ):
        return False
    as_code = measure_ink_likeness(part, word, mono, estimate_sizes(part, word, mono)[0], 0.0)
    return (
        as_code >= LIMITS.code
        and as_code > measure_ink_likeness(part, word, best.face, best.size, 0.0) + LIMITS.code_gain
    )
