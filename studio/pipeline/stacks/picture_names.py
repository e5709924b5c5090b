"""Pictures of a project named for what they show, wherever they are mentioned."""

from __future__ import annotations

import re
from collections.abc import Sequence

from studio.pipeline.bundle import ENTRY, Bundle
from studio.pipeline.editing.source_positions import Tag, find_tags
from studio.pipeline.stacks.naming import to_kebab

LONGEST_NAME = 40
CLASS = re.compile(r"\.([\w-]+)")
LONGEST_SELECTOR = 500  # characters between a class and its block; longer ones name nothing


def name_pictures(bundle: Bundle) -> Bundle:
    """'assets/picture-3.png' as 'assets/a-boat-at-dusk.png': by its alt text, else by the class of
    who shows it.
    """
    renamed: dict[str, str] = {}
    images = [tag for tag in find_tags(bundle.files.get(ENTRY, "")) if tag.name == "img"]
    for path in bundle.assets:
        words = _find_words(path, images, bundle)
        suffix = path[path.rfind(".") :]
        name, number = f"assets/{words}{suffix}", 2
        while name in renamed.values() or (name in bundle.assets and name != path):
            name, number = f"assets/{words}-{number}{suffix}", number + 1
        renamed[path] = name if words else path
    order = sorted(renamed, key=len, reverse=True)
    pattern = re.compile("|".join(re.escape(path) for path in order) or "(?!)")
    files = {
        name: pattern.sub(lambda match: renamed[match[0]], text)
        for name, text in bundle.files.items()
    }
    return Bundle(files, {renamed[path]: data for path, data in bundle.assets.items()})


def _find_words(path: str, images: Sequence[Tag], bundle: Bundle) -> str:
    for tag in images:
        if path in tag.get("src") and tag.get("alt"):
            return to_kebab(tag.get("alt")[:LONGEST_NAME])[:LONGEST_NAME].strip("-")
    for text in bundle.files.values():
        if name := _class_that_shows(path, text):
            return f"{to_kebab(re.sub(r'-[0-9]+$', '', name))}-background"
    return ""


def _class_that_shows(path: str, css: str) -> str:
    """The first class named in the selector of the block in which the path stands."""
    at = css.find(path)
    if at < 0:
        return ""
    opened = css.rfind("{", 0, at)
    begun = max(css.rfind("}", 0, opened), css.rfind("{", 0, opened), opened - LONGEST_SELECTOR)
    found = CLASS.search(css, begun + 1, opened) if opened >= 0 else None
    return found[1] if found else ""
