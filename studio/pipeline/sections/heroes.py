"""The first section of a page, in four layouts."""

from __future__ import annotations

from studio.pipeline.outline.schema import Section
from studio.pipeline.sections.markup import Element, make
from studio.pipeline.sections.parts import PageContext, make_link, make_picture

WIDE, TALL, BROAD = (1200, 640), (800, 880), (1600, 800)  # px of pictures
LONG_TITLE = 46  # characters from which a headline is set smaller


def write_hero(page: PageContext, section: Section) -> Element:
    layout = section.layout or "split"
    text = _write_text(page, section)
    alt = page.outline.subject or page.outline.name
    if layout == "split":
        picture = page.pictures.draw_hero(TALL)
        inner = [text, make_picture(picture, alt, TALL, "picture hero__picture")]
    elif layout == "centered":
        picture = page.pictures.draw_hero(WIDE)
        inner = [text, make_picture(picture, alt, WIDE, "picture hero__picture")]
    elif layout == "cover":
        picture = page.pictures.draw_cover(BROAD)
        inner = [make_picture(picture, "", BROAD, "hero__cover"), text]
    else:
        inner = [text]
    row = make("div", *inner, cls="container hero__row")
    return make("section", row, cls=f"hero hero--{layout}", id="hero")


def _write_text(page: PageContext, section: Section) -> Element:
    first, *others = section.actions or (page.labels["call"],)
    links = [make_link(first, page.goal)]
    links += [make_link(label, page.first, "button button--quiet") for label in others[:1]]
    long = len(section.title) > LONG_TITLE
    return make(
        "div",
        make("p", section.eyebrow, cls="eyebrow") if section.eyebrow else None,
        make("h1", section.title, cls="hero__title hero__title--long" if long else "hero__title"),
        make("p", section.text, cls="lead") if section.text else None,
        make("p", *links, cls="actions"),
        cls="hero__text",
    )
