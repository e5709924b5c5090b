"""CodeQuality: facts counted right, and every way of making code worse ranks it lower, the more the
lower.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup, Tag

from studio.pipeline.rendering.render import Renderer, RenderError
from studio.pipeline.scoring.quality.measure import WEIGHTS, CodeQuality, measure_quality
from tests.studio.pipeline.pages import Bundle

SHEET = {
    "page": "max-width: 60rem; margin: 0 auto; padding: 0 1rem",
    "bar": "display: flex; flex-wrap: wrap; gap: 1rem; align-items: center; padding: 1rem 0",
    "brand": "font-weight: 700; color: var(--ink)",
    "menu": "display: flex; flex-wrap: wrap; gap: 1rem; list-style: none; margin: 0; padding: 0",
    "link": "color: var(--accent)",
    "lead": "color: var(--muted); max-width: 36rem",
    "cards": "display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: 1rem",
    "card": "border: 1px solid var(--line); padding: 1rem",
    "card-title": "margin: 0 0 0.5rem; font-size: 1.25rem",
    "card-text": "margin: 0; color: var(--muted)",
    "table": "width: 100%; border-collapse: collapse; margin: 2rem 0",
    "cell": "padding: 0.5rem; border-bottom: 1px solid var(--line); text-align: left",
    "form": "display: grid; gap: 0.5rem; max-width: 20rem",
    "field": "padding: 0.5rem; border: 1px solid var(--line)",
    "button": "padding: 0.5rem 1rem; background: var(--accent); color: var(--paper); border: 0",
    "foot": "padding: 2rem 0; color: var(--muted)",
}
ROOT = (
    ":root { --ink: #1a1a1e; --muted: #4a4a55; --line: #dcdcd5; --accent: #4338ca; --paper: #ffffff }\n"
    "* { box-sizing: border-box }\nbody { margin: 0; color: var(--ink); background: var(--paper) }\n"
)
CARDS = "".join(
    f'<article class="card"><h2 class="card-title">{name}</h2>'
    f'<p class="card-text">{name} boats for a quiet day on the lake, by the hour or by the day.</p></article>'
    for name in ("Small", "Large", "Fast", "Slow", "Old", "New")
)
ROWS = "".join(
    f'<tr><td class="cell">Boat {i}</td><td class="cell">{i} hours</td><td class="cell">{i * 8} euros</td></tr>'
    for i in range(1, 6)
)
BODY = f"""<div class="page"><header class="bar"><a class="brand" href="#">Harbour</a>
<nav aria-label="Main"><ul class="menu"><li><a class="link" href="#">Boats</a></li>
<li><a class="link" href="#">Prices</a></li><li><a class="link" href="#">Contact</a></li></ul></nav></header>
<main><h1>Boats for a quiet day</h1><p class="lead">Electric, easy to steer and ready when you are.</p>
<div class="cards">{CARDS}</div>
<table class="table"><thead><tr><th class="cell">Boat</th><th class="cell">Time</th><th class="cell">Price</th></tr>
</thead><tbody>{ROWS}</tbody></table>
<form class="form"><label for="name">Name</label><input class="field" id="name"><label for="mail">E-mail</label>
<input class="field" id="mail"><button class="button">Book</button></form></main>
<footer class="foot"><p>Lake Road 4</p></footer></div>"""


def page(body: str, sheet: dict[str, str] | None = None) -> Bundle:
    rules = "".join(
        f".{name} {{ {text} }}\n" for name, text in (SHEET if sheet is None else sheet).items()
    )
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Harbour</title>'
    head += '<link rel="stylesheet" href="styles.css">'
    html = f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'
    return Bundle({"index.html": html, "styles.css": ROOT + rules})


def share_of(
    body: str, share: float, chosen: Callable[[Tag], bool]
) -> tuple[BeautifulSoup, list[Tag]]:
    """The page, and every so-manieth of the elements to be spoiled: spread evenly, so that more
    spoils a superset.
    """
    soup = BeautifulSoup(body, "html.parser")
    found = [element for element in soup.find_all(True) if chosen(element)]
    return soup, [element for i, element in enumerate(found) if (i * 7) % 10 < 10 * share]


def styled(element: Tag) -> bool:
    return bool(element.get("class"))


def inlined(share: float) -> Bundle:
    soup, elements = share_of(BODY, share, styled)
    for element in elements:
        element["style"] = "; ".join(
            SHEET[name] for name in element.get_attribute_list("class") if name
        )
        del element["class"]
    return page(str(soup))


def flattened(share: float) -> Bundle:
    soup, elements = share_of(
        BODY, share, lambda e: e.name not in ("div", "input", "tr", "td", "th", "tbody", "thead")
    )
    for element in elements:
        element.name = "div"
        element.attrs.pop("href", None)
    return page(str(soup))


def duplicated(share: float) -> Bundle:
    soup, elements = share_of(BODY, share, styled)
    sheet = dict(SHEET)
    for i, element in enumerate(elements):
        name = str(element.get_attribute_list("class")[0])
        sheet[f"{name}-{i}"] = re.sub(r"var\(--(\w+)\)", r"var(--\1)", SHEET[name])
        element["class"] = f"{name}-{i}"
    return page(str(soup), sheet)


def fixed(share: float) -> Bundle:
    soup, elements = share_of(
        BODY,
        share,
        lambda e: (
            e.get("class", [""])[0]
            in ("page", "bar", "cards", "table", "lead", "foot", "menu", "card", "form", "field")
        ),
    )
    sheet = dict(SHEET)
    for i, element in enumerate(elements):
        name = str(element.get_attribute_list("class")[0])
        sheet[f"{name}-wide-{i}"] = f"width: {941 - 7 * i}px; max-width: none"
        element["class"] = f"{name} {name}-wide-{i}"
    return page(str(soup), sheet)


def absolutised(share: float) -> Bundle:
    soup, elements = share_of(
        BODY, share, lambda e: e.name in ("h1", "h2", "p", "a", "label", "button")
    )
    for i, element in enumerate(elements):
        element["class"] = (
            [*element.get_attribute_list("class"), f"at-{i}"]
            if element.get("class")
            else [f"at-{i}"]
        )
    sheet = dict(SHEET)
    for i in range(len(elements)):
        sheet[f"at-{i}"] = (
            f"position: absolute; left: {33 + 83 * (i % 9)}px; top: {21 + 41 * i}px; width: 171px"
        )
    return page(str(soup), sheet)


def littered(share: float) -> Bundle:
    dead = {f"unused-{i}": "color: #123456; margin: 3px 5px" for i in range(round(40 * share))}
    return page(BODY, {**SHEET, **dead})


def gaudy(share: float) -> Bundle:
    soup, elements = share_of(BODY, share, styled)
    sheet = dict(SHEET)
    for i, element in enumerate(elements):
        name = str(element.get_attribute_list("class")[0])
        sheet[f"odd-{i}"] = (
            f"color: rgb({20 + 3 * i}, 40, {90 - i}); font-size: {14 + i % 13}px; padding: {5 + i % 11}px"
        )
        element["class"] = f"{name} odd-{i}"
    return page(str(soup), sheet)


def malformed(share: float) -> Bundle:
    soup, elements = share_of(BODY, share, lambda e: e.name in ("p", "a", "h1", "h2", "td", "th"))
    for element in elements:
        element.string = f"[b][i]{element.get_text()}[/b][/i]"
    return page(re.sub(r"\[(/?[bi])\]", r"<\1>", str(soup)))


SPOILERS = (inlined, flattened, duplicated, fixed, absolutised, littered, gaudy, malformed)
MEANT = {
    "inlined": "reuse",
    "flattened": "semantics",
    "duplicated": "reuse",
    "fixed": "responsive",
    "absolutised": "flow",
    "littered": "clean",
    "gaudy": "tokens",
    "malformed": "clean",
}


@pytest.fixture(scope="module")
def good(renderer: Renderer) -> CodeQuality:
    return measure_quality(renderer, page(BODY))


def test_good_code_scores_high_in_every_part(good: CodeQuality) -> None:
    assert good.score > 0.93
    assert min(good.parts.values()) > 0.85
    assert sum(WEIGHTS.values()) == pytest.approx(1)
    assert good.score == pytest.approx(
        sum(WEIGHTS[name] * value for name, value in good.parts.items())
    )


@pytest.mark.parametrize("spoil", SPOILERS, ids=lambda spoil: spoil.__name__)
def test_the_more_of_it_is_spoiled_the_lower_it_ranks(
    renderer: Renderer, good: CodeQuality, spoil: Callable[[float], Bundle]
) -> None:
    graded = [good, *(measure_quality(renderer, spoil(share)) for share in (0.3, 0.6, 1.0))]
    scores = [round(one.score, 4) for one in graded]
    assert scores == sorted(set(scores), reverse=True)
    part = MEANT[spoil.__name__]
    assert graded[-1].parts[part] < good.parts[part] - 0.05


def test_what_sticks_out_on_a_phone_costs_that_width(renderer: Renderer, good: CodeQuality) -> None:
    found = measure_quality(
        renderer, page(BODY.replace('class="cards"', 'class="cards" style="width: 700px"'))
    )
    assert found.facts.reflow[390].overflow > 300
    assert found.facts.reflow[1440].overflow == 0
    assert found.parts["responsive"] < good.parts["responsive"] - 0.1


def test_letters_on_letters_are_seen(renderer: Renderer) -> None:
    words = "<p style='margin: 0 0 -18px'>Words that lie on others</p>" * 2
    facts = measure_quality(renderer, page(words)).facts
    assert facts.reflow[1440].covered > 10


def test_letters_that_a_box_hides_are_cut_off(renderer: Renderer) -> None:
    words = "<p style='overflow: hidden; height: 9px'>Words of which the lower half is hidden</p>"
    reader_only = "<span style='position: absolute; width: 1px; height: 1px; overflow: hidden'>Skip to the boats</span>"
    assert measure_quality(renderer, page(words)).facts.reflow[1440].cut > 10
    assert (
        measure_quality(renderer, page(f"<p>All of these words</p>{reader_only}"))
        .facts.reflow[1440]
        .cut
        == 0
    )


def test_broken_accessibility_is_named(renderer: Renderer) -> None:
    facts = measure_quality(
        renderer, page("<main><h3>Boats</h3><img src='a.png'><input></main>")
    ).facts
    assert {"image-alt", "label", "page-has-heading-one"} <= set(facts.broken)


def test_a_blank_page_is_no_good_code(renderer: Renderer) -> None:
    assert 0 <= measure_quality(renderer, page("")).score < 0.75


def test_no_page_is_one_clear_sentence(renderer: Renderer) -> None:
    with pytest.raises(RenderError, match=r"no index\.html"):
        measure_quality(renderer, Bundle({}))
