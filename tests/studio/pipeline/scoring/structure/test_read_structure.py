"""What is read from a page: elements, components, landmarks, counts, and places at two widths."""

from __future__ import annotations

from studio.pipeline.bundle import Bundle
from studio.pipeline.rendering.page_files import make_bundle_site
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.structure.outline import (
    OutlineText,
    PageStructure,
    read_structure,
    strip_modifiers,
)

PAGE = """<!doctype html><html lang="en"><head><title>Tea</title>
<meta name="viewport" content="width=device-width"><style>
body{margin:0;font:16px/24px "Liberation Sans"} .cards{display:flex;gap:2.1rem} .card{flex:1;margin-left:-4px}
@media (max-width:600px){.cards{display:block} .wide{display:none}}
</style></head><body>
<header class="site-header"><nav><a href="/" class="link">Home</a>
<a href="/shop" class="btn btn-large">Shop</a></nav></header>
<main><h1>North Street Tea</h1><p class="wide">Leaves from three gardens.</p>
<div class="cards"><div class="card"><h2>Green</h2><span>Sencha</span></div>
<div class="card-2"><h2>Black</h2><span>Assam</span></div></div>
<ul><li>Open daily</li><li><p>Closed on Mondays</p></li></ul>
<table><tr><th>Tea</th><th>Price</th></tr><tr><td>Assam first flush</td><td>$4</td></tr></table>
<table role="presentation"><tr><td>Placed by a table</td></tr></table>
<form><label for="mail">Your mail</label><input id="mail" placeholder="ada@example.org"><button>Send</button></form>
<div></div><hr></main><div class="footer">The end</div></body></html>"""


def read(renderer: Renderer, page: str = PAGE) -> PageStructure:
    return read_structure(renderer, make_bundle_site(Bundle({"index.html": page})))


def find(structure: PageStructure, words: str) -> OutlineText:
    return next(text for text in structure.wide.texts if text.text == words)


def test_each_text_has_the_kind_of_its_element(renderer: Renderer) -> None:
    structure = read(renderer)
    kinds = {text.text: text.kind for text in structure.wide.texts}
    assert kinds == {
        "Home": "link",
        "Shop": "button link",
        "North Street Tea": "heading",
        "Leaves from three gardens.": "text",
        "Green": "heading",
        "Sencha": "text",
        "Black": "heading",
        "Assam": "text",
        "Open daily": "item",
        "Closed on Mondays": "text",
        "Tea": "cell",
        "Price": "cell",
        "Assam first flush": "cell",
        "$4": "cell",
        "Placed by a table": "text",
        "Your mail": "label",
        "ada@example.org": "field",
        "Send": "button",
        "The end": "text",
    }


def test_headings_have_their_level_and_other_texts_none(renderer: Renderer) -> None:
    structure = read(renderer)
    levels = [text.level for text in structure.wide.texts]
    assert [level for level in levels if level] == [1, 2, 2]


def test_a_text_without_a_class_is_named_from_the_next_element_that_has_one(
    renderer: Renderer,
) -> None:
    structure = read(renderer)
    assert find(structure, "Home").component == "a.link"
    assert find(structure, "Green").component == "div>h2.card"
    assert find(structure, "Open daily").component == "body>main>ul>li"


def test_states_and_variants_are_no_part_of_a_components_name(renderer: Renderer) -> None:
    assert strip_modifiers(["plan", "plan--popular"]) == ["plan"]
    assert strip_modifiers(["btn", "btn-primary"]) == ["btn"]
    page = '<p class="step is-active current">One</p><p class="step">Two</p>'
    structure = read(renderer, f"<!doctype html><title>T</title><body>{page}")
    assert find(structure, "One").component == find(structure, "Two").component == "p.step"


def test_landmarks_are_stated_by_elements_or_only_called_so(renderer: Renderer) -> None:
    landmarks = read(renderer).wide.landmarks
    assert [(mark.kind, mark.stated) for mark in landmarks] == [
        ("header", True),
        ("nav", True),
        ("form", True),
        ("footer", False),
    ]


def test_a_phone_shows_what_is_left_at_its_places(renderer: Renderer) -> None:
    structure = read(renderer)
    narrow = {text.id: text for text in structure.narrow.texts}
    assert structure.narrow.width == 390
    assert find(structure, "Leaves from three gardens.").id not in narrow
    wide = find(structure, "Black")
    assert narrow[wide.id].text == "Black"
    assert narrow[wide.id].box.x < 10 < wide.box.x


def test_counts_are_those_of_the_page(renderer: Renderer) -> None:
    counts = read(renderer).counts
    expected = {
        "numbered": 1,
        "alone": 5,  # link, btn, btn-large, card and card-2
        "rems": 1,
        "offScale": 1,
        "negative": 1,
        "far": 0,
        "emptyDivs": 1,
        "rules": 1,
        "images": 0,
        "headers": 1,
        "mains": 1,
    }
    assert {name: counts[name] for name in expected} == expected
