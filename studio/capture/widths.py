"""Widths of the window in which a page is captured, in CSS pixels."""

from __future__ import annotations

LEAST_WIDTH, MOST_WIDTH = 320, 2560
USUAL_WIDTH = 1280
OFFERED_WIDTHS = (390, 768, 1024, 1280, 1440, 1920)
