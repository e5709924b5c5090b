"""Sections that tell: a story, pictures, voices, people, questions, articles, a schedule."""

from __future__ import annotations

from studio.pipeline.outline.schema import Item, Section
from studio.pipeline.sections.markup import Element, make
from studio.pipeline.sections.parts import (
    PageContext,
    make_grid,
    make_head,
    make_picture,
    make_section,
)

SCENE, PERSON, SHOT = (800, 720), (480, 480), (800, 600)  # px of pictures


def write_story(page: PageContext, section: Section) -> Element:
    text = make(
        "div",
        make("p", section.eyebrow, cls="eyebrow") if section.eyebrow else None,
        make("h2", section.title, id="story-title"),
        make("p", section.text, cls="story__text"),
    )
    if section.layout == "text":
        return make_section(section, make("div", text, cls="narrow"))
    picture = page.pictures.draw_scene("story", SCENE)
    alt = section.title
    row = make("div", make_picture(picture, alt, SCENE), text, cls="split")
    return make_section(section, row, tone="tint")


def write_gallery(page: PageContext, section: Section) -> Element:
    layout = section.layout or "grid"
    shots = [
        make(
            "li",
            make(
                "figure",
                make_picture(page.pictures.draw_scene(f"shot {n}", SHOT), "", SHOT),
                make("figcaption", item.title),
            ),
        )
        for n, item in enumerate(section.items)
    ]
    cls = "gallery__list gallery__list--mosaic" if layout == "mosaic" else "gallery__list"
    grid = make_grid(section.columns or 3, *shots, cls=cls)
    return make_section(section, make_head(section), grid)


def write_testimonials(page: PageContext, section: Section) -> Element:
    single = section.layout == "quote"
    shown = section.items[:1] if single else section.items
    quotes = [_write_quote(item, single) for item in shown]
    grid = make_grid(1 if single else section.columns or 3, *quotes)
    return make_section(section, make_head(section), grid, tone="tint")


def _write_quote(item: Item, single: bool) -> Element:
    person = make(
        "p",
        make("strong", item.title),
        make("span", item.detail) if item.detail else None,
        cls="quote__person",
    )
    return make(
        "li",
        make("blockquote", make("p", item.text)),
        person,
        cls="quote quote--single" if single else "card quote",
    )


def write_team(page: PageContext, section: Section) -> Element:
    people = [
        make(
            "li",
            make_picture(page.pictures.draw_person(item.title, PERSON), item.title, PERSON),
            make("h3", item.title),
            make("p", item.detail) if item.detail else None,
            cls="person",
        )
        for item in section.items
    ]
    return make_section(section, make_head(section), make_grid(section.columns or 4, *people))


def write_faq(page: PageContext, section: Section) -> Element:
    questions = [
        make("details", make("summary", item.title), make("p", item.text), open=n == 0)
        for n, item in enumerate(section.items)
    ]
    entries = make("div", *questions, cls="faq__list")
    if section.layout == "split":
        return make_section(
            section, make("div", make_head(section, "faq__head"), entries, cls="split")
        )
    return make_section(section, make_head(section), make("div", entries, cls="narrow"))


def write_posts(page: PageContext, section: Section) -> Element:
    is_list = section.layout == "list"
    cls = "post post--row" if is_list else "post"
    posts = [_write_post(page, item, n, cls) for n, item in enumerate(section.items)]
    grid = make_grid(1 if is_list else section.columns or 3, *posts)
    return make_section(section, make_head(section), grid)


def _write_post(page: PageContext, item: Item, n: int, cls: str) -> Element:
    picture = page.pictures.draw_scene(f"post {n}", SHOT)
    text = make(
        "div",
        make("p", item.detail, cls="post__date") if item.detail else None,
        make("h3", make("a", item.title, href="#posts")),
        make("p", item.text) if item.text else None,
    )
    return make("li", make_picture(picture, "", SHOT), text, cls=cls)


def write_schedule(page: PageContext, section: Section) -> Element:
    entries = [
        make(
            "li",
            make("p", item.detail, cls="schedule__time"),
            make("h3", item.title),
            make("p", item.text) if item.text else None,
        )
        for item in section.items
    ]
    entries_list = make("ol", *entries, cls="schedule__list")
    return make_section(section, make_head(section), entries_list, tone="tint")
