"""The sizes of the run page's panels, remembered in a cookie.

The server must know them: a page that is laid out by a script after its first paint moves.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

COOKIE = "likeness_panels"  # "LEFT.RIGHT.INSPECTOR", written by static/src/work-space.js
NARROWEST, WIDEST = 220, 640  # px of a side panel


@dataclass(frozen=True, slots=True)
class PanelSizes:
    """Widths in px; None: the style sheet's. `inspector` is "open", "closed" or "" (by the width)."""

    left: int | None = None
    right: int | None = None
    inspector: str = ""


def read_panel_sizes(request: HttpRequest) -> PanelSizes:
    """Return the sizes a person chose; ignore anything that is not a size."""
    parts = request.COOKIES.get(COOKIE, "").split(".")
    if len(parts) != 3:
        return PanelSizes()
    inspector = parts[2] if parts[2] in ("open", "closed") else ""
    return PanelSizes(_read_size(parts[0]), _read_size(parts[1]), inspector)


def _read_size(text: str) -> int | None:
    if not text.isascii() or not text.isdecimal() or len(text) > 4:
        return None
    return max(NARROWEST, min(WIDEST, int(text)))
