"""Perception: what a mockup shows, found from its pixels alone. Deterministic; needs no model server and no browser."""

from inference.task.hints.assets import crop_assets
from inference.task.hints.find import find_hints
from inference.task.hints.overlay import draw_overlay

__all__ = ["crop_assets", "draw_overlay", "find_hints"]
