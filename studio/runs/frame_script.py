"""Inserts the bridge script (static/frame/bridge.js) into previewed pages.

The script reports to the run's page which element a person selects.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.conf import settings

from studio.pipeline.editing.source_positions import MARK, mark_tags

PROOF = "PROOF_OF_THE_BRIDGE"  # placeholder for the secret in the script
DOCTYPE = re.compile(r"<!doctype[^>]*>", re.IGNORECASE)


def insert_bridge(page: bytes, proof: str) -> bytes:
    """Return the page with the bridge as its first script, which knows `proof` and removes itself.

    The script is inline, because the page's own scripts could fetch and read a file.
    """
    text = page.decode(errors="replace")
    text = text if MARK in text else mark_tags(text)
    place = find_script_place(text)
    return (
        f"{text[:place]}<script>{_script().replace(PROOF, proof)}</script>{text[place:]}".encode()
    )


def find_script_place(html: str) -> int:
    """Return the offset where a script runs before all others.

    That is after the doctype, because a page without a leading doctype is in quirks mode. Comments
    may precede it. A comment that contains a tag may end earlier in some browsers, so the script is
    then placed first.
    """
    offset = 0
    while True:
        offset += len(html[offset:]) - len(html[offset:].lstrip("\ufeff \t\r\n\f"))
        if not html.startswith("<!--", offset):
            break
        end = html.find("-->", offset + 4)
        if end < 0 or "<" in html[offset + 4 : end] or ">" in html[offset + 4 : end]:
            return 0
        offset = end + 3
    doctype = DOCTYPE.match(html, offset)
    return doctype.end() if doctype else 0


@cache
def _script() -> str:
    return (Path(settings.BASE_DIR) / "static" / "frame" / "bridge.js").read_text()
