"""Keys of one glyph each, as on a calculator or a dial: read together, because a lone sign or digit
tells neither itself nor its font.

The keys that were read say which face draws all; then each other key's ink is compared with every
sign that stands on keys, drawn in that face and on the common baseline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.font_table import load_table
from studio.pipeline.perception.fonts import (
    DRAWN_AT,
    Face,
    covers,
    list_installed_faces,
    measure_extent,
    row_profile,
)
from studio.pipeline.perception.hints import Box, Rect, TextLine
from studio.pipeline.perception.ink_lines import InkLine
from studio.pipeline.perception.line_fit import (
    INK_MARGIN,
    find_baseline,
    measure_ink_likeness,
)
from studio.pipeline.perception.pixels import MockupPixels, write_hex
from studio.pipeline.perception.text_ink import measure_ink
from studio.pipeline.perception.text_recognition import Found
from studio.pipeline.perception.web_fonts import list_web_faces

# What stands on keys besides digits and letters.
KEY_SIGNS = "+-−–×÷/=*.,:;%()[]{}<>^√±#!?@$&_|\\~"
GLYPHS = KEY_SIGNS + "0123456789xXCEMR"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Set on our own keypads in three families, as PNG and JPEG; lengths in CSS px."""

    alike: float = 2.0  # by which sides of like keys differ, or as a share of the shorter side
    alike_share: float = 0.05
    keys: int = 6  # of one size and paint: fewer are no keypad
    read: float = 0.4  # share of them that the recognizer read
    glyphs: int = 2  # characters on a key that was read
    rim: float = 0.1  # of a key's shorter side: corners, borders, shadows
    least_rim: float = 3.0
    corner: float = 0.3  # of a radius: how far a round corner reaches in along the diagonal
    faces: int = 8  # that are drawn: those whose proportions fit best
    # Likeness that a px of width, height or place costs, beyond the antialiasing's.
    off: float = 0.05
    free: float = 0.8
    rare: float = (
        0.02  # that a face of equal widths, whose digits look alike, must draw them better
    )
    clearly: float = 0.1  # that another character must look more alike than the one that was read
    sure: float = 0.7  # how alike a sign must be


LIMITS = Thresholds()


@dataclass(frozen=True, slots=True)
class _Sample:
    ink: InkLine
    text: str


@dataclass(frozen=True, slots=True)
class _Lettering:
    """What draws all keys: the face, its size, and the baseline below a key's top."""

    face: Face
    size: float
    baseline: float


def read_glyph_keys(
    sheet: MockupPixels, rects: Sequence[Rect], lines: Sequence[TextLine]
) -> list[TextLine]:
    """Return the page's lines with those on keypads in one face, and with the signs on their other
    keys.
    """
    out = list(lines)
    for keys in _find_keypads(rects, lines):
        out = _read_keypad(sheet, keys, out)
    return out


def _find_keypads(rects: Sequence[Rect], lines: Sequence[TextLine]) -> list[list[Rect]]:
    groups: list[list[Rect]] = []
    for rect in rects:
        if rect.fill is None:
            continue
        for group in groups:
            if _are_alike(group[0], rect):
                group.append(rect)
                break
        else:
            groups.append([rect])
    return [
        group
        for group in groups
        if len(group) >= LIMITS.keys
        and sum(_find_glyph(rect, lines) is not None for rect in group)
        >= max(2.0, LIMITS.read * len(group))
    ]


def _are_alike(a: Rect, b: Rect) -> bool:
    slack = max(LIMITS.alike, LIMITS.alike_share * min(a.box.width, a.box.height))
    return abs(a.box.width - b.box.width) <= slack and abs(a.box.height - b.box.height) <= slack


def _find_glyph(key: Rect, lines: Sequence[TextLine]) -> TextLine | None:
    """The line of a key with nothing but one short text on it."""
    inside = [line for line in lines if key.box.contains(line.box)]
    if len(inside) != 1 or len(inside[0].text) > LIMITS.glyphs:
        return None
    return inside[0]


