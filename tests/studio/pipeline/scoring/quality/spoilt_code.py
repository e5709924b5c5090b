"""A page of good code, and ways of making it worse by degrees: each spoils a superset of the last."""

from __future__ import annotations

import re
from collections.abc import Callable

from bs4 import BeautifulSoup, Tag

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


def page(body: str, sheet: dict[str, str] | None = None, more: str = "") -> Bundle:
    rules = "".join(
        f".{name} {{ {text} }}\n" for name, text in (SHEET if sheet is None else sheet).items()
    )
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Harbour</title>'
    head += '<link rel="stylesheet" href="styles.css">'
    html = f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'
    return Bundle({"index.html": html, "styles.css": ROOT + rules + more})


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


def dead_ruled(share: float) -> Bundle:
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


def rename(share: float, make_name: Callable[[str, int], str]) -> Bundle:
    """Rename that share of the classes, in the sheet and in the page."""
    names = [name for i, name in enumerate(SHEET) if (i * 7) % 10 < 10 * share]
    new_names = {name: make_name(name, i) for i, name in enumerate(names)}
    sheet = {new_names.get(name, name): text for name, text in SHEET.items()}
    soup = BeautifulSoup(BODY, "html.parser")
    for element in soup.find_all(class_=True):
        element["class"] = new_names.get(str(element["class"][0]), element["class"][0])
    return page(str(soup), sheet)


def numbered(share: float) -> Bundle:
    return rename(share, lambda name, place: f"{name}-{place + 2}")


def meaningless(share: float) -> Bundle:
    words = (
        "text group box block div span node part thing item el element object area component frame"
    )
    return rename(share, lambda _, place: words.split()[place])


def single_used(share: float) -> Bundle:
    """Give each of several alike elements a class of its own, in words."""
    soup, elements = share_of(BODY, share, styled)
    sheet = dict(SHEET)
    for i, element in enumerate(elements):
        name = str(element["class"][0])
        own = f"{name}-{'abcdefghijklmnopqrstuvwxyz'[i % 26]}{'abcdefghij'[i // 26]}x"
        sheet[own] = SHEET[name]
        element["class"] = own
    return page(str(soup), sheet)


def off_scale(share: float) -> Bundle:
    sheet = dict(SHEET)
    for i, name in enumerate(SHEET):
        if (i * 7) % 10 < 10 * share:
            sheet[name] += (
                f"; padding-top: {13.7 + i / 3:.2f}px; margin-bottom: {17.3 + i / 7:.2f}px"
            )
    return page(BODY, sheet)


def far_offset(share: float) -> Bundle:
    """Put things where they belong by margins of half a window."""
    names = [name for i, name in enumerate(("lead", "foot", "card-text", "form", "table", "menu"))]
    wide = "".join(
        f".{name} {{ padding-left: {11 + i}rem }}\n"
        for i, name in enumerate(names)
        if i < len(names) * share
    )
    return page(BODY, more=f"@media (min-width: 1200px) {{ {wide} }}\n")


def uneven(share: float) -> Bundle:
    """Give equal cards' titles unequal levels."""
    soup = BeautifulSoup(BODY, "html.parser")
    for title, level in zip(soup.find_all("h2")[: round(3 * share)], (3, 4, 5), strict=False):
        title.name = f"h{level}"
    return page(str(soup))


def level_skipping(share: float) -> Bundle:
    soup, elements = share_of(BODY, share, lambda e: e.name == "h2")
    for element in elements:
        element.insert_after(BeautifulSoup("<h5>By the hour</h5>", "html.parser"))
    return page(str(soup))


def split_by_line(share: float) -> Bundle:
    soup, elements = share_of(BODY, share, lambda e: e.name == "h2")
    for element in elements:
        element.string = f"{element.get_text()} boats and"
        second = BeautifulSoup('<h2 class="card-title">more of them</h2>', "html.parser")
        element.insert_after(second)
    return page(str(soup), {**SHEET, "card-title": "margin: 0; font-size: 1.25rem"})


