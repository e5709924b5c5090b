"""The icons of the pages: strokes on a 24 px grid in the color of the text around them."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

SHAPES = {
    "attach": "M20 11.5l-8.2 8.2a5 5 0 0 1-7-7l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4L15 7",
    "branch": "M7 4v10M7 14a3 3 0 1 0 .1 0M17 5a2.5 2.5 0 1 0 .1 0M17 10c0 4-6 3-9 5",
    "canvas": "M4 5h16v14H4zM4 9h16",
    "chat": "M4 5h16v11H10l-5 4v-4H4z",
    "close": "M6 6l12 12M18 6L6 18",
    "code": "M9 7l-5 5 5 5M15 7l5 5-5 5",
    "comment": "M5 4h14v12h-7l-5 4v-4H5z",
    "copy": "M9 9h11v11H9zM5 15H4V4h11v1",
    "desktop": "M3 4h18v12H3zM9 20h6M12 16v4",
    "download": "M12 4v11M7 11l5 5 5-5M5 20h14",
    "duplicate": "M8 8h12v12H8zM4 16V4h12M14 11v6M11 14h6",
    "file": "M6 3h8l5 5v13H6zM14 3v5h5",
    "inspect": "M4 6h10M18 6h2M4 12h2M10 12h10M4 18h8M16 18h4M16 4v4M8 10v4M14 16v4",
    "more": (
        "M4.5 12a.7.7 0 1 0 1.4 0 .7.7 0 1 0-1.4 0"
        "M11.3 12a.7.7 0 1 0 1.4 0 .7.7 0 1 0-1.4 0"
        "M18.1 12a.7.7 0 1 0 1.4 0 .7.7 0 1 0-1.4 0"
    ),
    "open": "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
    "panel": "M4 5h16v14H4zM15 5v14",
    "phone": "M7 3h10v18H7zM11 18h2",
    "plus": "M12 5v14M5 12h14",
    "pointer": "M5 4l14 6-6 2-2 6z",
    "redo": "M15 6l5 5-5 5M20 11H10a5 5 0 0 0 0 10h3",
    "send": "M12 19V5M6 11l6-6 6 6",
    "share": "M12 15V4M8 8l4-4 4 4M5 13v7h14v-7",
    "tablet": "M5 3h14v18H5zM11 18h2",
    "trash": "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13",
    "undo": "M9 6l-5 5 5 5M4 11h10a5 5 0 0 1 0 10h-3",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return the icon as an SVG element that screen readers skip."""
    return mark_safe(  # noqa: S308 (only the constants above)
        '<svg class="icon" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">'
        f'<path d="{SHAPES[name]}"/></svg>'
    )
