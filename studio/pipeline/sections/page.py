"""A page from an outline: its markup, the rules that it uses, its pictures and fonts."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from studio.pipeline.bundle import ENTRY, Bundle
from studio.pipeline.outline.schema import APP_PAGES, Outline, Section
from studio.pipeline.outline.section_kinds import SectionKind
from studio.pipeline.outline.vocabulary import load_vocabulary
from studio.pipeline.perception.web_fonts import collect_font_assets, write_font_rules
from studio.pipeline.sections import forms, frames, heroes, offers, screens, stories
from studio.pipeline.sections.markup import Element, make, write
from studio.pipeline.sections.palettes import make_palette
from studio.pipeline.sections.parts import PageContext, Write
from studio.pipeline.sections.pictures import PictureBook
from studio.pipeline.sections.rule_selection import list_names, select_rules
from studio.pipeline.sections.themes import THEMES, list_families, list_tokens

FOLDER = Path(__file__).parent / "css"
SHEETS = ("base", "frames", "heroes", "offers", "stories", "forms", "screens")
SHEET = "styles.css"
WRITERS: Mapping[SectionKind, Write] = MappingProxyType(
    {
        "header": frames.write_header,
        "footer": frames.write_footer,
        "sidebar": frames.write_sidebar,
        "hero": heroes.write_hero,
        "logos": offers.write_logos,
        "features": offers.write_features,
        "steps": offers.write_steps,
        "products": offers.write_products,
        "menu": offers.write_menu,
        "pricing": offers.write_pricing,
        "stats": offers.write_stats,
        "story": stories.write_story,
        "gallery": stories.write_gallery,
        "testimonials": stories.write_testimonials,
        "team": stories.write_team,
        "faq": stories.write_faq,
        "posts": stories.write_posts,
        "schedule": stories.write_schedule,
        "form": forms.write_form,
        "contact": forms.write_contact,
        "newsletter": forms.write_newsletter,
        "cta": forms.write_cta,
        "settings": forms.write_settings,
        "signin": forms.write_signin,
        "chart": screens.write_chart,
        "table": screens.write_table,
        "list": screens.write_list,
        "board": screens.write_board,
        "inbox": screens.write_inbox,
        "chat": screens.write_chat,
    }
)
# Sections made of cards, which an application shows beside each other.
PANELS: frozenset[SectionKind] = frozenset(("chart", "table", "list"))


def build_page(outline: Outline) -> Bundle:
    """Return the page that an outline describes: index.html, styles.css and its assets."""
    palette = make_palette(outline.look)
    seed = f"{outline.name} {outline.subject}"
    pictures = PictureBook(palette, outline.look, outline.topic, seed)
    page = PageContext(outline, load_vocabulary(outline.language), palette, pictures)
    body = "".join(write(element, 2) for element in _write_body(page))
    families = list_families(THEMES[outline.look.theme], outline.language)
    fonts = _collect_fonts(outline, families, body)
    files = {
        ENTRY: _write_document(page, body),
        SHEET: _write_sheet(page, body, write_font_rules(fonts, families)),
    }
    return Bundle(files, {**pictures.assets, **fonts})


def is_page_of(outline: Outline, page: Bundle) -> bool:
    """Return True if the page's markup is what the outline describes: nobody edited it since."""
    return build_page(outline).files[ENTRY] == page.files.get(ENTRY)


def write_section(page: PageContext, section: Section) -> Element:
    return WRITERS[section.kind](page, section)


def _write_body(page: PageContext) -> list[Element]:
    if page.outline.kind in APP_PAGES:
        return [_write_application(page)]
    before = [one for one in page.outline.sections if one.kind == "header"]
    after = [one for one in page.outline.sections if one.kind == "footer"]
    shells = ("header", "footer", "sidebar")
    content = [one for one in page.outline.sections if one.kind not in shells]
    skip = make("a", page.labels["skip"], cls="skip-link", href="#content")
    main = make("main", *(write_section(page, one) for one in content), id="content")
    return [
        skip,
        *(write_section(page, one) for one in before),
        main,
        *(write_section(page, one) for one in after),
    ]


def _write_application(page: PageContext) -> Element:
    content = [one for one in page.outline.sections if one.kind != "sidebar"]
    side = [write_section(page, one) for one in page.outline.sections if one.kind == "sidebar"]
    title = _choose_title(page, content)
    head = screens.write_page_head(page, title, page.labels["new"])
    panels = [one for one in content if one.kind in PANELS]
    cls = "app-main app-main--panels" if len(panels) > 1 else "app-main"
    body = [write_section(page, one) for one in content]
    main = make("main", head, *body, cls=cls, id="content")
    return make("div", *side, main, cls="app")


def _choose_title(page: PageContext, content: list[Section]) -> str:
    if page.outline.kind == "dashboard":
        return page.words.lists["app_nav"][0]
    first = next((one for one in content if one.title), None)
    return first.title if first else page.outline.name


def _write_document(page: PageContext, body: str) -> str:
    outline = page.outline
    hero = outline.find("hero")
    title = outline.name
    if hero and hero.title and hero.title != outline.name:
        title = f"{outline.name} – {hero.title}"
    about = hero.text if hero else ""
    lines = [
        "<!doctype html>",
        f'<html lang="{outline.language}">',
        "  <head>",
        '    <meta charset="utf-8">',
        '    <meta name="viewport" content="width=device-width, initial-scale=1">',
        f"    <title>{html.escape(title, quote=False)}</title>",
        *([f'    <meta name="description" content="{html.escape(about)}">'] if about else []),
        f'    <link rel="stylesheet" href="{SHEET}">',
        "  </head>",
        "  <body>",
    ]
    return "\n".join(lines) + "\n" + body + "  </body>\n</html>\n"


def _write_sheet(page: PageContext, body: str, font_rules: str) -> str:
    look = page.outline.look
    scheme = "dark" if look.is_dark else "light"
    sheets = [_read_sheet(name) for name in (*SHEETS, f"themes/{look.theme}")]
    rules = select_rules("\n".join(sheets), list_names(body))
    theme = THEMES[look.theme]
    # Shorthands of widths with a custom property cannot be converted to other stacks.
    rules = rules.replace("var(--border)", f"{theme.border}px")
    rules = rules.replace("var(--align)", theme.align)
    tokens = list_tokens(look, page.palette, page.outline.language)
    used = [
        (name, value) for name, value in tokens if f"var({name})" in rules or name == "--shadow"
    ]
    lines = "\n".join(f"  {name}: {value};" for name, value in used)
    return f"{font_rules}:root {{\n  color-scheme: {scheme};\n{lines}\n}}\n\n{rules}\n"


@cache
def _read_sheet(name: str) -> str:
    return (FOLDER / f"{name}.css").read_text("utf-8")


def _collect_fonts(outline: Outline, families: list[str], body: str) -> dict[str, bytes]:
    theme = THEMES[outline.look.theme]
    text = html.unescape(re.sub(r"<[^>]*>", " ", body)) + outline.name
    weights = {theme.weight, 400, 500, 600}
    styles = [(family, weight, False) for family in families for weight in weights]
    return collect_font_assets(styles, text)
