"""The menu of a page's sidebar folds on narrow screens, without script."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup

from studio.pipeline.codegen.draft import make_draft
from tests.studio.pipeline.codegen.sketch import STORY, Sketch

ENTRIES = ("Overview", "Customers", "Reports", "Messages")


def draft_files(page: Sketch) -> dict[str, str]:
    return dict(make_draft(page.hints(), {}).bundle.files)


def with_sidebar() -> Sketch:
    page = Sketch(height=900).rect(0, 0, 240, 900, "#171a2b")
    page.text(24, 40, "Northwind", size=20, weight=700, color="#ffffff")
    for i, word in enumerate(ENTRIES):
        page.text(24, 114 + 44 * i, word, size=15, color="#aeb4cf")
    return page.text(300, 80, "Overview", size=30, weight=700).paragraph(300, 140, STORY)


def test_a_button_opens_the_menu_of_the_sidebar():
    page = BeautifulSoup(draft_files(with_sidebar())["index.html"], "html.parser")
    button = page.select_one("aside button")
    menu = page.select_one("aside nav")
    assert button["popovertarget"] == menu["id"]
    assert menu.has_attr("popover")
    assert [link.get_text(strip=True) for link in menu.select("a")] == list(ENTRIES)


def test_the_menu_stands_in_its_place_on_wide_screens_and_folds_on_narrow_ones():
    sheet = draft_files(with_sidebar())["styles.css"]
    wide, narrow = sheet.split("@media")
    [in_place] = re.findall(r"\.site-menu \{([^}]*)\}", wide)
    [folded] = re.findall(r"\.site-menu \{([^}]*)\}", narrow)
    assert "position: static" in in_place
    assert "display: block" in in_place
    assert "display: revert" in folded
    [button] = re.findall(r"\.sidebar__toggle \{([^}]*)\}", wide)
    assert "display: none" in button


def test_a_header_has_no_folded_menu():
    page = Sketch().rect(0, 0, 1280, 64, "#222222")
    for i, word in enumerate(ENTRIES):
        page.text(500 + 120 * i, 38, word, color="#ffffff")
    page.text(100, 200, "A quiet day", size=40).paragraph(100, 260, STORY)
    assert "popover" not in draft_files(page)["index.html"]
