"""Loads pages of a folder in Chromium and records what is on them and its elements (harvest.js).

One JSON line per page and width is appended as they come, so an interrupted harvest continues where
it stopped. Nothing is fetched: `dataset` leaves out a page whose styles are on other servers.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from studio.pipeline.labelling.training.libraries import serve_libraries

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

SCRIPT = Path(__file__).with_name("harvest.js")
WIDTHS = (1280, 1000)
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
SHORTEST, LONGEST = 300, 2_000_000  # characters of a page
PATIENCE = 8_000  # ms for one page, at most
# Families that are used for measuring, and so never for training.
HELD_OUT = (
    "adminlte",
    "sb-admin",
    "sb admin",
    "startbootstrap",
    "start bootstrap",
    "soft-ui",
    "now-ui",
    "picocss",
    "tufte",
)
HEIGHT = 800
FEWEST_LINES = 5
PER_FOLDER = 3  # pages; a template shows most of its design in the first ones


def find_pages(root: Path, per_folder: int = PER_FOLDER, *, seed: int = 0) -> list[Path]:
    """Return HTML files to harvest, at most `per_folder` in one folder, none of a held-out family.

    Every folder's first page comes before any folder's second, because designs count, not pages.
    """
    rounds: list[list[Path]] = [[] for _ in range(per_folder)]
    for folder in sorted({path.parent for path in root.rglob("*.html")}):
        pages = sorted(
            folder.glob("*.html"), key=lambda path: (path.name != "index.html", path.name)
        )
        for place, page in zip(rounds, filter(_is_worth_loading, pages), strict=False):
            place.append(page)
    for place in rounds:
        random.Random(seed).shuffle(place)
    return [page for place in rounds for page in place]


def _is_worth_loading(page: Path) -> bool:
    try:
        text = page.read_text("utf-8", errors="ignore").lower()
    except OSError:
        return False
    has_content = "<body" in text or "<p" in text
    path = str(page).lower()
    is_held_out = any(name in path or name in text for name in HELD_OUT)
    return has_content and not is_held_out and SHORTEST < len(text) < LONGEST


def harvest_pages(
    root: Path,
    out: Path,
    *,
    widths: Sequence[int] = WIDTHS,
    packages: Path | None = None,
    seed: int = 0,
) -> int:
    """Append facts of every page below `root` to `out` (JSON lines); return how many were added.

    A page's own scripts do not run, because what they open and close is not part of its design.
    `packages`: see `serve_libraries`.
    """
    known = {(fact["path"], fact["width"]) for fact in read_facts(out)} if out.exists() else set()
    pages = find_pages(root, seed=seed)
    added = 0
    (out.parent / "pictures").mkdir(exist_ok=True)
    from playwright.sync_api import sync_playwright

    from studio.pipeline.labelling.training.progress_bar import show_progress

    with sync_playwright() as playwright, out.open("a") as file:
        browser = playwright.chromium.launch(
            executable_path=_launch_browser(), args=["--no-sandbox"]
        )
        context = browser.new_context(offline=True, java_script_enabled=False)
        serve_libraries(context, packages)
        script = SCRIPT.read_text("utf-8")
        for path in show_progress(pages, "harvesting"):
            name = str(path.relative_to(root))
            missing = [width for width in widths if (name, width) not in known]
            if not missing:
                continue
            for fact in _collect_facts(context, path, missing, script, out, name):
                file.write(json.dumps({"path": name, **fact}) + "\n")
                added += 1
        browser.close()
    return added


def get_picture_path(facts: Path, name: str, width: int) -> Path:
    """Return the path of the picture of page `name` at `width`, beside the harvest's `facts`."""
    digest = hashlib.sha1(f"{name} {width}".encode(), usedforsecurity=False).hexdigest()
    return facts.parent / "pictures" / f"{digest}.jpg"


def read_picture(facts: Path, fact: Mapping[str, Any]) -> Image.Image:
    """Return the screenshot of one fact of `facts`, RGB, one px to a CSS px."""
    with Image.open(get_picture_path(facts, fact["path"], fact["width"])) as picture:
        return picture.convert("RGB")


def _collect_facts(
    context: BrowserContext, path: Path, widths: Sequence[int], script: str, facts: Path, name: str
) -> list[dict[str, Any]]:
    """Return what is on a page at each width, and write its picture.

    There are fewer if the page hangs.
    """
    from playwright.sync_api import Error

    page, out = context.new_page(), []
    try:
        page.set_viewport_size({"width": widths[0], "height": HEIGHT})
        page.goto(path.resolve().as_uri(), timeout=PATIENCE, wait_until="load")
        for width in widths:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            fact = page.evaluate(script)
            clip: Any = {"x": 0, "y": 0, "width": width, "height": max(1, fact["height"])}
            shot = page.screenshot(
                type="jpeg", quality=85, full_page=True, clip=clip, timeout=PATIENCE
            )
            get_picture_path(facts, name, width).write_bytes(shot)
            out.append(fact)
    except Error:
        pass
    finally:
        page.close()
    return out


def read_facts(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the pages of a harvest."""
    with path.open() as file:
        for line in file:
            if line.endswith("\n"):
                yield json.loads(line)


def _launch_browser() -> str | None:
    import os
    import shutil

    wanted = os.environ.get("LIKENESS_BROWSER")
    return wanted or next(filter(None, map(shutil.which, BROWSERS)), None)
