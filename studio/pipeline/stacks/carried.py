"""What a project may carry: files of its stack and pictures, none that a tool would run or obey. An
allow list.

The build's own files (package.json, its lock, vite.config.js) come from `templates` and are added
after.
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
DATA = ".json"  # of a page: tools look for theirs elsewhere
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
LICENCES = frozenset([".txt"])
FONT_FOLDER = "assets/fonts/"
# Tailwind runs the file that the first two name, at build time, and reads folders that the third
# one names. A build reads a file of any name as a style sheet where another file asks for that
# (`@import "./a.txt"`, `import "./a.js?x&lang.css"`), so no file may hold them.
RUNNING_RULE = re.compile(r"@(plugin|config|source)\b", re.IGNORECASE)
# In scripts the same words are decorators, which are called.
RUNNING_RULE_OF_SCRIPTS = re.compile(r"@(plugin|config|source)(?=\s|[\"']|/\*)", re.IGNORECASE)
# The same folders, named beside an import. The bound keeps the search linear.
READING_RULE = re.compile(
    r"(@(?:import|reference|media|tailwind)\b[^;{}]{0,2000}?)\bsource(?=\s*\()", re.IGNORECASE
)
SCRIPTS = (".js", ".mjs", ".jsx", ".ts", ".tsx", DATA)


def carried_files(files: Mapping[str, str], stack: Stack) -> dict[str, str]:
    """The files that a project of this stack may have, without style rules that run code."""
    kept = {path: text for path, text in files.items() if _may_carry(path, SUFFIXES[stack])}
    return {
        path: _without_running_rules(path, text) if "@" in text else text
        for path, text in kept.items()
    }


def _without_running_rules(path: str, text: str) -> str:
    is_script = path.lower().endswith(SCRIPTS)
    rule = RUNNING_RULE_OF_SCRIPTS if is_script else RUNNING_RULE
    return READING_RULE.sub(r"\1removed-source", rule.sub(r"@removed-\1", text))


def carried_pictures(assets: Mapping[str, bytes]) -> dict[str, bytes]:
    """The pictures and fonts that a project may have, and the licences beside its fonts."""
    return {
        path: data
        for path, data in assets.items()
        if _may_carry(path, PICTURES | LICENCES if FONT_FOLDER in path else PICTURES)
    }


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
