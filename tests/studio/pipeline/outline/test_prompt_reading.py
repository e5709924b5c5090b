"""What a prompt names is found by rule in nine languages; nothing is invented."""

from __future__ import annotations

import pytest

from studio.pipeline.outline.language import detect_language, find_language
from studio.pipeline.outline.prompt_reading import find_brief, read_prompt

NAMED = {
    "en": ("A page for a bakery with three products, a FAQ and a newsletter", "products", 3),
    "de": ("Eine Seite für eine Bäckerei mit drei Produkten, Fragen und Newsletter", "products", 3),
    "fr": (
        "Un site pour une boulangerie avec trois produits, une FAQ et un formulaire de contact",
        "products",
        3,
    ),
    "es": (
        "Una página para una panadería con cuatro productos y preguntas frecuentes",
        "products",
        4,
    ),
    "pt": ("Uma página para uma padaria com cinco produtos e depoimentos", "products", 5),
    "it": ("Una pagina per una panetteria con sei prodotti e recensioni", "products", 6),
    "ru": ("Страница для пекарни с тремя товарами и отзывами", "products", 3),
    "zh": ("为一家面包店设计首页，包含三款产品和客户评价", "products", 3),
    "ja": ("パン屋のホームページ。商品を4つ、お客様の声とアクセス", "products", 4),
}


@pytest.mark.parametrize("language", NAMED)
def test_language_section_and_count_are_found(language: str) -> None:
    prompt, kind, count = NAMED[language]
    facts = read_prompt(prompt)
    assert facts.language == language
    assert (kind, count) in [(one.kind, one.count) for one in facts.sections]
    assert facts.kind == "place"


@pytest.mark.parametrize("language", NAMED)
def test_each_section_is_named_once(language: str) -> None:
    kinds = [one.kind for one in read_prompt(NAMED[language][0]).sections]
    assert len(kinds) == len(set(kinds)) >= 2


def test_sections_keep_the_order_of_the_words() -> None:
    facts = read_prompt("Page with pricing, testimonials, then a team of five people and contact")
    assert [one.kind for one in facts.sections] == ["pricing", "testimonials", "team", "contact"]


def test_the_longer_of_two_overlapping_names_wins() -> None:
    kinds = [one.kind for one in read_prompt("A booking form and a sign-up form below").sections]
    assert kinds == ["form"]


@pytest.mark.parametrize(
    ("prompt", "kind", "count"),
    [
        ("A dentist with four treatments and an appointment form", "features", 4),
        ("A climbing gym with three memberships and a FAQ", "pricing", 3),
        ("A weekend workshop with a programme of five sessions", "schedule", 5),
        ("Ein Kletterzentrum mit drei Mitgliedschaften", "pricing", 3),
        ("Un spa avec quatre soins et une galerie", "features", 4),
        ("Un congreso con cinco charlas y cuatro ponentes", "schedule", 5),
        ("Una palestra con tre abbonamenti", "pricing", 3),
        ("Um evento com seis palestras", "schedule", 6),
        ("Фитнес-клуб с тремя абонементами", "pricing", 3),
        ("健身房网站，包含三种会员和常见问题", "pricing", 3),
    ],
)
def test_what_a_trade_offers_has_its_own_words(prompt: str, kind: str, count: int) -> None:
    assert (kind, count) in [(one.kind, one.count) for one in read_prompt(prompt).sections]


def test_what_a_product_does_is_not_a_table_of_it() -> None:
    facts = read_prompt("A landing page for Ledgerly, an app that sends invoices, with pricing")
    assert [one.kind for one in facts.sections] == ["pricing"]


def test_a_race_is_an_event() -> None:
    assert read_prompt("A page for the Lakeside Half Marathon with ticket prices").kind == "event"


def test_what_is_excluded_is_not_a_section() -> None:
    facts = read_prompt("A bakery page with products, without newsletter and no footer")
    assert facts.without == {"newsletter", "footer"}
    assert "newsletter" not in [one.kind for one in facts.sections]


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("A page for a bakery called Flor do Trigo with products", "Flor do Trigo"),
        ("Sign-in page for a bank called Northwind Savings, navy", "Northwind Savings"),
        ("Seite für ein Café namens Morgenrot mit Speisekarte", "Morgenrot"),
        ("为一家茶馆设计首页，名为“云间茶舍”", "云间茶舍"),
        ("A page for a bakery with products", ""),
    ],
)
def test_names_are_read_or_left_empty(prompt: str, name: str) -> None:
    assert read_prompt(prompt).name == name


