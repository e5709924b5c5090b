"""Render, compare, fit: plain Python, no Django and no model code."""
