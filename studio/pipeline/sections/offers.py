"""Sections that say what there is to have: features, steps, products, a menu, prices, figures."""

from __future__ import annotations

from studio.pipeline.outline.schema import Item, Section
from studio.pipeline.sections.icons import choose_icons, draw_icon
from studio.pipeline.sections.markup import Element, make
from studio.pipeline.sections.parts import (
    PageContext,
    make_grid,
    make_head,
    make_link,
    make_picture,
    make_section,
)

GOODS = (640, 560)  # px of a product's picture


def write_features(page: PageContext, section: Section) -> Element:
    icons = choose_icons([f"{item.title} {item.text}" for item in section.items])
    layout = section.layout or "cards"
    columns = 1 if layout == "rows" else section.columns or 3
    cls = "feature card" if layout == "cards" else f"feature feature--{layout}"
    items = [
        make(
            "li",
            make("span", draw_icon(icon), cls="icon-box"),
            make("h3", item.title),
            make("p", item.text) if item.text else None,
            cls=cls,
        )
        for icon, item in zip(icons, section.items, strict=True)
    ]
    return make_section(section, make_head(section), make_grid(columns, *items))


def write_steps(page: PageContext, section: Section) -> Element:
    items = [
        make("li", make("h3", item.title), make("p", item.text) if item.text else None, cls="step")
        for item in section.items
    ]
    grid = make_grid(section.columns or 3, *items, name="ol", cls="steps__list")
    return make_section(section, make_head(section), grid, tone="tint")


def write_products(page: PageContext, section: Section) -> Element:
    rows = section.layout == "rows"
    cls = "product product--row" if rows else "product"
    items = [_write_product(page, item, cls) for item in section.items]
    grid = make_grid(1 if rows else section.columns or 3, *items)
    return make_section(section, make_head(section), grid)


def _write_product(page: PageContext, item: Item, cls: str) -> Element:
    picture = page.pictures.draw_object(item.title, GOODS)
    facts = make(
        "div",
        make("h3", item.title),
        make("p", item.text) if item.text else None,
        make("p", item.detail, cls="price") if item.detail else None,
        cls="product__facts",
    )
    return make("li", make_picture(picture, item.title, GOODS), facts, cls=cls)


def write_menu(page: PageContext, section: Section) -> Element:
    items = [
        make(
            "li",
            make("h3", item.title),
            make("p", item.detail, cls="price"),
            make("p", item.text, cls="dish__text") if item.text else None,
            cls="dish",
        )
        for item in section.items
    ]
    grid = make_grid(section.columns or 2, *items)
    return make_section(section, make_head(section), grid, tone="tint")


def write_pricing(page: PageContext, section: Section) -> Element:
    best = len(section.items) // 2 if len(section.items) > 1 else -1
    action = section.actions[0] if section.actions else page.labels["choose"]
    plans = [_write_plan(page, item, action, n == best) for n, item in enumerate(section.items)]
    grid = make_grid(section.columns or 3, *plans, cls="pricing__plans")
    return make_section(section, make_head(section), grid)


def _write_plan(page: PageContext, item: Item, action: str, is_best: bool) -> Element:
    points = [make("li", draw_icon("check"), make("span", point)) for point in item.points]
    label = make("p", page.labels["popular"], cls="badge") if is_best else None
    period = page.labels["month"] if page.outline.kind in ("software", "site") else ""
    price = make(
        "p",
        make("strong", item.detail, cls="plan__price"),
        make("span", f" {period}") if period else None,
    )
    return make(
        "li",
        make("div", make("h3", item.title), label, cls="plan__head"),
        make("p", item.text, cls="plan__text") if item.text else None,
        price,
        make("ul", *points, cls="checks") if points else None,
        make_link(
            action, "#contact" if page.has("contact") else "#content", _style_button(is_best)
        ),
        cls="card plan plan--best" if is_best else "card plan",
    )


def _style_button(is_best: bool) -> str:
    return "button" if is_best else "button button--quiet"


def write_stats(page: PageContext, section: Section) -> Element:
    is_card = section.layout == "cards"
    figures = [
        make(
            "div",
            make("dt", item.title),
            make("dd", item.detail, cls="stat__value"),
            make("dd", item.text, cls="stat__note") if item.text else None,
            cls="card stat" if is_card else "stat",
        )
        for item in section.items
    ]
    columns = section.columns or min(4, len(figures))
    grid = make_grid(columns, *figures, name="dl")
    if is_card:
        return make("section", grid, cls="panel-row stats", id="stats", aria_label=_name(page))
    return make_section(section, make_head(section), grid, tone="deep")


def _name(page: PageContext) -> str:
    return page.words.nouns["stats"]


def write_logos(page: PageContext, section: Section) -> Element:
    marks = [make("li", draw_icon(icon), item.title) for icon, item in _pair_marks(section)]
    title = make("h2", section.title, cls="logos__title", id="logos-title")
    return make_section(section, title, make("ul", *marks, cls="logos__list"))


def _pair_marks(section: Section) -> list[tuple[str, Item]]:
    marks = ("spark", "box", "sun", "bolt", "globe", "leaf", "star", "cloud")
    return [(marks[n % len(marks)], item) for n, item in enumerate(section.items)]