@pytest.mark.parametrize(
    ("prompt", "subject"),
    [
        ("A landing page for a bakery in Porto called Lia with products", "a bakery in Porto"),
        ("Page for a film festival in red with a programme", "a film festival"),
        ("Portfolio of an architect with a gallery, about me and contact", "an architect"),
        ("Ein Hotel an der See mit Galerie", "Ein Hotel an der See"),
        ("A kanban board", ""),
    ],
)
def test_the_subject_is_the_prompts_own_phrase(prompt: str, subject: str) -> None:
    assert read_prompt(prompt).subject == subject


def test_the_brief_keeps_what_is_said_of_the_subject_and_drops_the_list_of_parts() -> None:
    prompt = "A website for an app that helps nurses swap shifts, with four features"
    assert find_brief(prompt) == "an app that helps nurses swap shifts"


@pytest.mark.parametrize(
    ("prompt", "brief"),
    [
        (
            "Landing page for Keyring, a password manager for families, with four features",
            "Keyring, a password manager for families",
        ),
        (
            "Website für Tagwerk, eine App für Handwerker, mit vier Funktionen",
            "Tagwerk, eine App für Handwerker",
        ),
        ("A website for a dentist, the team, and hours", "a dentist"),
        (
            "Boutique en ligne de vélos électriques avec six vélos, des avis et une newsletter",
            "Boutique en ligne de vélos électriques",
        ),
    ],
)
def test_the_brief_says_what_a_name_is(prompt: str, brief: str) -> None:
    assert find_brief(prompt) == brief


def test_black_and_white_is_a_color() -> None:
    assert read_prompt("A shop for pens, minimal black and white").colors == ("#1c1c1c",)


@pytest.mark.parametrize(
    ("prompt", "color"),
    [
        ("Use #0af", "#00aaff"),
        ("A page in navy", "#1e3a6e"),
        ("dunkelgrün und ruhig", "#1f5d3b"),
        ("Una pagina per una trattoria, rosso scuro e blu", None),
        ("A page about boats", ""),
    ],
)
def test_colors_are_found(prompt: str, color: str | None) -> None:
    colors = read_prompt(prompt).colors
    if color is None:
        assert len(colors) == 2
    else:
        assert (colors[:1] or ("",))[0] == color


def test_moods_choose_themes_and_a_dark_blue_is_no_dark_page() -> None:
    assert read_prompt("an elegant dark page").moods == ("calm",)
    assert read_prompt("an elegant dark page").is_dark
    assert not read_prompt("a page in dark blue").is_dark


def test_the_page_may_be_asked_for_in_another_language() -> None:
    assert find_language("A page for a bakery, texts in German") == "de"
    assert detect_language("A page for a bakery, texts in German") == "en"


COUNTED = [
    ("Shop for steel bicycles named Second Spoke with four bikes and a FAQ", "products", 4),
    ("Online shop of a bookshop with six books, three reasons to buy used", "products", 6),
    ("Onlineshop für Wolle mit sechs Garnen und Newsletter", "products", 6),
    ("Boutique de thé avec quatre thés et des avis", "products", 4),
    ("Tienda de velas con cinco velas y opiniones", "products", 5),
    ("Loja de chá com três chás e depoimentos", "products", 3),
    ("Negozio di lampade con sei lampade e recensioni", "products", 6),
    ("Portfolio of a painter with eight paintings and contact", "gallery", 8),
    ("A bakery with five breads and opening hours", "menu", 5),
    ("为一家茶馆设计网站首页，包含三种茶、营业时间、地址和预约表单", "menu", 3),
]


@pytest.mark.parametrize(("prompt", "kind", "count"), COUNTED)
def test_counted_things_are_what_a_page_of_this_kind_shows(
    prompt: str, kind: str, count: int
) -> None:
    first = read_prompt(prompt).sections[0]
    assert (first.kind, first.count) == (kind, count)


@pytest.mark.parametrize(
    "prompt",
    [
        "A shop for lamps, open five days a week, with reviews",
        "A shop run by two sisters who knit hats, with reviews",
        "A shop for lamps with shipping in two working days and reviews",
        "A coffee shop with two locations and a story",
        "A restaurant in Lyon with two Michelin stars and a story",
        "Ein Laden, seit zehn Jahren, mit Newsletter",
        "为一家书店设计首页，营业五天，包含顾客评价",
    ],
)
def test_measures_are_not_counted_things(prompt: str) -> None:
    assert all(section.kind not in ("products", "menu") for section in read_prompt(prompt).sections)


def test_a_number_before_a_section_is_the_sections() -> None:
    sections = read_prompt("A shop for bikes with three new bikes and four quick steps").sections
    assert [(one.kind, one.count) for one in sections] == [("products", 3), ("steps", 4)]


