"""Checks of paths: plain names inside a folder on every system, and names that control tools."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

LONGEST_PATH, LONGEST_PART = 200, 255  # characters; bytes, which most file systems allow
DEEPEST = 12  # folders
# Windows opens a device for these names, with any suffix.
DEVICES = re.compile(
    r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|\Z)", re.IGNORECASE
)
SIGNS = frozenset('\\:*?"<>|')
# Files that build tools, package managers, editors and coding agents read and follow.
STEERING = re.compile(
    r"(?:.*\.config(?:\..*)?|.*\.(?:workspace|setup|bundle)\.[cm]?[jt]s|(?:package|jsconfig|tsconfig|deno|bun)(?:[.-].*)?"
    r"|(?:composer|lerna|nx|turbo|angular|project|vercel|netlify|now|firebase|renovate|babel|tslint|nodemon|mcp"
    r"|tasks|launch|settings|extensions|devcontainer|npm-shrinkwrap|yarn|pnpm-.*|bower|manifest\.webapp)\.[^.]+"
    r"|(?:gulpfile|gruntfile|jakefile|webpack|rollup|snowpack|karma|jest|vitest|cypress|playwright)(?:\..*)?\.[cm]?[jt]s"
    r"|(?:agents?|claude|gemini|copilot.*|cursor.*|skills?|codex|windsurf|aider|llms.*|conventions)(?:\..*)?\.(?:md|mdc|txt))",
    re.IGNORECASE,
)


class PathError(ValueError):
    """Why a path is refused, as the end of a sentence."""


def check_path(path: str) -> PurePosixPath:
    """Return the path if it names the same plain file inside a folder everywhere.

    Raises PathError.
    """
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
    if SIGNS & set(part) or any(_is_invisible(sign) for sign in part):
        signs = " ".join(sorted(SIGNS))
        raise PathError(
            f"no name may hold control characters, invisible characters or one of {signs}"
        )
    if len(part.encode()) > LONGEST_PART:
        raise PathError(f"names have up to {LONGEST_PART} bytes")
    if DEVICES.match(part):
        raise PathError("no name may be a device of Windows")


def _is_invisible(sign: str) -> bool:
    """Return True for Unicode's categories C and Z, except the space.

    They are control and format characters (with bidi marks), surrogates, unassigned and separators.
    """
    return sign != " " and unicodedata.category(sign)[0] in "CZ"


def steers_tools(path: str) -> bool:
    """Return True if tools look for a file of this name and run it or follow it.

    Hidden files and folders count too.
    """
    parts = path.split("/")
    hidden = any(
        part.startswith(".") or part.lower() in ("node_modules", "bower_components")
        for part in parts
    )
    return hidden or STEERING.fullmatch(parts[-1]) is not None
