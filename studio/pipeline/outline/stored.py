"""The outline beside the page that was made from it, so that later wishes can change it."""

from __future__ import annotations

import json
from dataclasses import replace

from studio.pipeline.bundle import Bundle
from studio.pipeline.outline.placeholders import fill_placeholders
from studio.pipeline.outline.schema import Outline, OutlineError, read_outline, write_outline
from studio.pipeline.outline.section_kinds import SPECS

OUTLINE_FILE = "data/outline.json"
MOST_CHARACTERS = 200_000  # of a stored outline; one of 30 full sections has 60,000


def store_outline(bundle: Bundle, outline: Outline) -> Bundle:
    """Return the bundle with its outline as a file."""
    text = json.dumps(write_outline(outline), ensure_ascii=False, indent=1) + "\n"
    return replace(bundle, files={**bundle.files, OUTLINE_FILE: text})


def load_outline(bundle: Bundle) -> Outline | None:
    """Return the outline of a bundle; None where it has none that a page can be made of.

    It may come from elsewhere: what is missing in it is filled as in a new one.
    """
    text = bundle.files.get(OUTLINE_FILE, "")
    if not text or len(text) > MOST_CHARACTERS:
        return None
    try:
        outline = read_outline(json.loads(text))
    except (ValueError, OutlineError, RecursionError):
        return None
    if any(SPECS[one.kind].items[0] and not one.items for one in outline.sections):
        return None  # a section of items without any cannot be written
    return fill_placeholders(outline)
