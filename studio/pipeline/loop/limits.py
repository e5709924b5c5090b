"""Limits of the loop that forms and API check too; loads nothing heavy."""

from __future__ import annotations

# Answers that may compete in a round. Each is rendered and judged, about 3 s a page on two cores.
MOST_CANDIDATES = 4
