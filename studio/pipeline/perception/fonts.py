"""Which installed font, weight and size drew a line of ink: widths give the size, pictures of the
candidates decide.

Knows the machine's fonts through fontconfig. Works on one line's alpha and its text; does not read
or find text.
"""

from __future__ import annotations

import functools
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.hints import Family
from studio.pipeline.perception.scripts import (
    EAST_ASIAN,
    LATIN,
    direction_of,
    is_shaped,
    main_script,
    script_of,
)

# Browsers lay text out without hinting, so widths are linear. Pillow rounds every advance to a
# whole pixel: at this size that is a thousandth of an em, at 16 px it would be a twentieth of a
# word.
EM = 1000
# Glyphs are drawn once at this size, set by the exact advances, and shrunk.
DRAWN_AT = 64
# With very many fonts installed, those that web pages use come first and the rest is left out.
MAX_FAMILIES = 24
KNOWN = (
    "Liberation Sans",
    "Liberation Serif",
    "Liberation Mono",
    "DejaVu Sans",
    "DejaVu Serif",
    "DejaVu Sans Mono",
    "Arial",
    "Helvetica",
    "Times New Roman",
    "Georgia",
    "Verdana",
    "Courier New",
    "Inter",
    "Roboto",
    "Open Sans",
    "Lato",
    "Source Sans 3",
    "Source Sans Pro",
    "Noto Sans",
    "Noto Serif",
    "Noto Sans Mono",
    "Montserrat",
    "Poppins",
    "Nunito",
    "Ubuntu",
    "Fira Sans",
    "Fira Mono",
    "Merriweather",
    "Lora",
    "Roboto Mono",
    "JetBrains Mono",
    "Cantarell",
)
SERIFS = (
    "serif",
    "times",
    "georgia",
    "garamond",
    "merriweather",
    "lora",
    "playfair",
    "slab",
    "roman",
    "bodoni",
)
UNFIT = ("math", "emoji", "symbol", "icon", "awesome", "barcode", "dingbat")
# Families tried for a line in another script than Latin; a desktop may hold a dozen of one script.
MAX_OTHER_FAMILIES = 6
# Share of a Latin text's letters that its font must hold; Liberation Sans holds 4 of 5 letters of
# Vietnamese.
MOSTLY_HELD = 0.6

Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Face:
    family: str
    generic: Family
    weight: int
    italic: bool
    path: str
    index: int
    is_variable: bool = False  # one file for all weights: `weight` is set on its axis
    # Further files with the glyphs of other Unicode ranges, as `@font-face` rules have them; `path`
    # has all the rest.
    parts: tuple[tuple[str, Ranges], ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Extent:
    """A text's ink at a font size of 1: width without side bearings, reach above and below the
    baseline.
    """

    width: float
    above: float
    below: float
    bearing: float

    @property
    def height(self) -> float:
        return self.above + self.below


@functools.lru_cache(maxsize=1)
def list_installed_faces() -> tuple[Face, ...]:
    """Upright and italic faces of the installed Latin text fonts, those the web uses first; always
    the same order.
    """
    return _first_families(
        [face for face in _all_faces() if _holds(face, "A") and _holds(face, "g")], MAX_FAMILIES
    )


@functools.lru_cache(maxsize=64)
def faces_for(letters: str) -> tuple[Face, ...]:
    """Installed faces that hold all of these characters."""
    return _first_families(
        [face for face in _all_faces() if covers(face, letters)], MAX_OTHER_FAMILIES
    )


def _first_families(faces: Sequence[Face], most: int) -> tuple[Face, ...]:
    families = sorted({face.family for face in faces}, key=lambda name: (_rank_fame(name), name))[
        :most
    ]
    order = sorted(faces, key=lambda f: (_rank_fame(f.family), f.family, f.weight, f.italic))
    return tuple(face for face in order if face.family in families)


@functools.lru_cache(maxsize=1)
def _all_faces() -> tuple[Face, ...]:
    faces = {
        (f.family, f.weight, f.italic): f
        for path, index in _coverage()
        if (f := _load_face(path, index)) is not None
    }
    return tuple(faces.values())


def _rank_fame(family: str) -> int:
    if family in KNOWN:
        return KNOWN.index(family)
    return len(KNOWN) + (not family.startswith("Noto Sans"))


@functools.lru_cache(maxsize=1)
def _coverage() -> dict[tuple[str, int], Ranges]:
    """The installed font files and the characters each holds; no ranges where fontconfig is not
    there to tell.
    """
    try:
        listing = subprocess.run(
            ["fc-list", "--format", "%{file}\t%{index}\t%{charset}\n"],  # noqa: S607
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        ).stdout
        rows = sorted(row.split("\t") for row in listing.splitlines() if row.count("\t") == 2)
        found = {
            (path, int(index)): _ranges(held) for path, index, held in rows if int(index) < 1 << 16
        }
    except (OSError, subprocess.SubprocessError):
        folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts"]
        paths = sorted(str(path) for folder in folders for path in folder.rglob("*.[to]t[fc]"))
        found = {(path, 0): () for path in paths}
    return {
        key: held
        for key, held in found.items()
        if key[0].lower().endswith((".ttf", ".otf", ".ttc"))
    }


def _ranges(text: str) -> Ranges:
    """Ranges as fontconfig writes them: '20-7e a0-17f'."""
    bounds = (word.partition("-") for word in text.split())
    return tuple((int(first, 16), int(last or first, 16)) for first, _, last in bounds)


def covers(face: Face, text: str) -> bool:
    """Whether the face holds the text's letters; signs and digits may come from another font, as in
    a browser.
    """
    if text.isascii():
        return True
    letters = [character for character in text if character.isalpha()]
    if main_script(text) is LATIN:
        # A rare accented letter comes from another font, as in a browser; the rest is still this
        # one.
        return sum(_holds(face, letter) for letter in letters) >= MOSTLY_HELD * len(letters)
    return all(_holds(face, letter) for letter in letters)


@functools.lru_cache(maxsize=65536)
def _holds(face: Face, character: str) -> bool:
    code = ord(character)
    if face.parts:
        return any(first <= code <= last for _, ranges in face.parts for first, last in ranges)
    ranges = _coverage().get((face.path, face.index), ())
    return not ranges or any(first <= code <= last for first, last in ranges)


def _load_face(path: str, index: int) -> Face | None:
    from PIL import ImageFont

    try:
        font = ImageFont.truetype(path, 40, index=index)
        family, style = font.getname()
        narrow, wide = font.getlength("i"), font.getlength("M")
    except (OSError, ValueError, RuntimeError):
        return None
    if not family or any(word in family.lower() for word in UNFIT):
        return None
    style = (style or "").lower()
    if any(
        word in style
        for word in ("condensed", "thin", "black", "medium", "semibold", "heavy", "demilight")
    ):
        return None
    generic: Family = "sans"
    if abs(narrow - wide) < 0.5 and "CJK" not in family:
        generic = "mono"
    elif any(word in family.lower() for word in SERIFS) and "sans" not in family.lower():
        generic = "serif"
    if "light" in style:
        family = f"{family} Light"
    weight = 700 if "bold" in style else 400
    return Face(family, generic, weight, "italic" in style or "oblique" in style, path, index)


@functools.lru_cache(maxsize=1024)
def load_font(face: Face, path: str, size: float) -> Any:
    """One of a face's files at a size, at the face's weight; or the font that stands in for what it
    lacks.
    """
    from PIL import ImageFont

    own = path == face.path or any(path == part for part, _ in face.parts)
    font = ImageFont.truetype(path, size, index=face.index if own else 0)
    if face.is_variable and own:
        font.set_variation_by_axes([face.weight])
    return font


@functools.lru_cache(maxsize=65536)
def _file_of(face: Face, character: str) -> str:
    code = ord(character)
    for path, ranges in face.parts:
        if any(first <= code <= last for first, last in ranges):
            return path
    if _holds(face, character):
        return face.path
    others = [
        other for other in list_installed_faces() if not other.italic and _holds(other, character)
    ]
    return (
        min(others, key=lambda other: abs(other.weight - face.weight)).path if others else face.path
    )


def _runs(face: Face, text: str) -> list[str]:
    """The text cut where another of the face's files takes over, from left to right as it is drawn."""
    runs: list[str] = []
    for character in text:
        if runs and _file_of(face, runs[-1][-1]) == _file_of(face, character):
            runs[-1] += character
        else:
            runs.append(character)
    return runs[::-1] if direction_of(text) == "rtl" else runs


def _pieces(face: Face, text: str) -> list[str]:
    """What is drawn as one picture each: a character, or a whole run where letters join or stack."""
    return _runs(face, text) if is_shaped(text) else list(text)


@dataclass(frozen=True, slots=True)
class _Glyph:
    alpha: NDArray[np.float32]  # drawn at DRAWN_AT, trimmed
    left: float  # of the ink, from the pen, in font sizes
    top: int  # of the ink above the baseline, at DRAWN_AT


@functools.lru_cache(maxsize=8192)
def _load_glyph(face: Face, piece: str) -> _Glyph | None:
    mask, offset = load_font(face, _file_of(face, piece[0]), DRAWN_AT).getmask2(piece, anchor="ls")
    box = mask.getbbox()
    if box is None:
        return None
    alpha = np.asarray(mask, dtype=np.float32).reshape(mask.size[1], mask.size[0]) / np.float32(255)
    left, top, right, bottom = box
    return _Glyph(alpha[top:bottom, left:right], (offset[0] + left) / DRAWN_AT, -(offset[1] + top))


@functools.lru_cache(maxsize=65536)
def _measure_advance(face: Face, piece: str, after: str) -> tuple[float, float]:
    """How far the pen moves over a piece, and how much kerning adds to that when `after` follows."""
    path = _file_of(face, piece[-1])
    font = load_font(face, path, EM)
    own = float(font.getlength(piece))
    if not after or _file_of(face, after) != path:
        return own / EM, 0.0
    return own / EM, float(font.getlength(piece + after) - font.getlength(after) - own) / EM


@functools.lru_cache(maxsize=4096)
def _steps(face: Face, pieces: tuple[str, ...]) -> NDArray[np.float64]:
    """Advance and kerning of each piece, in font sizes."""
    ends = [*pieces[1:], ""]
    pairs = zip(pieces, ends, strict=True)
    return np.array(
        [
            _measure_advance(face, piece, after[:1] if len(piece) == 1 else "")
            for piece, after in pairs
        ]
    )


def is_gridded(face: Face) -> bool:
    """Whether Chromium puts every letter on a whole pixel: so it does with fonts that a page brings
    along, where the machine's own fonts run on without rounding. Measured: 61 letters of Inter at
    16 px are 451 px wide, not 447.2. At a device pixel ratio of 2 it does not.
    """
    return bool(face.parts)


def _place_pens(
    face: Face, pieces: Sequence[str], spacing: float, size: float = 0.0
) -> NDArray[np.float64]:
    """Where each piece starts, in font sizes, and where the text ends; with a size, on that size's
    pixels.
    """
    steps = _steps(face, tuple(pieces))
    if size and is_gridded(face):
        steps = np.floor(steps * size + 0.5) / size
    return np.concatenate([[0.0], np.cumsum(steps.sum(axis=1) + spacing)])


def width_at(face: Face, text: str, size: float) -> float:
    """The text's width with side bearings at a font size, as Chromium lays it out."""
    if not text or not covers(face, text):
        return _guessed_extent(text).width * size
    if not is_gridded(face):
        return text_advance(face, text) * size
    return float(_place_pens(face, _pieces(face, text), 0.0, size)[-1]) * size


def ink_width_at(
    face: Face, text: str, size: float, spacing: float = 0.0, *, on_grid: bool = True
) -> float:
    """The width of the text's ink at a font size, letters `spacing` px further apart."""
    natural = measure_extent(face, text).width * size
    if on_grid and is_gridded(face) and covers(face, text):
        pieces = _pieces(face, text)
        # The ink ends within the last letter: how far the pen has come before it is what the grid
        # moves.
        natural += (
            float(_place_pens(face, pieces, 0.0, size)[-2] - _place_pens(face, pieces, 0.0)[-2])
            * size
        )
    return natural + spacing * (len(text) - 1)


def text_advance(face: Face, text: str) -> float:
    """The text's width with side bearings, at a font size of 1."""
    if not covers(face, text):
        return _guessed_extent(text).width
    return (
        sum(
            float(load_font(face, _file_of(face, run[0]), EM).getlength(run))
            for run in _runs(face, text)
        )
        / EM
    )


@functools.lru_cache(maxsize=16384)
def measure_extent(face: Face, text: str) -> Extent:
    if not covers(face, text):
        return _guessed_extent(text)
    pieces = _pieces(face, text)
    pens = _place_pens(face, pieces, 0.0)
    glyphs = [(_load_glyph(face, piece), pen) for piece, pen in zip(pieces, pens, strict=False)]
    inked = [(glyph, pen) for glyph, pen in glyphs if glyph is not None]
    if not inked:
        return Extent(float(pens[-1]) or 0.1, 0.7, 0.0, 0.0)
    left = min(pen + glyph.left for glyph, pen in inked)
    right = max(pen + glyph.left + glyph.alpha.shape[1] / DRAWN_AT for glyph, pen in inked)
    boxes = [
        load_font(face, _file_of(face, run[0]), EM).getbbox(run, anchor="ls")
        for run in _runs(face, text)
    ]
    top, bottom = min(box[1] for box in boxes), max(box[3] for box in boxes)
    return Extent(max(float(right - left), 0.02), -top / EM, bottom / EM, float(left))


def _guessed_extent(text: str) -> Extent:
    """About what any font of the text's script would draw: for characters that no font at hand
    holds.
    """
    square = sum(script_of(character) in EAST_ASIAN for character in text)
    width = square * 1.0 + (len(text) - square) * 0.55
    return Extent(max(width - 0.08, 0.1), 0.85 if square else 0.74, 0.09 if square else 0.2, 0.04)


def draw(
    face: Face, text: str, width: float, spacing: float = 0.0, size: float = 0.0
) -> NDArray[np.float32]:
    """The text's alpha, trimmed to its ink and `width` px wide; `spacing` is in font sizes.

    With a `size`, letters stand where Chromium puts them at that size.
    """
    import cv2

    pieces = _pieces(face, text)
    glyphs = [
        (glyph, round((pen + glyph.left) * DRAWN_AT))
        for piece, pen in zip(pieces, _place_pens(face, pieces, spacing, size), strict=False)
        if (glyph := _load_glyph(face, piece)) is not None
    ]
    if not glyphs or not covers(face, text):
        return np.zeros((1, 1), np.float32)
    left, right = min(x for _, x in glyphs), max(x + glyph.alpha.shape[1] for glyph, x in glyphs)
    above, below = max(g.top for g, _ in glyphs), max(g.alpha.shape[0] - g.top for g, _ in glyphs)
    wide = right - left
    if size and is_gridded(face):
        # Pens stand on whole pixels: keep where within a pixel the ink starts, and the scale exact.
        scale = size / DRAWN_AT
        left = round(np.floor(left * scale) / scale)
        width = float(np.ceil((right - left) * scale - 0.02))
        wide = max(right - left, round(width / scale))
    large = np.zeros((above + below, wide), np.float32)
    for glyph, x in glyphs:
        rows, columns = glyph.alpha.shape
        place = large[above - glyph.top : above - glyph.top + rows, x - left : x - left + columns]
        np.maximum(place, glyph.alpha, out=place)
    ratio = width / large.shape[1]
    shape = (max(1, round(width)), max(1, round(large.shape[0] * ratio)))
    small = cv2.resize(
        large, shape, interpolation=cv2.INTER_AREA if ratio < 1 else cv2.INTER_LINEAR
    )
    return np.asarray(small, dtype=np.float32)


@functools.lru_cache(maxsize=4096)
def row_profile(face: Face, text: str) -> tuple[NDArray[np.float64], int]:
    """How much ink each row of the text has, drawn at DRAWN_AT, and how many of the rows are above
    the baseline.
    """
    glyphs = [
        glyph for piece in _pieces(face, text) if (glyph := _load_glyph(face, piece)) is not None
    ]
    if not glyphs or not covers(face, text):
        return np.zeros(0), 0
    above = max(glyph.top for glyph in glyphs)
    below = max(glyph.alpha.shape[0] - glyph.top for glyph in glyphs)
    rows = np.zeros(above + below)
    for glyph in glyphs:
        first = above - glyph.top
        rows[first : first + glyph.alpha.shape[0]] += glyph.alpha.sum(axis=1)
    return rows, above


def correlate_ink(drawn: NDArray[np.float32], ink: NDArray[np.float32]) -> float:
    """Best correlation of two alphas over vertical and horizontal shifts of two pixels; 1 is the
    same picture.
    """
    import cv2

    height = max(drawn.shape[0], ink.shape[0]) + 2
    width = min(drawn.shape[1], ink.shape[1])
    target = np.zeros((height, width + 2), np.float32)
    target[1 : 1 + ink.shape[0], 1 : 1 + width] = ink[:, :width]
    piece = np.ascontiguousarray(drawn[:, :width])
    norm = float(np.sqrt((ink[:, :width] ** 2).sum() * (piece**2).sum()))
    if norm == 0:
        return 0.0
    return float(cv2.matchTemplate(target, piece, cv2.TM_CCORR).max()) / norm
