"""Versions of a run: history, diffs, restore, follow-ups, edits by hand, page import."""
