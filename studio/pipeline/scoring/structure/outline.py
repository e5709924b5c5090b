"""What a page's code says about its texts: elements, landmarks, names, and places at two widths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.pipeline.perception.hints import Box
from studio.pipeline.rendering.browser_page import ask, read_script
from studio.pipeline.rendering.page_files import Site

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from studio.pipeline.rendering.render import Renderer

WIDE, NARROW = 1280, 390  # px; the usual mockup's width, and a phone's
HEIGHT = 800  # px
TIME_LIMIT = 20.0  # seconds; an ordinary page takes one
FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class OutlineText:
    """One text node, or the words in a form control."""

    id: int  # its place in the document, the same at every width
    text: str
    box: Box
    kind: str  # of element: heading, link, button, item, cell, label, field, text
    level: int  # of its heading, 1–6; 0 if it is in none
    component: str  # tag and class, without modifiers
    landmarks: frozenset[int]  # places in `PageOutline.landmarks`


@dataclass(frozen=True, slots=True)
class Landmark:
    """One nav, header, footer, aside or form; not `stated` where only a class or id calls it so."""

    kind: str
    stated: bool


@dataclass(frozen=True, slots=True)
class PageOutline:
    """The texts of a page at one width, in the order of the document."""

    width: int
    height: float
    overflow: float  # px wider than the window
    texts: tuple[OutlineText, ...]
    landmarks: tuple[Landmark, ...]


@dataclass(frozen=True, slots=True)
class PageStructure:
    """A page's outline at the mockup's width and at a phone's, and the counts of its code."""

    wide: PageOutline
    narrow: PageOutline
    counts: Mapping[str, int]


def read_structure(renderer: Renderer, site: Site, width: int = WIDE) -> PageStructure:
    """Return the structure of a page whose mockup is `width` px wide; raises RenderError."""

    def look(page: Page) -> PageStructure:
        wide = _read_outline(page)
        counts = ask(page, read_script(FOLDER / "code_counts.js"))
        page.set_viewport_size({"width": NARROW, "height": HEIGHT})
        return PageStructure(wide, _read_outline(page), counts)

    return renderer.visit(site, look, width=width, height=HEIGHT, time_limit=TIME_LIMIT)


def _read_outline(page: Page) -> PageOutline:
    data = ask(page, read_script(FOLDER / "outline.js"))
    return PageOutline(
        width=int(data["width"]),
        height=max(1.0, float(data["height"])),
        overflow=float(data["overflow"]),
        texts=tuple(_read_text(text) for text in data["texts"]),
        landmarks=tuple(Landmark(**landmark) for landmark in data["landmarks"]),
    )


def _read_text(data: Mapping[str, Any]) -> OutlineText:
    names = strip_modifiers(data["classes"])
    return OutlineText(
        id=int(data["id"]),
        text=data["text"],
        box=Box(*data["box"]),
        kind=data["kind"],
        level=int(data["level"]),
        component=".".join([data["way"], *names]),
        landmarks=frozenset(data["landmarks"]),
    )


def strip_modifiers(classes: list[str]) -> list[str]:
    """Return the classes without variants, sorted.

    A variant is `plan--popular`, or `btn-primary` beside `btn`.
    """
    bases = [name for name in classes if "--" not in name]
    return sorted(
        name
        for name in bases
        if not any(name.startswith(f"{other}-") for other in bases if other != name)
    )
