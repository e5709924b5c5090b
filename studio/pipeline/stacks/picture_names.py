"""Pictures of a project named for what they show, wherever they are mentioned."""

from __future__ import annotations

import re

from studio.pipeline.bundle import ENTRY, Bundle
from studio.pipeline.stacks.naming import kebab

LONGEST_NAME = 40
IMAGE = re.compile(r"<img\b[^>]*>", re.I)


def with_names(bundle: Bundle) -> Bundle:
    """'assets/picture-3.png' as 'assets/a-boat-at-dusk.png': by its alt text, else by the class of who shows it."""
    renamed: dict[str, str] = {}
    html = bundle.files.get(ENTRY, "")
    for path in bundle.assets:
        words = _words_for(path, html, bundle)
        suffix = path[path.rfind(".") :]
        name, number = f"assets/{words}{suffix}", 2
        while name in renamed.values() or (name in bundle.assets and name != path):
            name, number = f"assets/{words}-{number}{suffix}", number + 1
        renamed[path] = name if words else path
    order = sorted(renamed, key=len, reverse=True)
    pattern = re.compile("|".join(re.escape(path) for path in order) or "(?!)")
    files = {name: pattern.sub(lambda match: renamed[match[0]], text) for name, text in bundle.files.items()}
    return Bundle(files, {renamed[path]: data for path, data in bundle.assets.items()})


def _words_for(path: str, html: str, bundle: Bundle) -> str:
    for tag in IMAGE.findall(html):
        if path in tag and (alt := re.search(r"\balt=\"([^\"]+)\"", tag)):
            return kebab(alt[1])[:LONGEST_NAME].strip("-")
    for text in bundle.files.values():
        if (rule := re.search(rf"\.([\w-]+)[^{{}}]*{{[^}}]*{re.escape(path)}", text)) is not None:
            return f"{kebab(re.sub(r'-[0-9]+$', '', rule[1]))}-background"
    return ""
