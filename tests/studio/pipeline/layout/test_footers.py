"""Columns of links under their titles are read one after the other."""

from __future__ import annotations

from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import Sketch


def test_a_logo_beside_its_name_does_not_part_titles_from_their_links():
    page = Sketch(background="#ffffff").picture(70, 82, 40, 34, kind="icon")
    page.text(120, 108, "Homeverse", size=28, weight=700)
    page.text(70, 150, "Dummy text of the trade").text(70, 180, "and of typesetting, as")
    page.text(70, 210, "ever since printers began")
    for x, title in ((510, "Company"), (760, "Services"), (1030, "Care")):
        page.text(x, 106, title, size=22, weight=700)
        for i in range(5):
            page.text(x, 150 + 42 * i, f"{title} link {i}")
    texts = [node.text for node in build_tree(page.hints()).walk() if node.flow == "text"]
    assert texts.index("Company link 0") < texts.index("Services")
