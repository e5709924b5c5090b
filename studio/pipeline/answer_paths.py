"""The path of a file in a model's answer: from its fence, the line above it, or its first line."""

from __future__ import annotations

import re

from studio.pipeline.paths import PathError, check_path

ENTRY = "index.html"
TEXT_TYPES = (
    ".html",
    ".css",
    ".js",
    ".mjs",
    ".jsx",
    ".ts",
    ".tsx",
    ".vue",
    ".json",
    ".svg",
    ".md",
    ".txt",
)
USUAL_PATHS = {
    "html": ENTRY,
    "css": "styles.css",
    "js": "script.js",
    "javascript": "script.js",
    "jsx": "src/App.jsx",
    "vue": "src/App.vue",
}
# What models put around a path: (index.html), **index.html**, `index.html`, [index.html].
AROUND = "()[]{}<>*_#,;!"
# A path alone in a line above a fence, with a word such as "File" and a number before it.
HEADING = re.compile(
    r"[\d.)\s]*(?:(?:file(?:name)?|path)\s*:?[\s`*]*)?([\w@./-]+\.\w+)", re.IGNORECASE
)
# A comment that is the first line of a file and says its path:
# // src/App.jsx · /* styles.css */ · <!-- index.html --> · {/* Card.jsx */} · # notes.md
COMMENT = re.compile(
    r"\s*(?://+|/\*+|<!--|\{/\*+|#)\s*(?:file(?:name)?|path)?\s*:?\s*([\w@./-]+\.\w+)"
    r"\s*(?:\*+/\}?|-->)?\s*",
    re.IGNORECASE,
)
COMPONENT = re.compile(r"(?:export\s+default\s+)?function\s+([A-Z]\w*)\s*\(")


def read_info_path(info: str) -> str:
    """Return the path that a fence's info string names; empty if it names none.

    'html index.html', 'html:index.html', 'html title="index.html"' and 'html (/index.html)' all name
    index.html.
    """
    words: list[str] = re.findall(r"[^\s:=\"'`]+", info)
    for word in reversed(words):
        word = word.strip(AROUND)
        if "." in word:
            return strip_root(word)
    return ""


def read_language(info: str) -> str:
    words = re.findall(r"\w+", info)
    return words[0].lower() if words else ""


def read_heading_path(line: str) -> str:
    """Return the path that a line above a fence consists of; empty for other lines."""
    return _accept(HEADING.fullmatch(line.strip().strip(AROUND + "`: ")))


def read_comment_path(line: str) -> str:
    """Return the path that a file's first line names in a comment; empty for other lines."""
    return _accept(COMMENT.fullmatch(line.rstrip("\n")))


def read_component_path(line: str) -> str:
    """Return the usual path of the React component that a line defines; empty for other lines."""
    found = COMPONENT.search(line)
    if not found:
        return ""
    return USUAL_PATHS["jsx"] if found[1] == "App" else f"src/components/{found[1]}.jsx"


def strip_root(path: str) -> str:
    """Return the path without "./" or one "/" at its beginning: files are named from the page's root."""
    if path.startswith("./"):
        return path[2:]
    return path[1:] if path.startswith("/") and not path.startswith("//") else path


def _accept(found: re.Match[str] | None) -> str:
    if found is None:
        return ""
    path = strip_root(found[1])
    try:
        suffix = check_path(path).suffix.lower()
    except PathError:
        return ""
    return path if suffix in TEXT_TYPES else ""
