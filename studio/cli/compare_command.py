"""`likeness compare`: measure pages against their mockups on this machine, for people and for CI."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from studio.cli.compare_report import (
    CheckedPage,
    list_outcomes,
    make_file_name,
    write_folder,
    write_lines,
)
from studio.cli.errors import RemoteError, describe_os_error, make_printable
from studio.cli.local_options import LocalOptions
from studio.cli.page_checks import PageCheck, read_arguments

LEAST = 0.95  # likeness; people call pages above it alike (docs/results.md)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `likeness compare`."""
    parser.add_argument(
        "mockup", nargs="?", help="the mockup; without one, pages and mockups of --config"
    )
    parser.add_argument("page", nargs="?", help="the page's HTML file or folder")
    parser.add_argument("--url", help="the page's address instead, such as http://localhost:3000/")
    parser.add_argument("--width", type=int, help="the mockup's width in CSS px (default: found)")
    parser.add_argument(
        "--min", type=float, default=LEAST, help=f"the likeness that passes (default {LEAST})"
    )
    parser.add_argument(
        "--ignore",
        action="append",
        default=[],
        metavar="X,Y,WIDTH,HEIGHT",
        help="an area that is not compared, in CSS px; may be repeated",
    )
    parser.add_argument(
        "--config", type=Path, default=Path("likeness.toml"), help="default: likeness.toml"
    )
    parser.add_argument("--out", type=Path, help="folder for report.md, report.json and pictures")
    parser.add_argument(
        "--picture-base", default="", help="the address below which report.md finds the pictures"
    )
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")
    parser.add_argument(
        "--browser", default=os.environ.get("LIKENESS_BROWSER", ""), help="the path of a Chromium"
    )
    parser.set_defaults(run_here=run)


def run(args: argparse.Namespace) -> int:
    """Return 0 when every page passes, 1 when one does not, 2 when none could be measured."""
    checks = read_arguments(args)
    pages = _measure(checks, args.browser, with_pictures=args.out is not None)
    if args.out is not None:
        _write_folder(pages, args.out, args.picture_base)
    print(json.dumps(list_outcomes(pages), indent=2) if args.json else write_lines(pages))
    if all(page.error for page in pages):
        return 2
    return 0 if all(page.passes for page in pages) else 1


def _write_folder(pages: Sequence[CheckedPage], folder: Path, picture_base: str) -> None:
    try:
        write_folder(pages, folder, picture_base)
    except OSError as error:
        raise RemoteError(
            f"{folder} cannot be written: {error.strerror}; choose another folder with --out."
        ) from None


def _measure(
    checks: Sequence[PageCheck], browser: str, *, with_pictures: bool
) -> list[CheckedPage]:
    # Imported here because the studio's libraries are not installed with the command.
    from studio.cli.local_bench import open_workbench
    from studio.pipeline.rendering.render import BrowserMissing

    # A person names these paths and addresses, so any of them may be read.
    options = LocalOptions((Path(), Path("/")), any_host=True, browser=browser)
    pages: list[CheckedPage] = []
    try:
        with open_workbench(options) as bench:
            for number, check in enumerate(checks, 1):
                print(make_printable(f"{check.name} …"), file=sys.stderr)
                pages.append(_measure_page(bench, number, check, with_pictures))
    except BrowserMissing as error:
        raise RemoteError(str(error)) from None
    return pages


def _measure_page(bench: object, number: int, check: PageCheck, with_pictures: bool) -> CheckedPage:
    from studio.pipeline.tools.calls import call_tool
    from studio.pipeline.tools.results import ToolError
    from studio.pipeline.tools.workbench import Workbench

    assert isinstance(bench, Workbench)
    try:
        result = call_tool(bench, "compare", {**check.arguments, "pictures": with_pictures})
    except ToolError as error:
        return CheckedPage(check, {}, str(error))
    except OSError as error:  # a file beside the page that may not be read
        return CheckedPage(check, {}, describe_os_error(error))
    pictures = tuple(
        (make_file_name(number, check.name, str(place)), picture.png)
        for place, picture in enumerate(result.pictures, 1)
    )
    return CheckedPage(check, result.data, pictures=pictures)
