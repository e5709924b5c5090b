"""The error of edits by hand."""

from __future__ import annotations


class EditError(Exception):
    """One sentence: what cannot be changed, and why."""
