"""Open fonts that many web pages use: read from npm's packages, matched like installed ones, and
given with the page.

Knows where the files lie and under which names they are used; does not look at any picture.
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from studio.pipeline.perception.fonts import Face, Ranges, list_installed_faces
from studio.pipeline.perception.hints import Family
from studio.pipeline.perception.open_fonts import OPEN_FONTS

MODULES = Path(__file__).resolve().parents[3] / "node_modules"
FOLDER = "assets/fonts"
LATIN = "latin"


@dataclass(frozen=True, slots=True)
class WebFont:
    """`name` as style sheets say it, `package` as npm does."""

    name: str
    package: str
    generic: Family
    weights: tuple[int, ...]
    has_italics: bool
    is_variable: bool

    @property
    def folder(self) -> Path:
        return (
            MODULES / ("@fontsource-variable" if self.is_variable else "@fontsource") / self.package
        )

    def file(self, weight: int, subset: str = LATIN, *, italic: bool = False) -> Path:
        axis = "wght" if self.is_variable else str(weight)
        style = "italic" if italic else "normal"
        return self.folder / "files" / f"{self.package}-{subset}-{axis}-{style}.woff2"

    def asset(self, weight: int, subset: str = LATIN, *, italic: bool = False) -> str:
        axis = "variable" if self.is_variable else str(weight)
        words = [
            self.package,
            *([] if subset == LATIN else [subset]),
            axis,
            *(["italic"] if italic else []),
        ]
        return f"{FOLDER}/{'-'.join(words)}.woff2"

    @property
    def licence(self) -> str:
        return f"{FOLDER}/{self.package}.txt"

    def nearest_weight(self, weight: int) -> int:
        return min(self.weights, key=lambda has: (abs(has - weight), has))

    def covers(self, character: str) -> bool:
        code = ord(character)
        return any(
            first <= code <= last for ranges in subsets(self).values() for first, last in ranges
        )


WEB_FONTS = {row[0]: WebFont(*row) for row in OPEN_FONTS}


@functools.lru_cache(maxsize=256)
def subsets(font: WebFont) -> dict[str, Ranges]:
    """The characters in each of the font's files; none where the package is not there."""
    try:
        listed: dict[str, str] = json.loads((font.folder / "unicode.json").read_text())
    except OSError:
        return {}
    return {name.strip("[]"): _ranges(text) for name, text in listed.items()}


def _ranges(text: str) -> Ranges:
    """Ranges as CSS writes them: 'U+0-FF,U+131,U+4??'."""
    out = []
    for word in text.upper().replace("U+", "").split(","):
        first, _, last = word.strip().partition("-")
        out.append((int(first.replace("?", "0"), 16), int((last or first).replace("?", "F"), 16)))
    return tuple(out)


@functools.lru_cache(maxsize=1)
def list_web_faces() -> tuple[Face, ...]:
    """The faces that are there to be given; none where the packages are not. One that is installed
    is left out.
    """
    installed = {face.family for face in list_installed_faces()}
    return tuple(
        _face(font, weight, italic)
        for font in WEB_FONTS.values()
        if font.name not in installed
        for italic in ((False, True) if font.has_italics else (False,))
        for weight in font.weights
        if font.file(weight, italic=italic).name in _file_names(font)
    )


def _face(font: WebFont, weight: int, italic: bool) -> Face:
    path = font.file(weight, italic=italic)
    parts = _parts(font, 0 if font.is_variable else weight, italic)
    return Face(font.name, font.generic, weight, italic, str(path), 0, font.is_variable, parts)


@functools.lru_cache(maxsize=2048)
def _parts(font: WebFont, weight: int, italic: bool) -> tuple[tuple[str, Ranges], ...]:
    """The font's files of one weight with their characters, the Latin one first."""
    found = []
    for subset, ranges in sorted(subsets(font).items(), key=lambda item: item[0] != LATIN):
        file = font.file(weight, subset, italic=italic)
        if file.name in _file_names(font):
            found.append((str(file), ranges))
    return tuple(found)


