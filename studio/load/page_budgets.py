"""What a page costs its visitor, measured in a real browser: script, first paint, layout shift."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

MOST_NAMED = 5  # parts that moved, in a report
SETTLED = 1000  # ms until sockets, late pictures and scripts have come
PAINT_SECONDS = 30.0  # after which a page counts as empty
GAP, WINDOW = 1000.0, 5000.0  # ms between two shifts of one window, and of a whole window
# ms since navigation started
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
WATCH_SHIFTS = Path(__file__).with_name("watch_shifts.js")  # runs before a page's own scripts


@dataclass(frozen=True, slots=True)
class Budgets:
    """The most that a page may cost."""

    script_bytes: int = 300_000  # as sent, so packed; the editor is most of it
    paint_ms: float = 300.0  # of the first paint over loopback, files in the browser's cache
    # Cumulative layout shift; up to 0.1 is called good for pages that do not stream.
    shift: float = 0.02


BUDGETS = Budgets()


@dataclass(frozen=True, slots=True)
class Shift:
    """One moment at which parts of a page moved without an input."""

    at: float  # ms since the page's beginning
    value: float  # share of the window that moved, times how far
    parts: tuple[str, ...]  # like CSS selectors


@dataclass(frozen=True, slots=True)
class PageFigures:
    """What was measured of one page; None: not measured there."""

    name: str
    width: int  # of the window, px
    script_bytes: int | None
    paint_ms: float | None
    shift: float
    moved: tuple[str, ...]  # parts that moved, most first

    def list_exceeded(self, budgets: Budgets = BUDGETS) -> list[str]:
        """Return the names of the budgets that the page exceeds."""
        pairs = {
            "script": (self.script_bytes, budgets.script_bytes),
            "paint": (self.paint_ms, budgets.paint_ms),
            "shift": (self.shift, budgets.shift),
        }
        return [name for name, (found, most) in pairs.items() if found is not None and found > most]

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "exceeded": self.list_exceeded()}


def measure_page(
    context: BrowserContext, name: str, width: int, path: str, times: int
) -> PageFigures:
    """Open the page once with an empty cache, then `times` with a filled one.

    Script is what the first visit received; first paint is the median of the others, shift their worst.
    """
    page = watch_page(context)
    script = measure_script(page, path)
    paints: list[float] = []
    worst: list[Shift] = []
    for _ in range(times):
        paints.append(measure_first_paint(page, path))
        page.wait_for_timeout(SETTLED)
        found = read_shifts(page)
        worst = max(worst, found, key=compute_shift)
    page.close()
    paint = round(statistics.median(paints), 1)
    return PageFigures(name, width, script, paint, *summarize_shifts(worst))


def watch_page(context: BrowserContext) -> Page:
    """Open a tab whose pages count their shifts."""
    page = context.new_page()
    page.add_init_script(path=WATCH_SHIFTS)
    return page


def measure_script(page: Page, path: str) -> int:
    """Return the bytes of script that a visit with an empty cache receives, as they were sent."""
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.clearBrowserCache")
    scripts: set[str] = set()
    received: dict[str, int] = {}

    def note_answer(event: dict[str, Any]) -> None:
        if event["type"] == "Script":
            scripts.add(event["requestId"])

    def note_end(event: dict[str, Any]) -> None:
        received[event["requestId"]] = int(event["encodedDataLength"])

    network.on("Network.responseReceived", note_answer)
    network.on("Network.loadingFinished", note_end)
    page.goto(path)
    page.wait_for_timeout(SETTLED)
    network.detach()
    return sum(size for request, size in received.items() if request in scripts)


def measure_first_paint(page: Page, path: str) -> float:
    """Open the page and return the ms to its first paint of text or a picture.

    Raises RuntimeError for a page that paints nothing within PAINT_SECONDS.
    """
    page.goto(path)
    deadline = time.monotonic() + PAINT_SECONDS
    while (painted := page.evaluate(FIRST_PAINT)) is None:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{path} painted nothing within {PAINT_SECONDS:g} s.")
        page.wait_for_timeout(20)
    return float(painted)


def read_shifts(page: Page) -> list[Shift]:
    """Return the shifts of a watched page since it was opened."""
    found = page.evaluate("window.layoutShifts")
    shifts = [Shift(shift["at"], shift["value"], tuple(shift["parts"])) for shift in found]
    return sorted(shifts, key=lambda shift: shift.at)


def summarize_shifts(shifts: Sequence[Shift]) -> tuple[float, tuple[str, ...]]:
    """Return the cumulative layout shift and the parts that moved, those of the largest shifts first."""
    ordered = sorted(shifts, key=lambda shift: -shift.value)
    parts = dict.fromkeys(part for shift in ordered for part in shift.parts)
    return round(compute_shift(shifts), 4), tuple(parts)[:MOST_NAMED]


def compute_shift(shifts: Sequence[Shift]) -> float:
    """Return the cumulative layout shift: the worst window's sum, as Core Web Vitals define it.

    A window ends after 1 s without a shift, and after 5 s.
    """
    worst = total = 0.0
    first = last = float("-inf")
    for shift in shifts:
        if shift.at - last > GAP or shift.at - first > WINDOW:
            total, first = 0.0, shift.at
        total, last = total + shift.value, shift.at
        worst = max(worst, total)
    return worst
