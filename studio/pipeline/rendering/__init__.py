"""Render untrusted pages in an isolated Chromium and read what the DOM says about them."""
