"""Honest texts of ours where nobody has written any: each says what belongs in its place.

Applications get sample data instead: names, amounts and dates that show how a full screen looks.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from studio.pipeline.outline.schema import APP_PAGES, Item, Outline, Section
from studio.pipeline.outline.section_kinds import SectionKind
from studio.pipeline.outline.vocabulary import Vocabulary, load_vocabulary

ARTICLES = frozenset(
    [
        "a",
        "an",
        "the",
        "our",
        "my",
        "ein",
        "eine",
        "einen",
        "einer",
        "eines",
        "die",
        "der",
        "das",
        "unser",
        "unsere",
        "mein",
        "meine",
        "un",
        "une",
        "le",
        "la",
        "les",
        "l'",
        "notre",
        "mon",
        "ma",
        "una",
        "el",
        "los",
        "las",
        "nuestra",
        "nuestro",
        "uma",
        "o",
        "os",
        "as",
        "nosso",
        "nossa",
        "minha",
        "il",
        "lo",
        "i",
        "gli",
    ]
)
LONGEST_BRAND = 30  # characters that fit beside a menu
# Where a long subject may end and still name its thing: "a freelance translator of legal texts".
PREPOSITION = re.compile(
    r"\s(?:of|for|in|about|from|für|von|zur?|aus|pour|de|à|para|en|em|per|di|da)\s", re.IGNORECASE
)
LONGEST_LABEL = 20  # characters of an entry of a menu
# Sections whose title says what they hold: "Treatments", "Open tickets".
NAMED_BY_TITLE: tuple[SectionKind, ...] = (
    "features",
    "products",
    "menu",
    "gallery",
    "team",
    "pricing",
    "schedule",
    "posts",
    "table",
)
PRICES = (9, 19, 39, 79)
GOODS = (24, 38, 18, 52, 32, 46, 29, 64)
DISHES = (7, 9, 12, 8, 14, 6, 11, 10)
FIGURES = ("120+", "24", "98 %", "15", "3.400", "7")
METRICS = ("48.260", "1.284", "312", "2,1 %")
# Languages that write 1,284.5 and not 1.284,5.
WITH_POINT = ("en", "zh", "ja")
SWAP_MARKS = str.maketrans(".,", ",.")
CHANGES = ("+12 %", "+8 %", "+5 %", "-3 %")
HEIGHTS = (42, 58, 49, 72, 66, 88, 95, 61, 77, 84, 70, 92)
AMOUNTS = (129, 84, 342, 56, 218, 97, 175, 61, 430, 88, 149, 205)
LEAST_POINTS = 3  # of the cheapest plan


def fill_placeholders(outline: Outline) -> Outline:
    """Return the outline with a text of ours wherever one is empty."""
    words = load_vocabulary(outline.language)
    name = outline.name or name_brand(outline, words)
    outline = replace(outline, name=name)
    sections = tuple(fill_section(outline, section, words) for section in outline.sections)
    return replace(outline, sections=sections)


def name_brand(outline: Outline, words: Vocabulary) -> str:
    """Return what stands for a name: the page's subject without its article."""
    brand = drop_article(outline.subject)
    if len(brand) > LONGEST_BRAND:
        brand = PREPOSITION.split(brand, maxsplit=1)[0]
    if not brand or len(brand) > LONGEST_BRAND or outline.language == "ru":
        return words.labels["brand"]
    return brand[0].upper() + brand[1:]


def drop_article(subject: str) -> str:
    first, _, rest = subject.partition(" ")
    if first.lower() in ARTICLES and rest:
        return rest
    return subject[2:] if subject.lower().startswith(("l'", "l’")) else subject


def name_section(section: Section, words: Vocabulary) -> str:
    """Return what a section is called in a menu: its own title where that is short, else our word."""
    ours, _, _, _ = words.texts.get(section.kind, ("", "", "", ""))
    is_own = section.kind in NAMED_BY_TITLE and section.title not in ("", ours)
    if is_own and len(section.title) <= LONGEST_LABEL:
        return section.title
    return words.get_noun(section.kind)


def fill_section(outline: Outline, section: Section, words: Vocabulary) -> Section:
    """Return the section with texts of ours in its empty fields."""
    title, text, _, _ = words.texts.get(section.kind, ("", "", "", ""))
    if section.kind == "hero":
        title = _title_hero(outline)
    fill = ITEMS.get(section.kind, _fill_usual)
    if section.kind == "stats" and outline.kind in APP_PAGES:
        fill = _fill_metric
    if is_named_table(section):
        fill = _fill_named_row
    items = tuple(fill(item, n, words, section.kind) for n, item in enumerate(section.items))
    return replace(
        section,
        title=section.title or title.format(name=outline.name),
        text=section.text or text.format(name=outline.name),
        actions=section.actions or _choose_actions(outline, section, words),
        items=items,
    )


