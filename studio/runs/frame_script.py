"""Puts the script into a previewed page that tells the run's page which element is meant (static/frame/bridge.js)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings

from studio.pipeline.editing.source_positions import MARK, marked, with_script

NAME = "likeness-bridge.js"  # among the page's own files, which is all that its policy lets it load


def bridged(page: bytes) -> bytes:
    text = page.decode(errors="replace")
    return with_script(text if MARK in text else marked(text), NAME).encode()


@cache
def script() -> bytes:
    return (Path(settings.BASE_DIR) / "static" / "frame" / "bridge.js").read_bytes()
