"""Loads pages of a folder in Chromium and notes what stands on them and what their authors called
it (harvest.js).

One JSON line a page and width, appended as they come, so that a harvest that was cut off goes on
where it stopped. Nothing is fetched: a page whose styles lie on other machines is left out by
`dataset`.
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
PATIENCE = 8_000  # ms for one page
# Families that are measured on, and so never trained on.
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
PER_FOLDER = 3  # pages: most of what a template has to say is in its first ones


def find_pages(root: Path, per_folder: int = PER_FOLDER, *, seed: int = 0) -> list[Path]:
    """HTML files worth a look, at most `per_folder` in one folder, none of a held-out family.

    Every folder's first page comes before any folder's second: designs count, not pages.
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
    whole = "<body" in text or "<p" in text
    named = any(name in str(page).lower() for name in HELD_OUT)
    return (
        whole
        and not named
        and 300 < len(text) < 2_000_000
        and not any(name in text for name in HELD_OUT)
    )


def harvest_pages(
    root: Path,
    out: Path,
    *,
    widths: Sequence[int] = WIDTHS,
    packages: Path | None = None,
    seed: int = 0,
) -> int:
    """Facts of every page below `root`, appended to `out` (JSON lines); how many were added.

    A page's own scripts do not run: what they open and close is no part of its design. `packages`:
    see `serve_libraries`.
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
            for fact in (
                _collect_facts(context, path, missing, script, out, name) if missing else ()
            ):
                file.write(json.dumps({"path": name, **fact}) + "\n")
                added += 1
        browser.close()
    return added


def get_picture_path(facts: Path, name: str, width: int) -> Path:
    """Where the picture of page `name` at `width` lies, beside the harvest's `facts`."""
    digest = hashlib.sha1(f"{name} {width}".encode(), usedforsecurity=False).hexdigest()
    return facts.parent / "pictures" / f"{digest}.jpg"


def read_picture(facts: Path, fact: Mapping[str, Any]) -> Image.Image:
    """The page of one fact of `facts` as it was seen, RGB, one px to a CSS px."""
    with Image.open(get_picture_path(facts, fact["path"], fact["width"])) as picture:
        return picture.convert("RGB")


def _collect_facts(
    context: BrowserContext, path: Path, widths: Sequence[int], script: str, facts: Path, name: str
) -> list[dict[str, Any]]:
    """What stands on a page at each width, and its picture; less of them where the page hangs."""
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
    """The pages of a harvest, one at a time."""
    with path.open() as file:
        for line in file:
            if line.endswith("\n"):
                yield json.loads(line)


def _launch_browser() -> str | None:
    import os
    import shutil

    wanted = os.environ.get("LIKENESS_BROWSER")
    return wanted or next(filter(None, map(shutil.which, BROWSERS)), None)