def _read_keypad(
    sheet: MockupPixels, keys: Sequence[Rect], lines: list[TextLine]
) -> list[TextLine]:
    read: list[tuple[Rect, TextLine, _Sample]] = []
    for key in keys:
        line = _find_glyph(key, lines)
        ink = _measure_ink_on(sheet, key) if line else None
        if line and ink:
            read.append((key, line, _Sample(ink, line.text)))
    lettering = _find_lettering([(key, sample) for key, _, sample in read])
    if lettering is None:
        return lines
    out = [line for line in lines if not any(line is own for _, own, _ in read)]
    for key, line, sample in read:
        text = _check_glyph(sample, key, lettering)
        out.append(_set_line(replace(line, text=text), key, lettering))
    for key in keys:
        if any(key.box.contains(line.box) for line in lines):
            continue
        ink = _measure_ink_on(sheet, key)
        glyph = _recognize(ink, key, lettering) if ink else None
        if ink and glyph:
            out.append(_write_line(ink, glyph, key, lettering))
    return out


def _measure_ink_on(sheet: MockupPixels, key: Rect) -> InkLine | None:
    """All ink on a key but for its rim."""
    box = key.box
    rim = max(LIMITS.least_rim, LIMITS.rim * min(box.width, box.height), LIMITS.corner * key.radius)
    inside = Found(int(box.x + rim), int(box.y + rim), int(box.right - rim), int(box.bottom - rim))
    return measure_ink(sheet.rgb, inside, lossy=sheet.lossy)


def _find_lettering(read: Sequence[tuple[Rect, _Sample]]) -> _Lettering | None:
    """The face and size that draw the keys' glyphs best, all at one size."""
    samples = [sample for _, sample in read]
    found = [
        (score - (LIMITS.rare if face.generic == "mono" else 0.0), face, size)
        for face in _find_likely_faces(samples)
        for score, size in [_rate_face(face, samples)]
    ]
    if not found:
        return None
    score, face, size = max(found, key=lambda one: one[0])
    if score < LIMITS.sure:
        return None
    baselines = [
        find_baseline(sample.ink, sample.text, face, size) - key.box.y for key, sample in read
    ]
    return _Lettering(face, size, float(np.median(baselines)))


def _find_likely_faces(samples: Sequence[_Sample]) -> list[Face]:
    """The installed and the open faces whose glyphs have the samples' proportions."""
    installed = [
        face
        for face in list_installed_faces()
        if not face.italic and all(covers(face, sample.text) for sample in samples)
    ]
    own = [
        _compute_misfit(samples, [_measure(face, s.text) for s in samples]) for face in installed
    ]
    likely = [installed[i] for i in np.argsort(own, kind="stable")[: LIMITS.faces]]
    table = load_table()
    shapes = [np.stack(table.extents(sample.text)) for sample in samples]
    open_misfit = np.array(
        [
            _compute_misfit(samples, [shape[:, i] for shape in shapes])
            for i in range(len(table.families))
        ]
    )
    by_name = {(f.family, f.weight): f for f in list_web_faces() if not f.italic}
    names = [(table.families[i], table.weights[i]) for i in np.argsort(open_misfit, kind="stable")]
    return likely + [by_name[name] for name in names if name in by_name][: LIMITS.faces]


def _measure(face: Face, text: str) -> NDArray[np.float64]:
    """The width and the height of the text's ink at a font size of 1."""
    top, bottom = _measure_rows(face, text)
    return np.array([measure_extent(face, text).width, max(top - bottom, 0.02)])


def _measure_rows(face: Face, text: str) -> tuple[float, float]:
    """How far above the baseline the ink begins and ends, at a font size of 1."""
    rows, above = row_profile(face, text)
    inked = np.flatnonzero(rows)
    if not len(inked):
        return 0.0, 0.0
    return (above - int(inked[0])) / DRAWN_AT, (above - int(inked[-1]) - 1) / DRAWN_AT


