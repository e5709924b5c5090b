"""Perception: what a mockup shows, found from its pixels alone.

Deterministic; needs no model server and no browser. `perceive.find_hints` is the entry point.
"""