def _title_hero(outline: Outline) -> str:
    """Return the prompt's own words about the page as a headline; without any, its name."""
    subject = outline.subject.replace("{", "").replace("}", "")
    if not subject or outline.language == "ru":
        return "{name}"
    return subject[0].upper() + subject[1:]


def _choose_actions(outline: Outline, section: Section, words: Vocabulary) -> tuple[str, ...]:
    labels = words.labels
    if section.kind == "hero":
        first = _label_goal(outline, words)
        return (first, labels["more"])
    if section.kind in ("header", "cta"):
        return (_label_goal(outline, words),)
    single = {
        "products": "buy",
        "pricing": "choose",
        "posts": "read",
        "newsletter": "subscribe",
        "form": "send",
        "contact": "send",
        "settings": "save",
        "signin": "sign_in",
        "board": "new",
        "inbox": "reply",
        "chat": "send",
        "table": "new",
    }.get(section.kind)
    return (labels[single],) if single else ()


def _label_goal(outline: Outline, words: Vocabulary) -> str:
    """Return the label of the page's main link: to its form, its plans or its contact."""
    if outline.kind == "software":
        return words.labels["start"]
    kinds = {section.kind for section in outline.sections}
    order: tuple[SectionKind, ...] = ("form", "products", "pricing", "menu", "newsletter", "posts")
    for kind in order:
        if kind in kinds:
            return words.get_noun(kind)
    return words.labels["call"]


def write_price(amount: int, words: Vocabulary) -> str:
    return words.labels["price"].format(amount=amount, currency=words.labels["currency"])


def _pick(values: tuple[str, ...], n: int) -> str:
    return values[n % len(values)]


Fill = Callable[[Item, int, Vocabulary, SectionKind], Item]


def _fill_usual(item: Item, n: int, words: Vocabulary, kind: SectionKind) -> Item:
    _, _, title, text = words.texts.get(kind, ("", "", "", ""))
    return replace(item, title=item.title or title.format(n=n + 1), text=item.text or text)


def _fill_priced(amounts: tuple[int, ...]) -> Fill:
    def fill(item: Item, n: int, words: Vocabulary, kind: SectionKind) -> Item:
        item = _fill_usual(item, n, words, kind)
        return replace(item, detail=item.detail or write_price(amounts[n % len(amounts)], words))

    return fill


def _fill_plan(item: Item, n: int, words: Vocabulary, kind: SectionKind) -> Item:
    item = _fill_priced(PRICES)(item, n, words, kind)
    return replace(item, points=item.points or list_plan_points(words, n))


def list_plan_points(words: Vocabulary, n: int) -> tuple[str, ...]:
    """Return what plan `n` has where nobody wrote it: each has one point more than the one before."""
    return words.lists["plan_points"][: LEAST_POINTS + n]


def fill_plans_from_features(outline: Outline) -> Outline:
    """Return the outline with its features as the points of its plans, where these are still ours.

    The last plan has all features, each one before it has less.
    """
    words = load_vocabulary(outline.language)
    features = outline.find("features")
    titles = tuple(item.title for item in features.items) if features else ()
    _, _, ours, _ = words.texts["features"]
    if not titles or any(title == ours.format(n=n + 1) for n, title in enumerate(titles)):
        return outline
    sections = tuple(
        _fill_plan_points(section, titles, words) if section.kind == "pricing" else section
        for section in outline.sections
    )
    return replace(outline, sections=sections)


def _fill_plan_points(section: Section, titles: Sequence[str], words: Vocabulary) -> Section:
    items = list(section.items)
    for n, item in enumerate(items):
        if item.points == list_plan_points(words, n):
            most = math.ceil(len(titles) * (n + 1) / len(items))
            items[n] = replace(item, points=tuple(titles[:most]))
    return replace(section, items=tuple(items))


def _fill_voice(item: Item, n: int, words: Vocabulary, kind: SectionKind) -> Item:
    """Customers have a name and a place; a role would make them staff."""
    return _fill_person(
        replace(item, detail=item.detail or _pick(words.lists["cities"], n)), n, words, kind
    )


def _fill_person(item: Item, n: int, words: Vocabulary, kind: SectionKind) -> Item:
    _, _, _, text = words.texts[kind]
    return replace(
        item,
        title=item.title or _pick(words.lists["people"], n),
        detail=item.detail or _pick(words.lists["roles"], n),
        text=item.text or text,
    )


def _fill_figure(item: Item, n: int, words: Vocabulary, kind: SectionKind) -> Item:
    _, _, title, _ = words.texts[kind]
    return replace(
        item,
        title=item.title or title.format(n=n + 1),
        detail=item.detail or FIGURES[n % len(FIGURES)],
    )


