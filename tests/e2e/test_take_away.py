"""The zip of every stack opens by a double click: a page from the disk, without server or network."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from studio.pipeline.bundle import list_files
from studio.pipeline.stacks import confined as conversions
from studio.pipeline.stacks.kinds import STACKS, Stack
from tests.studio.pipeline.stacks.pages import draft


@pytest.mark.parametrize("stack", STACKS)
def test_the_built_page_opens_from_the_disk(browser: Browser, tmp_path: Path, stack: Stack) -> None:
    for path, data in list_files(conversions.page(draft(), stack)).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "index.html").as_uri())
    expect(page.get_by_role("heading", name="Hourly")).to_be_visible()
    header = page.get_by_role("banner")
    expect(header).to_have_css("background-color", "rgb(11, 110, 143)")
    assert page.get_by_role("img", name="A sail").evaluate("image => image.naturalWidth") == 60
    assert all(url.startswith("file://") for url in asked)
    page.close()
