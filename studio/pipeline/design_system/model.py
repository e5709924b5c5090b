"""A design system as plain data, with the limits of what a team may give."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from studio.pipeline.stacks.css_colors import Rgb

MOST_CHARACTERS = 200_000  # of the tokens' text; Tailwind's whole palette has 14,000
MOST_TOKENS = 600  # of one kind; Tailwind's palette has 244 colors
MOST_COMPONENTS = 60
LONGEST_EXAMPLE = 4_000  # characters of a component's HTML
LONGEST_STYLE = 20_000  # characters of a component's CSS
NAME = re.compile(r"^[a-z][a-z0-9-]{0,59}$")


class DesignSystemError(Exception):
    """What was given cannot be used; one sentence that says why and what is allowed."""


@dataclass(frozen=True, slots=True)
class DesignComponent:
    """A named component: its example, and the rules that style it."""

    name: str
    html: str
    css: str = ""


@dataclass(frozen=True, slots=True)
class DesignSystem:
    """Tokens by name, without dashes before: colors, lengths in px, and lists of font families."""

    colors: Mapping[str, Rgb] = field(default_factory=dict)
    sizes: Mapping[str, float] = field(default_factory=dict)  # of type
    spaces: Mapping[str, float] = field(default_factory=dict)
    radii: Mapping[str, float] = field(default_factory=dict)
    fonts: Mapping[str, str] = field(default_factory=dict)
    components: tuple[DesignComponent, ...] = ()
    unread: tuple[str, ...] = ()  # tokens that are of no kind that pages are mapped onto

    @property
    def is_empty(self) -> bool:
        tokens = (self.colors, self.sizes, self.spaces, self.radii, self.fonts, self.components)
        return not any(tokens)

    def to_json(self) -> dict[str, Any]:
        return {
            "colors": {name: list(rgb) for name, rgb in self.colors.items()},
            "sizes": dict(self.sizes),
            "spaces": dict(self.spaces),
            "radii": dict(self.radii),
            "fonts": dict(self.fonts),
            "unread": list(self.unread),
        }


def load_tokens(data: Mapping[str, Any], components: tuple[DesignComponent, ...]) -> DesignSystem:
    """Return what `to_json` wrote, with the components, which are stored beside it."""
    return DesignSystem(
        colors={name: (rgb[0], rgb[1], rgb[2]) for name, rgb in data.get("colors", {}).items()},
        sizes=dict(data.get("sizes", {})),
        spaces=dict(data.get("spaces", {})),
        radii=dict(data.get("radii", {})),
        fonts=dict(data.get("fonts", {})),
        components=components,
        unread=tuple(data.get("unread", ())),
    )
