"""Marks what was read from a picture or a page as data, so that a model does not follow it."""

from __future__ import annotations

from studio.pipeline.prompting.page_prompt import escape_fence


def fence(text: str) -> str:
    """Return the text inside marks that it cannot close."""
    return f"<mockup-data>\n{escape_fence(text)}\n</mockup-data>"
