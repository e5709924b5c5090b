"""The outline that a version from words was made from. Read only."""

from __future__ import annotations

from dataclasses import dataclass

from studio.pipeline.editing.restyling.requests import NOT_READ, read_words
from studio.pipeline.outline.schema import Outline
from studio.pipeline.outline.stored import load_outline
from studio.pipeline.outline.wishes import WISH_NOT_READ, read_wishes
from studio.runs import version_files
from studio.runs.models import Attempt

EDITED = (
    "This page was edited by hand after it was made from its outline; making it again would lose "
    "these edits."
)


@dataclass(frozen=True, slots=True)
class VersionOutline:
    """`is_edited`: the page was changed by hand since, so that the outline no longer describes it."""

    outline: Outline
    is_edited: bool


def read_version_outline(attempt: Attempt) -> VersionOutline | None:
    """Return the outline of a version; None where it has none."""
    from studio.pipeline.sections.page import is_page_of  # it loads numpy and fonts

    bundle = version_files.read_bundle_of(attempt)
    outline = load_outline(bundle)
    if outline is None:
        return None
    return VersionOutline(outline, not is_page_of(outline, bundle))


def explain_unread(attempt: Attempt, prompt: str) -> str:
    """Return why rules cannot carry out the instructions about a whole version; "" if they can."""
    if read_words(prompt):
        return ""
    found = read_version_outline(attempt)
    if found is None or found.is_edited:
        return NOT_READ
    return "" if read_wishes(prompt, found.outline) else WISH_NOT_READ
