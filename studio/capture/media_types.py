"""Which answers of a web server can become a mockup. Without Django, like `address_parts`."""

from __future__ import annotations

import re

MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,60}")
PAGES = ("text/html", "application/xhtml+xml", "image/svg+xml")
PICTURES = ("image/", "application/pdf")


def read_media_type(content_type: str) -> str:
    """Return the media type; "" where it is none, so that a server's words are not shown."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind if MEDIA_TYPE.fullmatch(kind) else ""


def is_page(media_type: str) -> bool:
    """Return True for what a browser shows as a page."""
    return media_type in PAGES


def is_picture(media_type: str) -> bool:
    """Return True for a picture that is a mockup as it is."""
    return media_type.startswith(PICTURES) and not is_page(media_type)
