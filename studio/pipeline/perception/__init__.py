"""Perception: what a mockup shows, found from its pixels alone. Deterministic; needs no model server and no browser."""

from studio.pipeline.perception.assets import crop_assets
from studio.pipeline.perception.hint_overlay import draw_overlay
from studio.pipeline.perception.perceive import find_hints

__all__ = ["crop_assets", "draw_overlay", "find_hints"]
