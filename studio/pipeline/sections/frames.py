"""What stands around a page's content: header, footer, an application's side bar."""

from __future__ import annotations

from studio.pipeline.outline.placeholders import name_section
from studio.pipeline.outline.schema import Section
from studio.pipeline.outline.section_kinds import SectionKind
from studio.pipeline.sections.icons import NAVIGATION, draw_icon
from studio.pipeline.sections.markup import Element, make
from studio.pipeline.sections.parts import PageContext, make_link

MOST_LINKS = 5  # in a menu beside a name and a button
# Sections that a menu leaves out: they are short, or the button leads there.
UNLISTED: tuple[SectionKind, ...] = ("newsletter", "cta", "logos", "stats", "hero")


def list_links(page: PageContext) -> list[tuple[str, str]]:
    """Return the label and address of each section that a menu lists."""
    links = []
    for section in page.outline.sections:
        noun = name_section(section, page.words)
        if noun and section.kind not in UNLISTED:
            links.append((noun, f"#{section.kind}"))
    return links[:MOST_LINKS]


def write_header(page: PageContext, section: Section) -> Element:
    links = [make("li", make("a", label, href=href)) for label, href in list_links(page)]
    action = section.actions[0] if section.actions else page.labels["call"]
    menu = make("ul", *links, cls="site-nav__list")
    row = make(
        "div",
        write_brand(page),
        make("nav", menu, cls="site-nav", aria_label=page.labels["main_menu"]) if links else None,
        make_link(action, page.goal, "button button--small"),
        cls="container site-header__row",
    )
    return make("header", row, cls="site-header")


def write_brand(page: PageContext, href: str = "#content") -> Element:
    return make("a", page.outline.name, cls="brand", href=href)


def write_footer(page: PageContext, section: Section) -> Element:
    labels = page.labels
    legal = make(
        "ul",
        make("li", make("a", labels["imprint"], href="#imprint")),
        make("li", make("a", labels["privacy"], href="#privacy")),
        cls="site-footer__legal",
    )
    notice = make("p", f"© {page.outline.name}. {labels['rights']}", id="imprint")
    last = make("div", notice, legal, cls="site-footer__last", id="privacy")
    links = list_links(page)
    if section.layout == "line" or not links:
        return make("footer", make("div", last, cls="container"), cls="site-footer")
    about = make("div", write_brand(page), _describe(page), cls="site-footer__about")
    nav = make(
        "nav",
        make("ul", *(make("li", make("a", label, href=href)) for label, href in links)),
        cls="site-footer__nav",
        aria_label=page.outline.name,
    )
    address = make(
        "address",
        make("p", labels["address_text"]),
        make("p", make("a", "hello@example.com", href="mailto:hello@example.com")),
        make("p", make("a", "+00 123 456 789", href="tel:+00123456789")),
    )
    row = make("div", about, nav, address, cls="site-footer__row")
    return make("footer", make("div", row, last, cls="container"), cls="site-footer")


def _describe(page: PageContext) -> Element | None:
    subject = page.outline.subject
    if not subject or subject.lower() == page.outline.name.lower():
        return None
    return make("p", subject[0].upper() + subject[1:])


def write_sidebar(page: PageContext, section: Section) -> Element:
    """Return an application's side bar; the first of its links is the current page."""
    links = []
    current = _find_current(page, section)
    for number, item in enumerate(section.items):
        icon = draw_icon(NAVIGATION[number % len(NAVIGATION)])
        state = {"aria_current": "page"} if number == current else {}
        links.append(
            make("li", make("a", icon, make("span", item.title), href="#content", **state))
        )
    nav = make("nav", make("ul", *links, cls="side-nav"), aria_label=page.labels["main_menu"])
    person = page.words.lists["people"][0]
    account = make(
        "div",
        make("span", person[0], cls="avatar", aria_hidden="true"),
        make("p", make("strong", person), make("span", page.words.lists["roles"][0])),
        cls="sidebar__account",
    )
    return make("aside", write_brand(page), nav, account, cls="sidebar")


def _find_current(page: PageContext, section: Section) -> int:
    is_settings = page.outline.kind == "settings"
    return len(section.items) - 1 if is_settings else 0
