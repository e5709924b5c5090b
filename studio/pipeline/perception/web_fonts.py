"""Open fonts that many web pages use: read from npm's packages, matched like installed ones, and
given with the page.

Knows where the files lie and under which names they are used; does not look at any picture.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from studio.pipeline.perception.fonts import Face, list_installed_faces
from studio.pipeline.perception.hints import Family

PACKAGES = Path(__file__).resolve().parents[3] / "node_modules" / "@fontsource"
WEIGHTS = (400, 600, 700)
FOLDER = "assets/fonts"


@dataclass(frozen=True, slots=True)
class WebFont:
    """`name` as style sheets say it, `package` as npm does."""

    name: str
    package: str
    generic: Family = "sans"

    def file(self, weight: int) -> Path:
        return PACKAGES / self.package / "files" / f"{self.package}-latin-{weight}-normal.woff2"

    def asset(self, weight: int) -> str:
        return f"{FOLDER}/{self.package}-{weight}.woff2"

    @property
    def licence(self) -> str:
        return f"{FOLDER}/{self.package}.txt"


WEB_FONTS = {
    font.name: font
    for font in (
        WebFont("Inter", "inter"),
        WebFont("Roboto", "roboto"),
        WebFont("Open Sans", "open-sans"),
        WebFont("Lato", "lato"),
        WebFont("Montserrat", "montserrat"),
        WebFont("Poppins", "poppins"),
        WebFont("Source Sans 3", "source-sans-3"),
        WebFont("Merriweather", "merriweather", "serif"),
        WebFont("Raleway", "raleway"),
        WebFont("Nunito", "nunito"),
        WebFont("Nunito Sans", "nunito-sans"),
        WebFont("Oswald", "oswald"),
        WebFont("Rubik", "rubik"),
        WebFont("Ubuntu", "ubuntu"),
        WebFont("PT Sans", "pt-sans"),
        WebFont("Work Sans", "work-sans"),
        WebFont("DM Sans", "dm-sans"),
        WebFont("Mulish", "mulish"),
        WebFont("Quicksand", "quicksand"),
        WebFont("Fira Sans", "fira-sans"),
        WebFont("IBM Plex Sans", "ibm-plex-sans"),
        WebFont("Playfair Display", "playfair-display", "serif"),
        WebFont("Lora", "lora", "serif"),
        WebFont("Roboto Slab", "roboto-slab", "serif"),
    )
}


@functools.lru_cache(maxsize=1)
def list_web_faces() -> tuple[Face, ...]:
    """The faces that are there to be given; none where the packages are not. One that is installed
    is left out.
    """
    installed = {face.family for face in list_installed_faces()}
    return tuple(
        Face(font.name, font.generic, weight, False, str(font.file(weight)), 0)
        for font in WEB_FONTS.values()
        if font.name not in installed
        for weight in WEIGHTS
        if font.file(weight).is_file()
    )


@functools.lru_cache(maxsize=1)
def list_known_faces() -> tuple[Face, ...]:
    return list_installed_faces() + list_web_faces()


def find_nearest_weight(family: str, weight: int) -> int | None:
    """The weight of the file that draws this one; None where the family is no web font that is
    there.
    """
    weights = [face.weight for face in list_web_faces() if face.family == family]
    return min(weights, key=lambda has: (abs(has - weight), has), default=None)


def collect_font_assets(styles: Iterable[tuple[str, int]]) -> dict[str, bytes]:
    """Asset path → file, for every web font among families and weights, and for its licence."""
    assets = {}
    for family, weight in sorted(set(styles)):
        if (found := find_nearest_weight(family, weight)) is not None:
            font = WEB_FONTS[family]
            assets[font.asset(found)] = font.file(found).read_bytes()
            assets[font.licence] = (PACKAGES / font.package / "LICENSE").read_bytes()
    return assets


def write_font_rules(assets: Iterable[str], families: Iterable[str]) -> str:
    """The `@font-face` rules for those of the families whose files are among the assets."""
    paths, rules = set(assets), []
    for font in (WEB_FONTS[family] for family in sorted(set(families) & WEB_FONTS.keys())):
        weights = [weight for weight in WEIGHTS if font.asset(weight) in paths]
        rules += [f"/* {font.name}: its licence is {font.licence} */"] if weights else []
        rules += [
            f'@font-face {{\n  font-family: "{font.name}";\n  font-weight: {weight};\n  font-display: swap;\n'
            f'  src: url({font.asset(weight)}) format("woff2");\n}}'
            for weight in weights
        ]
    return "".join(f"{rule}\n\n" for rule in rules)
