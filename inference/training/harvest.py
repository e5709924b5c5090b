"""Loads pages of a folder in Chromium and notes what stands on them and what their authors called it (harvest.js).

One JSON line a page and width, appended as they come, so that a harvest that was cut off goes on where it stopped.
Nothing is fetched: a page whose styles lie on other machines is left out by `dataset`.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).with_name("harvest.js")
WIDTHS = (1280, 1000)
PATIENCE = 8_000  # ms for one page
# Families that are measured on, and so never trained on.
HELD_OUT = (
    "adminlte", "sb-admin", "sb admin", "startbootstrap", "start bootstrap", "soft-ui", "now-ui", "picocss", "tufte",
)  # fmt: skip
PER_FOLDER = 6  # pages: most of what a template has to say is in its first ones


def find_pages(root: Path, per_folder: int = PER_FOLDER) -> list[Path]:
    """HTML files worth a look, at most `per_folder` in one folder, none of a held-out family."""
    found: list[Path] = []
    for folder in sorted({path.parent for path in root.rglob("*.html")}):
        pages = sorted(folder.glob("*.html"), key=lambda path: (path.name != "index.html", path.name))
        found += [page for page in pages if _is_worth(page)][:per_folder]
    return found


def _is_worth(page: Path) -> bool:
    try:
        text = page.read_text("utf-8", errors="ignore").lower()
    except OSError:
        return False
    whole = "<body" in text or "<p" in text
    return whole and 300 < len(text) < 2_000_000 and not any(name in text for name in HELD_OUT)


def harvest(root: Path, out: Path, *, widths: Sequence[int] = WIDTHS, seed: int = 0) -> int:
    """Facts of every page below `root`, appended to `out` (JSON lines); how many were added."""
    known = {(fact["path"], fact["width"]) for fact in read_facts(out)} if out.exists() else set()
    pages = find_pages(root)
    random.Random(seed).shuffle(pages)
    added = 0
    from playwright.sync_api import Error, sync_playwright

    from inference.training.progress import track

    with sync_playwright() as playwright, out.open("a") as file:
        browser = playwright.chromium.launch(executable_path=_browser(), args=["--no-sandbox"])
        context = browser.new_context(offline=True)
        script = SCRIPT.read_text("utf-8")
        for path in track(pages, "harvesting"):
            name = str(path.relative_to(root))
            for width in widths:
                if (name, width) in known:
                    continue
                page = context.new_page()
                try:
                    page.set_viewport_size({"width": width, "height": 800})
                    page.goto(path.resolve().as_uri(), timeout=PATIENCE, wait_until="load")
                    page.wait_for_timeout(60)
                    fact = page.evaluate(script)
                    file.write(json.dumps({"path": name, **fact}) + "\n")
                    added += 1
                except Error:
                    pass
                finally:
                    page.close()
        browser.close()
    return added


def read_facts(path: Path) -> Iterator[dict[str, Any]]:
    """The pages of a harvest, one at a time."""
    with path.open() as file:
        for line in file:
            if line.endswith("\n"):
                yield json.loads(line)


def _browser() -> str | None:
    import os
    import shutil

    wanted = os.environ.get("LIKENESS_BROWSER")
    return wanted or next((found for name in ("chromium", "google-chrome") if (found := shutil.which(name))), None)
