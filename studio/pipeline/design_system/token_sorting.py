"""Named CSS values sorted into the kinds of a design system's tokens."""

from __future__ import annotations

import re
from collections.abc import Mapping

from studio.pipeline.design_system.model import MOST_TOKENS, NAME, DesignSystem, DesignSystemError
from studio.pipeline.stacks.css_colors import Rgb, parse_rgb
from studio.pipeline.stacks.theme import parse_px

# Words in a token's name that say what a length is for. The first that matches counts.
LENGTH_KINDS = (
    ("radii", re.compile(r"(?:^|-)(?:radius|radii|rounded|corner)(?:-|$)")),
    ("spaces", re.compile(r"(?:^|-)(?:space|spacing|gap|padding|margin|inset|gutter)(?:-|$)")),
    ("sizes", re.compile(r"(?:^|-)(?:text|font|fs|type|size|heading|body)(?:-|$)")),
)
FAMILY = re.compile(r"^[\w\s\"',-]+$")
LONGEST_FAMILY = 300  # characters of a list of families
GENERIC = ("sans-serif", "serif", "monospace", "system-ui", "ui-sans-serif", "ui-serif")


def sort_tokens(values: Mapping[str, str]) -> DesignSystem:
    """Return the tokens by kind; `values` is name → resolved CSS value."""
    colors: dict[str, Rgb] = {}
    fonts: dict[str, str] = {}
    lengths: dict[str, dict[str, float]] = {"sizes": {}, "spaces": {}, "radii": {}}
    unread: list[str] = []
    for raw, value in values.items():
        name = clean_name(raw)
        size = parse_px(value)
        kind = next((kind for kind, words in LENGTH_KINDS if words.search(name)), "")
        if not NAME.match(name):
            unread.append(raw[:60])
        elif (rgb := parse_rgb(value)) is not None:
            colors[name] = rgb
        elif size is not None and kind:
            lengths[kind][name] = round(size, 3)
        elif _is_family(name, value):
            fonts[name] = value
        else:
            unread.append(name)
    most = max(len(colors), len(fonts), *(len(found) for found in lengths.values()))
    if most > MOST_TOKENS:
        raise DesignSystemError(
            f"There are {most} tokens of one kind; at most {MOST_TOKENS} are allowed."
        )
    return DesignSystem(
        colors=colors,
        sizes=lengths["sizes"],
        spaces=lengths["spaces"],
        radii=lengths["radii"],
        fonts=fonts,
        unread=tuple(unread[:MOST_TOKENS]),
    )


def clean_name(raw: str) -> str:
    """Return '--color-Brand.500' as 'color-brand-500'."""
    return re.sub(r"[^a-z0-9]+", "-", raw.lower()).strip("-")


def _is_family(name: str, value: str) -> bool:
    if len(value) > LONGEST_FAMILY or not FAMILY.match(value):
        return False
    is_named = re.search(r"(?:^|-)(?:font|family|typeface)(?:-|$)", name) is not None
    last = value.split(",")[-1].strip()
    return last in GENERIC or (is_named and not value[:1].isdigit() and "-weight" not in name)