def _fill_metric(item: Item, n: int, words: Vocabulary, kind: SectionKind) -> Item:
    figure = METRICS[n % len(METRICS)]
    if words.language in WITH_POINT:
        figure = figure.translate(SWAP_MARKS)
    return replace(
        item,
        title=item.title or _pick(words.lists["metrics"], n),
        detail=item.detail or figure,
        text=item.text or f"{CHANGES[n % len(CHANGES)]} {words.labels['compared']}",
    )


def _fill_time(item: Item, n: int, words: Vocabulary, kind: SectionKind) -> Item:
    item = _fill_usual(item, n, words, kind)
    return replace(item, detail=item.detail or _pick(words.lists["times"], n))


def _fill_post(item: Item, n: int, words: Vocabulary, kind: SectionKind) -> Item:
    item = _fill_usual(item, n, words, kind)
    month = _pick(words.lists["months"], n + 2)
    day = 3 + 6 * n % 25
    order = f"{month} {day}" if words.language == "en" else f"{day} {month}"
    if words.language in ("zh", "ja"):
        order = f"{month}{day}日"
    return replace(item, detail=item.detail or order)


def _fill_row(item: Item, n: int, words: Vocabulary, kind: SectionKind) -> Item:
    amount = write_price(AMOUNTS[n % len(AMOUNTS)], words)
    cells = (
        f"#{1042 - n}",
        _pick(words.lists["people"], n),
        f"{12 - n % 10}.06.",
        _pick(words.lists["statuses"], (n * n) % 3),
        amount,
    )
    return replace(item, points=item.points or cells)


def is_named_table(section: Section) -> bool:
    """Return True for a table that shows what the prompt names instead of our sample orders: its rows have
    titles, or its own title came before its rows.
    """
    has_rows = any(item.points for item in section.items)
    has_titles = any(item.title for item in section.items)
    return section.kind == "table" and (has_titles or (bool(section.title) and not has_rows))


def _fill_named_row(item: Item, n: int, words: Vocabulary, kind: SectionKind) -> Item:
    _, _, title, _ = words.texts["table"]
    cells = (
        f"#{1042 - n}",
        "",  # the item's title
        f"{12 - n % 10}.06.",
        _pick(words.lists["named_statuses"], n * n % 3),
        str(AMOUNTS[n % len(AMOUNTS)]),
    )
    return replace(item, title=item.title or title.format(n=n + 1), points=item.points or cells)


def _fill_bar(item: Item, n: int, words: Vocabulary, kind: SectionKind) -> Item:
    title = item.title or _pick(words.lists["months"], n)
    return replace(item, title=title, detail=item.detail or str(HEIGHTS[n % len(HEIGHTS)]))


def _fill_event(item: Item, n: int, words: Vocabulary, kind: SectionKind) -> Item:
    return replace(
        item,
        title=item.title or _pick(words.lists["people"], n),
        text=item.text or _pick(words.lists["activities"], n),
        detail=item.detail or _pick(words.lists["times"], n),
    )


def _fill_column(item: Item, n: int, words: Vocabulary, kind: SectionKind) -> Item:
    tasks = words.lists["tasks"]
    parts = (tasks[0:3], tasks[3:5], tasks[5:7])
    title = item.title or _pick(words.lists["columns"], n)
    return replace(item, title=title, points=item.points or parts[n % len(parts)])


def _fill_mail(item: Item, n: int, words: Vocabulary, kind: SectionKind) -> Item:
    return replace(
        item,
        title=item.title or _pick(words.lists["people"], n),
        text=item.text or _pick(words.lists["subjects"], n),
        detail=item.detail or _pick(words.lists["times"], n),
    )


def _fill_message(item: Item, n: int, words: Vocabulary, kind: SectionKind) -> Item:
    mail = _fill_mail(item, n % 2, words, kind)
    return replace(mail, text=item.text or _pick(words.lists["messages"], n))


def _fill_link(item: Item, n: int, words: Vocabulary, kind: SectionKind) -> Item:
    names = words.lists["app_nav"]
    if kind == "sidebar" and not item.title and n < len(names):
        return replace(item, title=names[n])
    return item


def _keep(item: Item, n: int, words: Vocabulary, kind: SectionKind) -> Item:
    return item


ITEMS: Mapping[SectionKind, Fill] = {
    "header": _keep,
    "sidebar": _fill_link,
    "products": _fill_priced(GOODS),
    "menu": _fill_priced(DISHES),
    "pricing": _fill_plan,
    "testimonials": _fill_voice,
    "team": _fill_person,
    "stats": _fill_figure,
    "schedule": _fill_time,
    "posts": _fill_post,
    "table": _fill_row,
    "chart": _fill_bar,
    "list": _fill_event,
    "board": _fill_column,
    "inbox": _fill_mail,
    "chat": _fill_message,
    "form": _keep,
    "settings": _keep,
}
