"""Edits of a page's source: positions, edits by hand, search/replace blocks, restyling."""
