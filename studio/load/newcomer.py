"""A newcomer's journey from the start page to a fixed difference and a zip, in a real browser."""

from __future__ import annotations

import base64
import io
import re
import time
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.load.scripted_answers import SAMPLE
from studio.processes.trial_studio import Trial
from studio.runs import samples

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

WINDOW = (1440, 900)  # px, width and height
TOTAL_SECONDS = 600.0  # for the whole journey; what takes longer is an error
CALL_SECONDS = 20.0  # for one call of the browser
EVERY = 1.0  # seconds between two frames
LOOK = 100  # ms between two looks whether something happened
EMAIL, PASSWORD = "newcomer@example.org", "a boat for a quiet day"
MAILED = re.compile(r"https?://\S+(/sign-up/\S+)")
DROP = """([data, name]) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], name, { type: "image/png" }));
    const event = new Event("drop", { bubbles: true, cancelable: true });
    event.dataTransfer = transfer;
    document.body.dispatchEvent(event);
}"""


class JourneyError(Exception):
    """The journey did not end in time; says at which step it was."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A step that was reached: seconds and clicks since the beginning, and the frame that shows it."""

    name: str
    seconds: float
    clicks: int
    frame: str


@dataclass(slots=True)
class Journey:
    """What was done and seen. Likeness (0 to 1) is of the first result and of the fixed one."""

    moments: list[Moment] = field(default_factory=list)
    frames: int = 0
    worst: str = ""  # the difference that was fixed
    likeness: float = 0.0
    likeness_fixed: float = 0.0
    zip_files: int = 0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class Newcomer:
    """Walks through a studio in one window; counts clicks, stores a frame each second in `folder`."""

    def __init__(self, browser: Browser, studio: Trial, folder: Path) -> None:
        width, height = WINDOW
        context = browser.new_context(
            base_url=studio.address, viewport={"width": width, "height": height}
        )
        context.set_default_timeout(1000 * CALL_SECONDS)
        self._page: Page = context.new_page()
        self._studio, self._folder = studio, folder
        self._journey = Journey()
        self._began = time.monotonic()
        self._clicks = 0
        self._framed = float("-inf")  # seconds at the last frame
        self._step = "start page"

    def walk(self) -> Journey:
        """Walk to the end and return the journey. Raises JourneyError."""
        try:
            self._sign_up()
            self._drop_mockup()
            self._journey.likeness = self._wait_for_result("result")
            self._fix_worst_difference()
            self._journey.likeness_fixed = self._wait_for_result("fixed")
            self._take_zip()
        finally:
            self._page.context.close()
        return self._journey

    def _sign_up(self) -> None:
        page = self._page
        page.goto("/")
        self._reach("start page")
        self._click(page.locator("a[href$='/sign-up']"))
        page.fill("#email", EMAIL)
        self._click(page.locator("form.door button.main"))
        mailed = self._wait(lambda: MAILED.search(self._studio.log.read_text()))
        self._clicks += 1  # on the link in the mail
        page.goto(mailed[1])
        page.fill("[name=password]", PASSWORD)
        self._click(page.locator("form.door button.main"))
        self._wait(lambda: page.locator("#mockup").count())
        self._reach("signed up")

    def _drop_mockup(self) -> None:
        page = self._page
        picture = base64.b64encode(samples.open_sample(SAMPLE).read()).decode()
        self._wait(lambda: page.evaluate("customElements.get('mockup-drop') !== undefined"))
        page.evaluate(DROP, [picture, f"{SAMPLE}.png"])
        self._wait(lambda: page.locator(".chosen img").count())
        self._reach("mockup dropped")
        self._click(page.get_by_role("button", name="Generate"))
        self._wait(lambda: "/runs/" in page.url)
        self._wait(lambda: page.locator("#outcome .seen, #outcome iframe").count())
        self._reach("recognized texts shown")

    def _wait_for_result(self, name: str) -> float:
        """Wait until the run is over and return the likeness of its best version."""
        page = self._page
        self._wait(lambda: page.locator("run-live[data-over] .state.finished").count())
        self._wait(lambda: page.locator("#outcome iframe").count())
        self._reach(name)
        return float(page.inner_text("#likeness").removesuffix(" %")) / 100

    def _fix_worst_difference(self) -> None:
        page, first = self._page, self._page.url
        worst = page.locator("#differences .differences li").first
        self._journey.worst = worst.locator(".words").inner_text()
        self._click(worst.locator("[data-goto]"))
        self._reach("worst difference opened")
        self._click(worst.locator("[data-fix]"))
        self._click(page.locator(".ask-more [type=submit]"))
        self._wait(lambda: "/runs/" in page.url and page.url != first)
        self._reach("fix asked for")

    def _take_zip(self) -> None:
        page = self._page
        self._click(page.locator(".export-menu summary"))
        with page.expect_download() as started:
            self._click(page.locator(".export-menu a[download]"))
        with zipfile.ZipFile(started.value.path()) as archive:
            self._journey.zip_files = len(archive.namelist())
        self._reach("zip downloaded")

    def _click(self, target: Locator) -> None:
        self._clicks += 1
        target.click()
        self._take_due_frame()

    def _wait(self, look: Callable[[], Any]) -> Any:
        """Return the first true thing that `look` returns; take frames meanwhile."""
        while not (found := self._look(look)):
            if self._elapsed() > TOTAL_SECONDS:
                raise JourneyError(f"After {TOTAL_SECONDS:g} s the newcomer is at: {self._step}.")
            self._take_due_frame()
            self._page.wait_for_timeout(LOOK)
        return found

    def _look(self, look: Callable[[], Any]) -> Any:
        from playwright.sync_api import Error

        try:
            return look()
        except Error:  # the page that was asked is gone, and the next one not there yet
            return None

    def _reach(self, name: str) -> None:
        self._step = name
        moment = Moment(name, round(self._elapsed(), 1), self._clicks, self._take_frame())
        self._journey.moments.append(moment)

    def _take_due_frame(self) -> None:
        if self._elapsed() - self._framed >= EVERY:
            self._take_frame()

    def _take_frame(self) -> str:
        """Store what the window shows now and return the file's name; "" if it could not be drawn."""
        from PIL import Image
        from playwright.sync_api import Error

        self._framed = self._elapsed()
        name = f"{self._journey.frames:04}.png"
        try:
            picture = self._page.screenshot(timeout=1000 * CALL_SECONDS)
        except Error:  # a page between two others
            return ""
        Image.open(io.BytesIO(picture)).convert("RGB").save(self._folder / name)
        self._journey.frames += 1
        return name

    def _elapsed(self) -> float:
        return time.monotonic() - self._began
