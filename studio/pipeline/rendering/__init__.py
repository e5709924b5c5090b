"""Rendering of untrusted pages in an isolated Chromium, and reading of their DOM."""
