"""Hints written by hand: what perception would say of a small mockup, with the ink of fonts that
are installed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from studio.pipeline.layout.font_metrics import measure_bearing, measure_ink_width
from studio.pipeline.perception.hints import Border, Box, Hints, Picture, Rect, TextLine

SANS = "Liberation Sans"


@dataclass
class Sketch:
    width: int = 1280
    height: int = 800
    background: str = "#ffffff"
    texts: list[TextLine] = field(default_factory=list)
    rects: list[Rect] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)

    def text(self, x: float, baseline: float, words: str, size: float = 16, **look: Any) -> Sketch:
        """A line whose pen starts at `x`; `look` overrides fields of TextLine."""
        weight, italic = look.get("weight", 400), look.get("italic", False)
        left = x + measure_bearing(words, SANS, weight, italic) * size
        box = Box(
            left,
            baseline - 0.72 * size,
            measure_ink_width(words, SANS, weight, italic) * size,
            0.74 * size,
        )
        fields = {
            "weight": 400,
            "family": "sans",
            "font": SANS,
            "color": "#222222",
            "background": self.background,
        }
        line = TextLine(
            id=len(self.texts) + 1,
            box=box,
            text=words,
            confidence=0.99,
            size=size,
            baseline=baseline,
            **{**fields, **look},
        )
        self.texts.append(line)
        return self

    def rect(
        self, x: float, y: float, width: float, height: float, fill: str | None = None, **more: Any
    ) -> Sketch:
        if isinstance(more.get("border"), str):
            more["border"] = Border(1.0, more["border"])
        self.rects.append(Rect(len(self.rects) + 1, Box(x, y, width, height), fill, **more))
        return self

    def picture(self, x: float, y: float, width: float, height: float, **more: Any) -> Sketch:
        number = len(self.pictures) + 1
        fields = {"kind": "photo", "asset": f"assets/picture-{number}.png", **more}
        self.pictures.append(Picture(number, Box(x, y, width, height), **fields))
        return self

    def paragraph(
        self, x: float, baseline: float, lines: list[str], pitch: float = 24, **look: Any
    ) -> Sketch:
        for i, line in enumerate(lines):
            self.text(x, baseline + i * pitch, line, **look)
        return self

    def hints(self) -> Hints:
        return Hints(
            self.width,
            self.height,
            1.0,
            self.background,
            (),
            tuple(self.texts),
            tuple(self.rects),
            tuple(self.pictures),
            (),
        )


STORY = [
    "A map was something you folded badly and kept in the",
    "glove box, and it told you where the roads were until the",
    "day that everybody carried one.",
]


def article() -> Sketch:
    page = Sketch().text(100, 80, "A quiet revolution", size=40, weight=700)
    return page.paragraph(100, 140, STORY)


def cards() -> Sketch:
    """Three bordered cards of one width, each with a title, a line and a button."""
    page = Sketch(background="#f5f5f5").text(440, 80, "Choose your plan today", size=36, weight=700)
    for i, name in enumerate(("Starter", "Studio", "Agency")):
        x = 140 + i * 340
        page.rect(x, 140, 320, 240, "#ffffff", border="#cccccc", radius=8.0)
        page.text(x + 24, 184, name, size=22, weight=700).text(
            x + 24, 220, "Everything you need to begin"
        )
        page.rect(x + 24, 300, 272, 44, "#2563eb", radius=6.0)
        page.text(x + 132, 327, "Choose", color="#ffffff")
    return page


def login() -> Sketch:
    page = Sketch().rect(440, 120, 400, 360, "#ffffff", border="#dddddd")
    page.text(480, 180, "Sign in", size=30, weight=700)
    for i, words in enumerate(("Email address", "Password")):
        page.rect(480, 220 + i * 70, 320, 48, "#ffffff", border="#aaaaaa").text(
            496, 249 + i * 70, words, color="#777777"
        )
    return page.rect(480, 380, 320, 48, "#222222").text(619, 409, "Log in", color="#ffffff")


def bill() -> Sketch:
    """A table of three rows with rules between and amounts flush right."""
    page = Sketch().text(200, 80, "Invoice", size=32, weight=700)
    rows = (("Item", "Price", 700), ("Website design", "$300.00", 400), ("Hosting", "$75.00", 400))
    for i, (name, price, weight) in enumerate(rows):
        y = 140 + i * 40
        right = 1080 - 8 - measure_ink_width(price, SANS, weight, False) * 16
        page.text(208, y, name, weight=weight).text(right, y, price, weight=weight)
        page.rect(200, y + 14, 880, 1, "#cccccc")
    return page


def plans() -> Sketch:
    """A table whose first column is flush left and whose others are centred in columns of unlike
    widths.
    """
    page = Sketch().text(200, 80, "Compare plans", size=32, weight=700)
    middles = (520, 730, 990)
    rows = (
        ("Feature", "Free", "Pro", "Enterprise", 700),
        ("Projects", "3", "Unlimited", "Unlimited", 400),
        ("Storage", "1 GB", "100 GB", "Custom", 400),
    )
    for i, (name, *cells, weight) in enumerate(rows):
        y = 140 + i * 40
        page.text(224, y, name, weight=weight)
        for middle, words in zip(middles, cells, strict=True):
            page.text(
                middle - measure_ink_width(words, SANS, weight, False) * 8, y, words, weight=weight
            )
        page.rect(200, y + 14, 900, 1, "#cccccc")
    return page


def habitats() -> Sketch:
    """A table of centred cells, some of which break into two lines although they would fit into
    one.
    """
    page = Sketch().text(200, 80, "Habitats", size=32, weight=700)
    rows = (
        (("Bear", "Habitat", "Diet"), 700),
        (("Wild", "Woods and|forests", "Fish, meat,|plants"), 400),
        (("Urban", "Condos and|coffee shops", "Pizza"), 400),
    )
    for i, (cells, weight) in enumerate(rows):
        y = 130 + 70 * i
        page.rect(200, y - 30, 600, 70, "#eeeeee" if i % 2 else "#dddddd")
        for k, words in enumerate(cells):
            lines = words.split("|")
            for j, line in enumerate(lines):
                x = 300 + 200 * k - measure_ink_width(line, SANS, weight, False) * 8
                page.text(x, y + 10 + 24 * j - 12 * (len(lines) - 1), line, weight=weight)
    return page
