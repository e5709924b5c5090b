"""The browser with which commands visit a studio that they started."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright


def launch_browser(playwright: Playwright) -> Browser:
    """Return the browser that the setting BROWSER names, in a sandbox unless this process is root.

    Raises BrowserMissing.
    """
    from studio.pipeline.rendering.browser import find_browser

    return playwright.chromium.launch(
        executable_path=find_browser(settings.BROWSER), chromium_sandbox=os.geteuid() != 0
    )
