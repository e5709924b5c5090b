"""What `likeness compare` measures: pages with their mockups, from arguments or a likeness.toml."""

from __future__ import annotations

import argparse
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.cli.errors import RemoteError

MOST_PAGES = 200
KEYS = ("name", "mockup", "url", "page", "width", "min", "ignore")
AREA = re.compile(r"\s*,\s*")
EXAMPLE = '[[page]] with mockup = "pricing.png" and url = "http://localhost:3000/pricing"'


@dataclass(frozen=True, slots=True)
class PageCheck:
    """One page at one width; `page` is a path or address, `least` the likeness that passes."""

    name: str
    mockup: str
    page: str
    width: int | None
    least: float
    ignore: tuple[tuple[float, float, float, float], ...] = ()

    @property
    def arguments(self) -> dict[str, Any]:
        """The input of the tool `compare`."""
        names = ("x", "y", "width", "height")
        ignore = [dict(zip(names, area, strict=True)) for area in self.ignore]
        return {"mockup": self.mockup, "page": self.page, "width": self.width, "ignore": ignore}


def read_arguments(args: argparse.Namespace) -> list[PageCheck]:
    """Return the page named by the arguments, else those of the file; raises RemoteError."""
    least = _read_number(args.min, "--min")
    if args.mockup is None:
        if args.url or args.width is not None or args.ignore:
            raise RemoteError(
                "--url, --width and --ignore need a mockup; name it as the first argument."
            )
        return read_file(args.config, least)
    if args.url and args.page:
        raise RemoteError(f"Name either the page {args.page} or --url {args.url}, and not both.")
    page = args.url or args.page
    if not page:
        raise RemoteError("Name the page: its path after the mockup, or its address with --url.")
    areas = tuple(_read_area(area) for area in args.ignore)
    return [PageCheck(_name(page), str(args.mockup), page, args.width, least, areas)]


def read_file(path: Path, least: float) -> list[PageCheck]:
    """Return the pages of a likeness.toml; `least` counts where the file names no `min`."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise RemoteError(
            f"There is no {path}; name a mockup and a page, or write that file with {EXAMPLE}."
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RemoteError(f"{path} cannot be read: {error}.") from None
    usual = _read_number(data.get("min", least), f"{path}: min")
    pages = data.get("page", [])
    if not isinstance(pages, list) or not 0 < len(pages) <= MOST_PAGES:
        raise RemoteError(f"{path} needs 1 to {MOST_PAGES} tables {EXAMPLE}.")
    return [
        _read_page(page, f"{path}, page {number}", usual) for number, page in enumerate(pages, 1)
    ]


def _read_page(table: Any, where: str, least: float) -> PageCheck:
    if not isinstance(table, Mapping):
        raise RemoteError(f"{where} is not a table; use {EXAMPLE}.")
    unknown = [key for key in table if key not in KEYS]
    if unknown:
        raise RemoteError(f"{where} has {unknown[0]!r}; the keys are {', '.join(KEYS)}.")
    if table.get("url") and table.get("page"):
        raise RemoteError(f"{where} has both `url` and `page`; use one of them.")
    page = table.get("url") or table.get("page")
    mockup = table.get("mockup")
    if not isinstance(page, str) or not isinstance(mockup, str):
        raise RemoteError(f"{where} needs texts `mockup` and `url` (or `page`): {EXAMPLE}.")
    width = table.get("width")
    if width is not None and not isinstance(width, int):
        raise RemoteError(f"{where}: width is {width!r}; use a whole number of CSS px.")
    ignore = table.get("ignore", [])
    if not isinstance(ignore, list):
        raise RemoteError(f"{where}: ignore is {ignore!r}; use [[x, y, width, height]].")
    return PageCheck(
        str(table.get("name") or _name(page)),
        mockup,
        page,
        width,
        _read_number(table.get("min", least), f"{where}: min"),
        tuple(_read_sides(area, where) for area in ignore),
    )


def _read_area(text: str) -> tuple[float, float, float, float]:
    return _read_sides(AREA.split(text.strip()), "--ignore")


def _read_sides(area: Any, where: str) -> tuple[float, float, float, float]:
    try:
        x, y, width, height = (float(side) for side in area)
    except (TypeError, ValueError):
        raise RemoteError(
            f"{where}: {area!r} is no area; use x, y, width, height in CSS px."
        ) from None
    return x, y, width, height


def _read_number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise RemoteError(f"{where} is {value!r}; use a likeness from 0 to 1, such as 0.95.")
    return float(value)


def _name(page: str) -> str:
    """Return a short name for a page: the last part of its path."""
    return page.rstrip("/").rpartition("/")[2] or page
