"""`manage.py screenshots`: the screenshots in docs/, of a sample run in a temporary studio."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from PIL import Image

from studio.processes.trial_studio import Trial, run_trial_studio
from studio.runs import samples

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SAMPLE = "harbour"
WIDTHS = (1280, 390)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WAYS = ("slider", "blocks")
PATIENCE = 120_000  # ms for the run


class Command(BaseCommand):
    help = "Take pictures of the start page, of a run's page and of ways to compare, light and dark, wide and narrow."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--out", type=Path, default=Path(settings.BASE_DIR) / "docs" / "pictures"
        )

    def handle(self, *args: Any, out: Path, **options: Any) -> None:
        from playwright.sync_api import sync_playwright

        from studio.pipeline.rendering.browser import find_browser

        out.mkdir(parents=True, exist_ok=True)
        path = find_browser(settings.BROWSER)
        with run_trial_studio(MODEL_URL="none") as studio, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=path, chromium_sandbox=os.geteuid() != 0
            )
            with studio.client() as client:
                run = studio.start_run(client, samples.open_sample(SAMPLE).read())
            for scheme in SCHEMES:
                for width in WIDTHS:
                    for name, address in (("run", run), ("start", "/")):
                        file = out / f"{name}-{scheme}-{width}.webp"
                        take_picture(browser, studio, address, scheme, width).save(file, quality=80)
                        self.stdout.write(str(file))
                for way in WAYS:
                    file = out / f"{way}-{scheme}-1280.webp"
                    take_picture(browser, studio, run, scheme, WIDTHS[0], way).save(
                        file, quality=80
                    )
                    self.stdout.write(str(file))


def take_picture(
    browser: Browser,
    studio: Trial,
    address: str,
    scheme: Literal["light", "dark"],
    width: int,
    way: str = "",
) -> Image.Image:
    """Take a picture of the whole page after its run, or of a window in the compare mode `way`."""
    context = browser.new_context(
        base_url=studio.address, color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    context.add_cookies(
        [{"name": n, "value": v, "url": studio.address} for n, v in studio.cookies.items()]
    )
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector(".state.finished", timeout=PATIENCE)
    page.wait_for_load_state("networkidle")
    if way:
        page.locator(f"[name=mode][value={way}]").check(force=True)
    else:  # frames outside the viewport are not drawn
        page.set_viewport_size(
            {"width": width, "height": page.evaluate("document.documentElement.scrollHeight")}
        )
    page.wait_for_timeout(1000)
    png = page.screenshot()
    context.close()
    return Image.open(io.BytesIO(png)).convert("RGB")