def test_goods_that_are_named_as_such_keep_their_number() -> None:
    sections = read_prompt("A shop of two brothers with eight products").sections
    assert [(one.kind, one.count) for one in sections] == [("products", 8)]


@pytest.mark.parametrize(
    ("prompt", "kind", "count"),
    [("Hackathon page with four judges", "team", 4), ("A festival page with sponsors", "logos", 0)],
)
def test_judges_and_sponsors_have_sections(prompt: str, kind: str, count: int) -> None:
    assert (kind, count) in [(one.kind, one.count) for one in read_prompt(prompt).sections]


@pytest.mark.parametrize(
    ("prompt", "kind", "title"),
    [
        (
            "A dashboard with a chart of tickets a week and a table of open tickets",
            "chart",
            "Tickets a week",
        ),
        (
            "A dashboard with a chart of tickets a week and a table of open tickets",
            "table",
            "Open tickets",
        ),
        ("Dashboard mit einer Tabelle der offenen Rechnungen", "table", "Offene Rechnungen"),
        ("Tableau de bord avec un graphique des nuitées", "chart", "Nuitées"),
        ("Un panel con una tabla de citas pendientes", "table", "Citas pendientes"),
        ("网店后台仪表盘，包含一张销售图表和最近订单表格", "chart", "销售"),
        ("网店后台仪表盘，包含一张销售图表和最近订单表格", "table", ""),
        ("ダッシュボード：売上のグラフと在庫の表", "table", "在庫"),
        ("A dashboard with a chart and a table", "chart", ""),
        ("Un tableau de bord avec un tableau d'articles", "table", "Articles"),
        ("A dashboard in German with a table of open orders", "table", ""),
    ],
)
def test_what_a_chart_or_a_table_shows_is_its_title(prompt: str, kind: str, title: str) -> None:
    titles = {section.kind: section.title for section in read_prompt(prompt).sections}
    assert titles[kind] == title  # type: ignore[index]


@pytest.mark.parametrize(
    ("prompt", "columns"),
    [
        (
            "A kanban board for a team with to do, in progress, review and done",
            ("To do", "In progress", "Review", "Done"),
        ),
        ("看板：待办、进行中、审核、完成", ("待办", "进行中", "审核", "完成")),
        ("项目管理看板，包含待办、进行中、审核、完成", ("待办", "进行中", "审核", "完成")),
        ("A kanban board with three columns, labels and people", ()),
        ("A kanban board with labels", ()),
        ("A kanban board with drag and drop, avatars and labels", ()),
        (
            "A kanban board with four columns: Backlog, In progress, Review, Done",
            ("Backlog", "In progress", "Review", "Done"),
        ),
        ("A kanban board with columns To do, Doing and Shipped", ("To do", "Doing", "Shipped")),
        ("Ein Kanban-Board mit den Spalten Ideen, Bau, Fertig", ("Ideen", "Bau", "Fertig")),
    ],
)
def test_a_board_has_the_columns_that_are_named(prompt: str, columns: tuple[str, ...]) -> None:
    board = next(one for one in read_prompt(prompt).sections if one.kind == "board")
    assert board.items == columns


@pytest.mark.parametrize(
    ("prompt", "kind", "title"),
    [
        ("A clinic with four treatments and the team", "features", "Treatments"),
        ("A shop for bikes with four bikes and a FAQ", "products", "Bikes"),
        ("A festival page with ticket prices", "pricing", "Ticket prices"),
        ("Una clínica con cuatro tratamientos", "features", "Tratamientos"),
        ("Eine Schule mit drei Kursen", "products", ""),  # Kurse
        ("A shop with reviews", "testimonials", ""),  # ours say more
        ("A conference with three ticket types", "pricing", ""),
    ],
)
def test_sections_are_called_what_the_prompt_calls_them(prompt: str, kind: str, title: str) -> None:
    titles = {section.kind: section.title for section in read_prompt(prompt).sections}
    assert titles.get(kind, "") == title  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("prompt", "subject"),
    [
        ("Hackathon page with schedule and prizes", "Hackathon"),
        ("Landing page with three features", ""),
        ("Page du festival de théâtre de rue avec le programme", "festival de théâtre de rue"),
    ],
)
def test_the_word_before_page_is_the_subject(prompt: str, subject: str) -> None:
    assert read_prompt(prompt).subject == subject


def test_a_product_page_shows_no_products_by_that_word() -> None:
    prompt = "Product page for a backup tool with four features, numbers and a call to action"
    assert all(section.kind != "products" for section in read_prompt(prompt).sections)
