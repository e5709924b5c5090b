"""The facts by which code is called keepable are counted right."""

from __future__ import annotations

import pytest

from studio.pipeline.keep import keepability_facts
from studio.pipeline.render import Renderer, RenderError
from tests.studio.pipeline.pages import Bundle, bundle

GOOD = """<!doctype html><meta name=viewport content="width=device-width"><style>*{box-sizing:border-box}</style>
<header><nav><ul><li><a href="#a">A</a><li><a href="#b">B</a></ul></nav></header>
<main><h1>Title</h1><section><h2>Part</h2>
<table><tr><td>1</td></tr></table><form><input><button>Go</button></form></section></main><footer>End</footer>"""
BAD = """<!doctype html><div style="position:absolute;left:10px;top:10px">Words</div>
<div style="position:absolute;left:10px;top:90px;width:600px">More</div><p style="color:red">Styled</p>
<div style="position:absolute;width:10px;height:10px;background:red"></div>"""


def test_good_code_has_meaning_and_fits(renderer: Renderer) -> None:
    facts = keepability_facts(renderer, bundle(GOOD))
    assert (facts.inline_styles, facts.absolute_positioned) == (0, 0)
    assert facts.overflow == {390: 0.0, 768: 0.0}
    counts = {
        "nav": 1,
        "list": 1,
        "table": 1,
        "form": 2,
        "heading": 2,
        "landmark": 4,
        "link": 2,
        "button": 1,
        "image": 0,
    }
    assert facts.elements == counts


def test_rigid_code_is_seen(renderer: Renderer) -> None:
    facts = keepability_facts(renderer, bundle(BAD))
    assert facts.inline_styles == 4
    assert facts.absolute_positioned == 2, "an ornament without words may be placed"
    assert facts.overflow == {390: 220.0, 768: 0.0}


def test_no_page_is_one_clear_sentence(renderer: Renderer) -> None:
    with pytest.raises(RenderError, match=r"no index\.html"):
        keepability_facts(renderer, Bundle({}))
