"""Things that pictures show; `objects.toml` has their drawings."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "objects.toml"
USUAL = "usual"  # the key of what is drawn for a topic without things of its own


def list_objects(topic: str) -> tuple[str, ...]:
    """Return the drawings of what belongs to a topic."""
    drawings, topics = _load_objects()
    return tuple(drawings[name] for name in topics.get(topic, topics[USUAL]))


@cache
def _load_objects() -> tuple[dict[str, str], dict[str, list[str]]]:
    data = tomllib.loads(FILE.read_text("utf-8"))
    return {name: "".join(text.splitlines()) for name, text in data["drawings"].items()}, data[
        "topics"
    ]
