"""Puts the script into a previewed page that tells the run's page which element is meant
(static/frame/bridge.js).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.conf import settings

from studio.pipeline.editing.source_positions import MARK, mark_tags

PROOF = "PROOF_OF_THE_BRIDGE"  # in the script: where its secret goes
DOCTYPE = re.compile(r"<!doctype[^>]*>", re.IGNORECASE)


def insert_bridge(page: bytes, proof: str) -> bytes:
    """The page with the bridge as its very first script, which knows `proof` and takes itself out
    of the page.

    Inline, for the page's own scripts could read the address of a file, and what is in it.
    """
    text = page.decode(errors="replace")
    text = text if MARK in text else mark_tags(text)
    place = first_place(text)
    return (
        f"{text[:place]}<script>{_script().replace(PROOF, proof)}</script>{text[place:]}".encode()
    )


def first_place(html: str) -> int:
    """Where a script runs before every other: after the doctype, without which the page would be in
    quirks mode.

    Comments may stand before it; one that holds a tag ends, for some browser, earlier than it seems
    to.
    """
    at = 0
    while True:
        at += len(html[at:]) - len(html[at:].lstrip("\ufeff \t\r\n\f"))
        if not html.startswith("<!--", at):
            break
        end = html.find("-->", at + 4)
        if end < 0 or "<" in html[at + 4 : end] or ">" in html[at + 4 : end]:
            return 0
        at = end + 3
    doctype = DOCTYPE.match(html, at)
    return doctype.end() if doctype else 0


@cache
def _script() -> str:
    return (Path(settings.BASE_DIR) / "static" / "frame" / "bridge.js").read_text()