def _compute_misfit(samples: Sequence[_Sample], natural: Sequence[NDArray[np.float64]]) -> float:
    """How far the samples' widths and heights are off, in px, at the size that suits them best."""
    seen = np.array([(s.ink.width - INK_MARGIN, s.ink.height - INK_MARGIN) for s in samples])
    drawn = np.array(natural)
    size = float((seen * drawn).sum() / (drawn**2).sum())
    return float(np.abs(seen - size * drawn).mean())


def _rate_face(face: Face, samples: Sequence[_Sample]) -> tuple[float, float]:
    """How well the face draws all samples at one size, and that size."""
    natural = np.array([_measure(face, sample.text) for sample in samples])
    seen = np.array([(s.ink.width - INK_MARGIN, s.ink.height - INK_MARGIN) for s in samples])
    about = float((seen * natural).sum() / (natural**2).sum())
    size = float(max(1, round(about)))
    scores = [
        measure_ink_likeness(s.ink, s.text, face, size, 0.0) - _price(s.ink, s.text, face, size)
        for s in samples
    ]
    return float(np.mean(scores)), size


def _price(ink: InkLine, text: str, face: Face, size: float) -> float:
    width, height = _measure(face, text) * size
    off = [abs(ink.width - INK_MARGIN - width), abs(ink.height - INK_MARGIN - height)]
    return float(LIMITS.off * sum(max(0.0, one - LIMITS.free) for one in off))


def _recognize(ink: InkLine, key: Rect, lettering: _Lettering) -> str | None:
    """The sign that looks most like the ink and stands where it stands; None where none does."""
    scores = {
        glyph: _rate_glyph(ink, glyph, key, lettering)
        for glyph in GLYPHS
        if covers(lettering.face, glyph)
    }
    best = max(scores, key=lambda glyph: scores[glyph], default=None)
    return best if best is not None and scores[best] >= LIMITS.sure else None


def _check_glyph(sample: _Sample, key: Rect, lettering: _Lettering) -> str:
    """The text, or for a lone character what the ink clearly is instead: x and X differ in size
    alone, and a slash reads as an i.
    """
    own = sample.text
    if len(own) > 1 or not covers(lettering.face, own):
        return own
    scores = {
        glyph: _rate_glyph(sample.ink, glyph, key, lettering)
        for glyph in (own, own.swapcase(), *GLYPHS)
        if len(glyph) == 1 and covers(lettering.face, glyph)
    }
    best = max(scores, key=lambda glyph: scores[glyph])
    needed = 0.0 if best == own.swapcase() else LIMITS.clearly
    return best if scores[best] > scores[own] + needed else own


def _rate_glyph(ink: InkLine, glyph: str, key: Rect, lettering: _Lettering) -> float:
    face, size = lettering.face, lettering.size
    top, bottom = _measure_rows(face, glyph)
    baseline = key.box.y + lettering.baseline
    off = abs(baseline - top * size - ink.top) + abs(baseline - bottom * size - ink.bottom)
    place = LIMITS.off * max(0.0, off - 2 * LIMITS.free)
    return (
        measure_ink_likeness(ink, glyph, face, size, 0.0) - _price(ink, glyph, face, size) - place
    )


def _set_line(line: TextLine, key: Rect, lettering: _Lettering) -> TextLine:
    face = lettering.face
    return replace(
        line,
        size=lettering.size,
        weight=face.weight,
        family=face.generic,
        font=face.family,
        italic=False,
        letter_spacing=0.0,
        baseline=round(key.box.y + lettering.baseline, 2),
    )


def _write_line(ink: InkLine, glyph: str, key: Rect, lettering: _Lettering) -> TextLine:
    line = TextLine(
        id=0,
        box=Box(ink.left, ink.top, ink.width, ink.height),
        text=glyph,
        confidence=1.0,
        size=lettering.size,
        weight=lettering.face.weight,
        family=lettering.face.generic,
        font=lettering.face.family,
        color=write_hex(ink.color),
        background=write_hex(ink.ground),
    )
    return _set_line(line, key, lettering)
