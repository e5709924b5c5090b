"""One real browser per test module."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from studio.pipeline.browser import find_browser
from tests.processes import UNSAFE


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = find_browser(os.environ.get("LIKENESS_BROWSER"))
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's loop runs in the tests' thread; they use the database between its calls, never during one.
        patch.setenv(UNSAFE, "true")
        yield playwright.chromium.launch(executable_path=path, chromium_sandbox=os.geteuid() != 0)
