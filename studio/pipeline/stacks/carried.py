"""Allow list of what a project may hold: files of its stack, and pictures.

None of them is a file that a tool would run or take settings from. The build's own files
(package.json, its lock, vite.config.js) come from `templates` and are added later.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from studio.pipeline.paths import PathError, check_path, steers_tools
from studio.pipeline.stacks.kinds import Stack

PLAIN = frozenset([".html", ".css", ".js", ".mjs", ".svg", ".txt"])
SUFFIXES: Mapping[Stack, frozenset[str]] = {
    "html-css": PLAIN,
    "tailwind": PLAIN,
    "bootstrap": PLAIN,
    "react": PLAIN | {".jsx", ".tsx", ".ts"},
    "vue": PLAIN | {".vue", ".ts"},
}
DATA = ".json"  # allowed in DATA_FOLDERS only, where tools do not look for settings
DATA_FOLDERS = ("src", "data", "public", "assets")
FOLDERS = frozenset(
    [
        "src",
        "public",
        "assets",
        "css",
        "styles",
        "js",
        "scripts",
        "lib",
        "components",
        "pages",
        "fonts",
        "data",
    ]
) | frozenset(["img", "images", "icons", "media", "static", "vendor", "sections", "partials"])
PICTURES = frozenset(
    [".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".ico", ".woff", ".woff2"]
)
# At build time Tailwind runs the file that @plugin or @config names and reads the folders that
# @source names.
RUNNING_RULE = re.compile(r"@(plugin|config|source)\b", re.IGNORECASE)
STYLED = (".css", ".html", ".vue")


def carried_files(files: Mapping[str, str], stack: Stack) -> dict[str, str]:
    """Return the files that a project of this stack may hold, without style rules that run code."""
    kept = {path: text for path, text in files.items() if _may_carry(path, SUFFIXES[stack])}
    return {
        path: RUNNING_RULE.sub(r"@removed-\1", text)
        if path.endswith(STYLED) and "@" in text
        else text
        for path, text in kept.items()
    }


def carried_pictures(assets: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the pictures and fonts that a project may hold."""
    return {path: data for path, data in assets.items() if _may_carry(path, PICTURES)}


def _may_carry(path: str, suffixes: frozenset[str]) -> bool:
    try:
        pure = check_path(path)
    except PathError:
        return False
    if steers_tools(path):
        return False
    folder = pure.parts[0] if len(pure.parts) > 1 else ""
    if folder and folder not in FOLDERS:
        return False
    suffix = PurePosixPath(path).suffix.lower()
    return suffix in suffixes or (suffix == DATA and folder in DATA_FOLDERS)
