"""Names for a project's pictures and fonts after what they show, wherever they are mentioned."""

from __future__ import annotations

import re
from collections.abc import Sequence

from studio.pipeline.bundle import ENTRY, Bundle
from studio.pipeline.editing.source_positions import Tag, find_tags
from studio.pipeline.stacks.naming import to_kebab

LONGEST_NAME = 40  # characters
CLASS = re.compile(r"\.([\w-]+)")
FONTS = (".woff2", ".woff", ".ttf", ".otf")
FONT_FACE = re.compile(r"@font-face\s*\{([^{}]*)\}")
FONT_PLACE = "assets/fonts"
LONGEST_SELECTOR = 500  # characters between a class and its block; longer ones name nothing


def name_pictures(bundle: Bundle) -> Bundle:
    """Return the bundle with 'assets/picture-3.png' as 'assets/a-boat-at-dusk.png'.

    The name comes from the picture's alt text, else from the class that shows it; a font's from
    its family. What is in the folder of fonts (licences too) has its name already.
    """
    renamed: dict[str, str] = {}
    images = [tag for tag in find_tags(bundle.files.get(ENTRY, "")) if tag.name == "img"]
    for path in bundle.assets:
        folder, words = _choose_name(path, images, bundle)
        suffix = path[path.rfind(".") :]
        name, number = f"{folder}/{words}{suffix}", 2
        while name in renamed.values() or (name in bundle.assets and name != path):
            name, number = f"{folder}/{words}-{number}{suffix}", number + 1
        renamed[path] = name if words else path
    order = sorted(renamed, key=len, reverse=True)
    pattern = re.compile("|".join(re.escape(path) for path in order) or "(?!)")
    files = {
        name: pattern.sub(lambda match: renamed[match[0]], text)
        for name, text in bundle.files.items()
    }
    return Bundle(files, {renamed[path]: data for path, data in bundle.assets.items()})


def _choose_name(path: str, images: Sequence[Tag], bundle: Bundle) -> tuple[str, str]:
    """Return a file's folder and its name without the suffix; no name where it keeps its own."""
    if path.startswith(f"{FONT_PLACE}/"):
        return FONT_PLACE, ""
    if path.lower().endswith(FONTS):
        return FONT_PLACE, _name_font(path, bundle)
    return "assets", _find_words(path, images, bundle)


def _name_font(path: str, bundle: Bundle) -> str:
    """Return 'inter-700' or 'inter-400-italic' for the file of an @font-face."""
    for text in bundle.files.values():
        for match in FONT_FACE.finditer(text):
            if path not in match[1]:
                continue
            found = dict(re.findall(r"font-(family|weight|style)\s*:\s*([^;]+)", match[1]))
            words = [found.get("family", ""), found.get("weight", "")]
            if "italic" in found.get("style", ""):
                words.append("italic")
            return to_kebab(" ".join(words)[:LONGEST_NAME])
    return ""


def _find_words(path: str, images: Sequence[Tag], bundle: Bundle) -> str:
    for tag in images:
        if path in tag.get("src") and tag.get("alt"):
            return to_kebab(tag.get("alt")[:LONGEST_NAME])[:LONGEST_NAME].strip("-")
    for text in bundle.files.values():
        if name := _class_that_shows(path, text):
            return f"{to_kebab(re.sub(r'-[0-9]+$', '', name))}-background"
    return ""


def _class_that_shows(path: str, css: str) -> str:
    """Return the first class in the selector of the block that mentions the path."""
    place = css.find(path)
    if place < 0:
        return ""
    brace = css.rfind("{", 0, place)
    start = max(css.rfind("}", 0, brace), css.rfind("{", 0, brace), brace - LONGEST_SELECTOR)
    match = CLASS.search(css, start + 1, brace) if brace >= 0 else None
    return match[1] if match else ""
