"""Which installed font, weight and size drew a line of ink: widths give the size, pictures of the
candidates decide.

Knows the machine's fonts through fontconfig. Works on one line's alpha and its text; does not read
or find text.
"""

from __future__ import annotations

import functools
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.hints import Family

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
UNFIT = ("math", "emoji", "symbol", "icon", "awesome", "barcode", "dingbat", "cjk")


@dataclass(frozen=True, slots=True)
class Face:
    family: str
    generic: Family
    weight: int
    italic: bool
    path: str
    index: int


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
    faces = {
        (f.family, f.weight, f.italic): f
        for path, index in _list_font_files()
        if (f := _load_face(path, index)) is not None
    }
    families = sorted(
        {face.family for face in faces.values()}, key=lambda name: (_rank_fame(name), name)
    )[:MAX_FAMILIES]
    return tuple(
        face
        for face in sorted(
            faces.values(), key=lambda f: (_rank_fame(f.family), f.family, f.weight, f.italic)
        )
        if face.family in families
    )


def _rank_fame(family: str) -> int:
    return KNOWN.index(family) if family in KNOWN else len(KNOWN)


def _list_font_files() -> list[tuple[str, int]]:
    try:
        listing = subprocess.run(
            ["fc-list", "--format", "%{file}\t%{index}\n"],  # noqa: S607
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        ).stdout
        rows = {tuple(row.split("\t")) for row in listing.splitlines() if "\t" in row}
        files = sorted((path, int(index)) for path, index in rows if int(index) < 1 << 16)
    except (OSError, subprocess.SubprocessError):
        folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts"]
        files = sorted((str(path), 0) for folder in folders for path in folder.rglob("*.[to]t[fc]"))
    return [
        (path, index) for path, index in files if path.lower().endswith((".ttf", ".otf", ".ttc"))
    ]


def _load_face(path: str, index: int) -> Face | None:
    from PIL import ImageFont

    try:
        font = ImageFont.truetype(path, 40, index=index)
        family, style = font.getname()
        narrow, wide = font.getlength("i"), font.getlength("M")
        latin = font.getmask("Ag").getbbox()
    except (OSError, ValueError, RuntimeError):
        return None
    if not family or latin is None or any(word in family.lower() for word in UNFIT):
        return None
    style = (style or "").lower()
    if any(word in style for word in ("condensed", "thin", "black", "medium", "semibold", "heavy")):
        return None
    generic: Family = "sans"
    if abs(narrow - wide) < 0.5:
        generic = "mono"
    elif any(word in family.lower() for word in SERIFS) and "sans" not in family.lower():
        generic = "serif"
    if "light" in style:
        family = f"{family} Light"
    weight = 700 if "bold" in style else 400
    return Face(family, generic, weight, "italic" in style or "oblique" in style, path, index)


@functools.lru_cache(maxsize=512)
def _load_font(face: Face, size: float) -> Any:
    from PIL import ImageFont

    return ImageFont.truetype(face.path, size, index=face.index)


@dataclass(frozen=True, slots=True)
class _Glyph:
    alpha: NDArray[np.float32]  # drawn at DRAWN_AT, trimmed
    left: float  # of the ink, from the pen, in font sizes
    top: int  # of the ink above the baseline, at DRAWN_AT


@functools.lru_cache(maxsize=8192)
def _load_glyph(face: Face, character: str) -> _Glyph | None:
    mask, offset = _load_font(face, DRAWN_AT).getmask2(character, anchor="ls")
    box = mask.getbbox()
    if box is None:
        return None
    alpha = np.asarray(mask, dtype=np.float32).reshape(mask.size[1], mask.size[0]) / np.float32(255)
    left, top, right, bottom = box
    return _Glyph(alpha[top:bottom, left:right], (offset[0] + left) / DRAWN_AT, -(offset[1] + top))


@functools.lru_cache(maxsize=65536)
def _measure_advance(face: Face, pair: str) -> float:
    """How far the pen moves over the first character when the second follows: its width and the
    pair's kerning.
    """
    font = _load_font(face, EM)
    return float(font.getlength(pair) - (font.getlength(pair[1]) if len(pair) > 1 else 0.0)) / EM


def _place_pens(face: Face, text: str, spacing: float) -> NDArray[np.float64]:
    """Where each character starts, in font sizes, and where the text ends."""
    steps = [_measure_advance(face, text[i : i + 2]) + spacing for i in range(len(text))]
    return np.concatenate([[0.0], np.cumsum(steps)])


@functools.lru_cache(maxsize=16384)
def measure_extent(face: Face, text: str) -> Extent:
    pens = _place_pens(face, text, 0.0)
    glyphs = [
        (_load_glyph(face, character), pen) for character, pen in zip(text, pens, strict=False)
    ]
    inked = [(glyph, pen) for glyph, pen in glyphs if glyph is not None]
    if not inked:
        return Extent(float(pens[-1]) or 0.1, 0.7, 0.0, 0.0)
    left = min(pen + glyph.left for glyph, pen in inked)
    right = max(pen + glyph.left + glyph.alpha.shape[1] / DRAWN_AT for glyph, pen in inked)
    _, top, _, bottom = _load_font(face, EM).getbbox(text, anchor="ls")
    return Extent(max(float(right - left), 0.02), -top / EM, bottom / EM, float(left))


def draw(face: Face, text: str, width: float, spacing: float = 0.0) -> NDArray[np.float32]:
    """The text's alpha, trimmed to its ink and `width` px wide; `spacing` is in font sizes."""
    import cv2

    glyphs = [
        (glyph, round((pen + glyph.left) * DRAWN_AT))
        for character, pen in zip(text, _place_pens(face, text, spacing), strict=False)
        if (glyph := _load_glyph(face, character)) is not None
    ]
    if not glyphs:
        return np.zeros((1, 1), np.float32)
    left, right = min(x for _, x in glyphs), max(x + glyph.alpha.shape[1] for glyph, x in glyphs)
    above, below = max(g.top for g, _ in glyphs), max(g.alpha.shape[0] - g.top for g, _ in glyphs)
    large = np.zeros((above + below, right - left), np.float32)
    for glyph, x in glyphs:
        height, wide = glyph.alpha.shape
        place = large[above - glyph.top : above - glyph.top + height, x - left : x - left + wide]
        np.maximum(place, glyph.alpha, out=place)
    ratio = width / large.shape[1]
    size = (max(1, round(width)), max(1, round(large.shape[0] * ratio)))
    small = cv2.resize(large, size, interpolation=cv2.INTER_AREA if ratio < 1 else cv2.INTER_LINEAR)
    return np.asarray(small, dtype=np.float32)


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