def empty_boxed(share: float) -> Bundle:
    soup, elements = share_of(BODY, share, styled)
    for element in elements:
        if element.name not in ("tr", "td", "th", "input", "table"):
            element.append(soup.new_tag("div"))
    return page(str(soup))


def wrapped(share: float) -> Bundle:
    soup, elements = share_of(BODY, share, lambda e: e.name in ("h1", "h2", "p", "table", "form"))
    for element in elements:
        element.wrap(soup.new_tag("div")).wrap(soup.new_tag("div"))
    return page(str(soup))


def ruled(share: float) -> Bundle:
    soup, elements = share_of(BODY, share, lambda e: e.name in ("h2", "p", "form", "table"))
    for element in elements:
        element.insert_after(soup.new_tag("hr"))
    return page(str(soup))


def icon_cropped(share: float) -> Bundle:
    soup, elements = share_of(BODY, share, lambda e: e.name in ("h2", "a", "td"))
    for element in elements:
        element.append(soup.new_tag("img", src="icon.png", alt="", width="16", height="16"))
    return page(str(soup))


def strip_cropped(share: float) -> Bundle:
    soup, elements = share_of(BODY, share, lambda e: e.name in ("input", "button", "a", "h2"))
    for element in elements:
        strip = soup.new_tag("img", src="strip.png", alt="", width="200", height="40")
        element.insert_after(strip)
    return page(str(soup))


FIELDS = ("Name", "E-mail", "Phone", "Street", "Town", "Day", "Hour", "Boat")
FORM = "<form>{}</form>".format(
    "".join(f'<label>{name} <input class="field"></label>' for name in FIELDS)
)


def formless(share: float) -> Bundle:
    soup, elements = share_of(
        BODY.replace("</main>", f"{FORM}</main>"), share, lambda e: e.name == "label"
    )
    main = soup.find("main")
    assert isinstance(main, Tag)
    for element in elements:
        if element.input is not None:
            main.append(element.input.extract())
    return page(str(soup))


def header_repeating(share: float) -> Bundle:
    more = '<header class="bar"><a class="brand" href="#">Harbour</a></header>' * round(3 * share)
    return page(BODY.replace("<main>", f"{more}<main>"))


def loose_texted(share: float) -> Bundle:
    """Make paragraphs of what are items, links and cells."""
    soup, elements = share_of(BODY, share, lambda e: e.name in ("th", "h2", "li"))
    for element in elements:
        element.name = "p"
        for link in element.find_all("a"):
            link.name = "span"
        if element.find_parent("table"):
            element.name = "div"
    body = str(soup)
    rows = "".join(
        f'<div class="bar"><p>Boat {i}</p><p>{i} hours</p><p>{8 * i} euros</p></div>'
        for i in range(round(5 * share))
    )
    return page(body.replace("</main>", f"{rows}</main>"))


def misordered(share: float) -> Bundle:
    """Show things in another order than they are written in."""
    names = ("cards", "bar", "menu")
    turned = "".join(
        f".{name} {{ display: flex; flex-direction: row-reverse }} .cards {{ flex-wrap: nowrap }}\n"
        for name in names[: round(3 * share)]
    )
    return page(BODY, more=turned)


def gaping(share: float) -> Bundle:
    """Leave a row's gap between stacked columns."""
    return page(
        BODY, more=f"@media (max-width: 600px) {{ .cards {{ row-gap: {1200 * share:.0f}px }} }}\n"
    )


def sideways(share: float) -> Bundle:
    return page(BODY, more=f".lead {{ width: {390 + 500 * share:.0f}px; max-width: none }}\n")


def edge_touching(share: float) -> Bundle:
    soup, elements = share_of(BODY, share, lambda e: e.name in ("h1", "p", "label", "a", "footer"))
    for element in elements:
        element["data-bleed"] = ""
    bleed = "[data-bleed] { margin-left: -1rem; padding-left: 0; position: static }"
    card = ".card { padding-left: 0; border-left: 0 }"
    return page(str(soup), more=f"@media (max-width: 600px) {{ {bleed} {card} }}\n")