@functools.lru_cache(maxsize=256)
def _file_names(font: WebFont) -> frozenset[str]:
    try:
        return frozenset(os.listdir(font.folder / "files"))
    except OSError:
        return frozenset()


@functools.lru_cache(maxsize=1)
def list_known_faces() -> tuple[Face, ...]:
    return list_installed_faces() + list_web_faces()


@functools.lru_cache(maxsize=1)
def _given() -> frozenset[str]:
    return frozenset(face.family for face in list_web_faces())


def collect_font_assets(
    styles: Iterable[tuple[str, int, bool]], text: str = ""
) -> dict[str, bytes]:
    """Asset path → file, for every web font among families, weights and italics, and for its
    licence.

    `text` holds the page's characters: files with other scripts are given only where they are
    needed.
    """
    assets: dict[str, bytes] = {}
    for family, weight, italic in sorted(
        set(styles) | {(one[0], one[1], False) for one in styles if one[2]}
    ):
        if family not in _given():
            continue
        font = WEB_FONTS[family]
        slanted = italic and font.has_italics
        for subset in _needed(font, text):
            file = font.file(font.nearest_weight(weight), subset, italic=slanted)
            if file.is_file():
                assets[font.asset(font.nearest_weight(weight), subset, italic=slanted)] = (
                    file.read_bytes()
                )
        assets[font.licence] = (font.folder / "LICENSE").read_bytes()
    return assets


def _needed(font: WebFont, text: str) -> list[str]:
    """The font's files that hold characters of the text: each character's first one."""
    needed = [LATIN]
    latin = subsets(font).get(LATIN, ())
    for character in sorted(set(text)):
        code = ord(character)
        if code < 0x80 or any(first <= code <= last for first, last in latin):
            continue
        holders = (
            name for name, ranges in subsets(font).items() if any(a <= code <= b for a, b in ranges)
        )
        if (found := next(holders, None)) is not None and found not in needed:
            needed.append(found)
    return needed


def write_font_rules(assets: Iterable[str], families: Iterable[str]) -> str:
    """The `@font-face` rules for those of the families whose files are among the assets."""
    paths, rules = set(assets), list[str]()
    for font in (WEB_FONTS[family] for family in sorted(set(families) & WEB_FONTS.keys())):
        written = list(_rules(font, paths))
        rules += [f"/* {font.name}: its licence is {font.licence} */", *written] if written else []
    return "".join(f"{rule}\n\n" for rule in rules)


def _rules(font: WebFont, paths: set[str]) -> Iterator[str]:
    if not any(path.startswith(f"{FOLDER}/{font.package}-") for path in paths):
        return
    span = (
        f"{font.weights[0]} {font.weights[-1]}" if len(font.weights) > 1 else str(font.weights[0])
    )
    weights = font.weights[:1] if font.is_variable else font.weights
    for subset in sorted({LATIN, *subsets(font)}, key=lambda name: (name != LATIN, name)):
        for weight in weights:
            for italic in (False, True):
                path = font.asset(weight, subset, italic=italic)
                if path in paths:
                    yield _rule(
                        font, subset, span if font.is_variable else str(weight), italic, path
                    )


def _rule(font: WebFont, subset: str, weight: str, italic: bool, path: str) -> str:
    lines = [f'font-family: "{font.name}";', f"font-weight: {weight};"]
    if italic:
        lines.append("font-style: italic;")
    lines += ["font-display: swap;", f'src: url({path}) format("woff2");']
    if subset != LATIN:
        lines.append(f"unicode-range: {_css_ranges(subsets(font)[subset])};")
    return "@font-face {\n" + "".join(f"  {line}\n" for line in lines) + "}"


def _css_ranges(ranges: Ranges) -> str:
    return ", ".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in ranges)
