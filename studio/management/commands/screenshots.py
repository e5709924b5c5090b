"""`manage.py screenshots`: the screenshots in docs/, of a sample run in a temporary studio.

With --all: every view at every width in both themes, to be looked at after a change of the pages.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from PIL import Image

from studio.load.browsers import launch_browser
from studio.processes.trial_studio import Trial, run_trial_studio
from studio.runs import samples

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SAMPLE = "harbour"
SIZES = {1440: 900, 1024: 768, 390: 844}  # widths and heights of the windows
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PATIENCE = 120_000  # ms for the run
SETTLED = 1000  # ms in which frames are drawn and pictures fade in


@dataclass(frozen=True, slots=True)
class View:
    """One picture of docs/: an address and what is chosen there.

    `run`: the address is below the run's. `choose`: the radio buttons to check, by name.
    """

    name: str
    path: str = ""
    run: bool = True
    choose: tuple[tuple[str, str], ...] = ()
    in_docs: bool = False


VIEWS = (
    View("run", in_docs=True),
    View("start", "/", run=False, in_docs=True),
    View("preview", choose=(("tab", "preview"),)),
    View("slider", choose=(("mode", "slider"),), in_docs=True),
    View("blocks", choose=(("mode", "blocks"),), in_docs=True),
    View("code", choose=(("tab", "code"),), in_docs=True),
    View("scores", choose=(("side", "scores"), ("panel", "inspector"))),
    View("conversation", choose=(("panel", "conversation"),)),
    View("library", "/library", run=False),
    View("share", "share"),
    View("team", "/teams/1/", run=False),
)
DOCS_SIZES = {"run": (1440, 390), "start": (1440, 390)}  # other views of docs/: the widest only


class Command(BaseCommand):
    help = "Take pictures of the start page, of a run's page and of ways to compare, light and dark, wide and narrow."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--out", type=Path, default=Path(settings.BASE_DIR) / "docs" / "pictures"
        )
        parser.add_argument("--all", action="store_true", help="every view at every width")

    def handle(self, *args: Any, out: Path, **options: Any) -> None:
        from playwright.sync_api import sync_playwright

        out.mkdir(parents=True, exist_ok=True)
        with run_trial_studio(MODEL_URL="none") as studio, sync_playwright() as playwright:
            browser = launch_browser(playwright)
            with studio.client() as client:
                run = studio.start_run(client, samples.open_sample(SAMPLE).read())
            _wait_for_run(browser, studio, run)
            for view, width in _list_pictures(everything=options["all"]):
                for scheme in SCHEMES:
                    file = out / f"{view.name}-{scheme}-{width}.webp"
                    take_picture(browser, studio, run, view, scheme, width).save(file, quality=80)
                    self.stdout.write(str(file))


def _list_pictures(*, everything: bool) -> list[tuple[View, int]]:
    if everything:
        return [(view, width) for view in VIEWS for width in SIZES]
    shown = [view for view in VIEWS if view.in_docs]
    return [(view, width) for view in shown for width in DOCS_SIZES.get(view.name, (1440,))]


def _wait_for_run(browser: Browser, studio: Trial, run: str) -> None:
    page = _open_page(browser, studio, run, "light", 1440)
    page.wait_for_selector(".state.finished", timeout=PATIENCE)
    page.context.close()


def _open_page(
    browser: Browser,
    studio: Trial,
    address: str,
    scheme: Literal["light", "dark"],
    width: int,
) -> Page:
    context = browser.new_context(
        base_url=studio.address,
        color_scheme=scheme,
        viewport={"width": width, "height": SIZES[width]},
    )
    context.add_cookies(
        [{"name": n, "value": v, "url": studio.address} for n, v in studio.cookies.items()]
    )
    page = context.new_page()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.reload()  # the font is cached now, as for anybody who comes a second time
    page.wait_for_load_state("networkidle")
    return page


def take_picture(
    browser: Browser,
    studio: Trial,
    run: str,
    view: View,
    scheme: Literal["light", "dark"],
    width: int,
) -> Image.Image:
    """Take a picture of a window that shows the view."""
    address = f"{run}{view.path}" if view.run else view.path
    page = _open_page(browser, studio, address, scheme, width)
    for name, value in view.choose:
        page.locator(f"[name={name}][value={value}]").evaluate("radio => radio.click()")
    page.wait_for_timeout(SETTLED)
    png = page.screenshot()
    page.context.close()
    return Image.open(io.BytesIO(png)).convert("RGB")
