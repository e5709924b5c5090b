"""Icons of ours, chosen by what an item says; `icons.toml` has their strokes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from studio.pipeline.sections.markup import Element, Raw, make

FILE = Path(__file__).parent / "icons.toml"
USUAL = ("spark", "heart", "award", "leaf", "star", "sun", "pin", "check", "gift")
NAVIGATION = ("home", "box", "people", "gift", "chart", "gear", "mail", "calendar", "chat")


@dataclass(frozen=True, slots=True)
class IconSet:
    """`paths`: name → strokes. `meanings`: name → pattern of words that it stands for."""

    paths: Mapping[str, str]
    meanings: Mapping[str, re.Pattern[str]]


@cache
def load_icons() -> IconSet:
    data = tomllib.loads(FILE.read_text("utf-8"))
    meanings = {
        name: re.compile(pattern, re.IGNORECASE) for name, pattern in data["meanings"].items()
    }
    return IconSet(data["paths"], meanings)


def draw_icon(name: str, cls: str = "icon") -> Element:
    """Return an icon that assistive technology leaves out."""
    path = Raw(f'<path d="{load_icons().paths[name]}" />')
    return make("svg", path, cls=cls, viewBox="0 0 24 24", aria_hidden="true")


def choose_icons(texts: list[str]) -> list[str]:
    """Return the name of an icon for each text, none twice while others are left."""
    chosen: list[str] = []
    for text in texts:
        fitting = [name for name, known in load_icons().meanings.items() if known.search(text)]
        candidates = [*fitting, *USUAL]
        free = [name for name in candidates if name not in chosen]
        chosen.append((free or candidates)[0])
    return chosen
