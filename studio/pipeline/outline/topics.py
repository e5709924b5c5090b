"""What a page is about, in a few words that pictures exist for; found in any of the languages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

TOPICS = Path(__file__).parent / "topics.toml"


@cache
def load_topics() -> Mapping[str, re.Pattern[str]]:
    """Return topic → pattern, the more special ones first."""
    data = tomllib.loads(TOPICS.read_text("utf-8"))
    return {topic: re.compile(pattern, re.IGNORECASE) for topic, pattern in data.items()}


def find_topic(*texts: str) -> str:
    """Return the first topic that the texts name; empty where they name none."""
    for text in texts:
        for topic, pattern in load_topics().items():
            if pattern.search(text):
                return topic
    return ""
