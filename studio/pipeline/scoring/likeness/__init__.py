"""Likeness: how much a render looks like its mockup, and where it differs."""
