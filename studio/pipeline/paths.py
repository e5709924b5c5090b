"""Paths that are plain names inside a folder on every system, and names of files that tools run or
obey.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

LONGEST_PATH, LONGEST_PART = 200, 255  # characters; bytes, which most file systems allow
DEEPEST = 12  # folders
# Windows opens a device for these, whatever suffix follows.
DEVICES = re.compile(
    r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|\Z)", re.IGNORECASE
)
SIGNS = frozenset('\\:*?"<>|')
# Build tools, package managers, editors and coding agents look for these and do what they say.
STEERING = re.compile(
    r"(?:.*\.config(?:\..*)?|.*\.(?:workspace|setup|bundle)\.[cm]?[jt]s|(?:package|jsconfig|tsconfig|deno|bun)(?:[.-].*)?"
    r"|(?:composer|lerna|nx|turbo|angular|project|vercel|netlify|now|firebase|renovate|babel|tslint|nodemon|mcp"
    r"|tasks|launch|settings|extensions|devcontainer|npm-shrinkwrap|yarn|pnpm-.*|bower|manifest\.webapp)\.[^.]+"
    r"|(?:gulpfile|gruntfile|jakefile|webpack|rollup|snowpack|karma|jest|vitest|cypress|playwright)(?:\..*)?\.[cm]?[jt]s"
    r"|(?:agents?|claude|gemini|copilot.*|cursor.*|skills?|codex|windsurf|aider|llms.*|conventions)(?:\..*)?\.(?:md|mdc|txt))",
    re.IGNORECASE,
)


class PathError(ValueError):
    """Why a path cannot be taken, as the end of a sentence."""


def check_path(path: str) -> PurePosixPath:
    """The path, if it names the same plain file inside a folder everywhere; raises PathError."""
    if len(path) > LONGEST_PATH:
        raise PathError(f"paths have up to {LONGEST_PATH} characters")
    parts = path.split("/")
    if not path or len(parts) > DEEPEST + 1:
        raise PathError(f"a path has between 1 and {DEEPEST} folders")
    for part in parts:
        _check_part(part)
    return PurePosixPath(path)


def _check_part(part: str) -> None:
    if part in ("", ".", ".."):
        raise PathError("only paths inside the project are allowed")
    if part.startswith((".", "-", "~", " ")) or part.endswith((".", " ")):
        raise PathError(
            "no name may begin with a dot, dash, tilde or space or end with a dot or space"
        )
    # Categories C and Z: control and format characters (bidi marks among them), surrogates,
    # unassigned, separators.
    if any(unicodedata.category(sign)[0] in "CZ" and sign != " " for sign in part) or SIGNS & set(
        part
    ):
        signs = " ".join(sorted(SIGNS))
        raise PathError(
            f"no name may hold control characters, invisible characters or one of {signs}"
        )
    if len(part.encode()) > LONGEST_PART:
        raise PathError(f"names have up to {LONGEST_PART} bytes")
    if DEVICES.match(part):
        raise PathError("no name may be a device of Windows")


def steers_tools(path: str) -> bool:
    """Whether tools look for a file of this name and run it or do what it says; hidden files and
    folders do too.
    """
    parts = path.split("/")
    hidden = any(
        part.startswith(".") or part.lower() in ("node_modules", "bower_components")
        for part in parts
    )
    return hidden or STEERING.fullmatch(parts[-1]) is not None
