"""Parts of applications: charts, tables, lists, a task board, an inbox, a conversation."""

from __future__ import annotations

from studio.pipeline.outline.placeholders import is_named_table
from studio.pipeline.outline.schema import Item, Section
from studio.pipeline.sections.icons import draw_icon
from studio.pipeline.sections.markup import Element, Raw, make
from studio.pipeline.sections.parts import PageContext

CHART = (640, 240)  # units of a chart's drawing
BASE = 208  # where its columns stand
ROOM = 184  # the height of the highest column
BAR = 28  # width of a column


def make_panel(section: Section, *children: Element | None, cls: str = "") -> Element:
    """Return a card with the section's title as its heading."""
    title = section.title
    head = make(
        "div",
        make("h2", title, id=f"{section.kind}-title") if title else None,
        make("p", section.text) if section.text else None,
        cls="panel__head",
    )
    classes = f"card panel {section.kind} {cls}".strip()
    name = {"aria_labelledby": f"{section.kind}-title"} if title else {}
    return make("section", head, *children, cls=classes, id=section.kind, **name)


def write_chart(page: PageContext, section: Section) -> Element:
    values = [_read_number(item.detail) for item in section.items]
    most = max([1.0, *values])
    width, height = CHART
    step = width / max(1, len(values))
    draw = _draw_line if section.layout == "line" else _draw_bars
    shapes = draw([value / most for value in values], step)
    lines = [
        Raw(f'<path class="chart__line" d="M0 {BASE - ROOM * n / 4:g}H{width}" />')
        for n in range(5)
    ]
    names = [
        Raw(
            f'<text class="chart__name" x="{(n + 0.5) * step:g}" y="{height - 8}">{item.title}</text>'
        )
        for n, item in enumerate(section.items)
    ]
    words = ", ".join(f"{item.title} {item.detail}" for item in section.items)
    drawing = make(
        "svg",
        *lines,
        *shapes,
        *names,
        cls="chart__drawing",
        viewBox=f"0 0 {width} {height}",
        role="img",
        aria_label=words,
    )
    return make_panel(section, drawing)


def _read_number(text: str) -> float:
    try:
        return max(0.0, float(text.replace(",", ".")))
    except ValueError:
        return 0.0


def _draw_bars(shares: list[float], step: float) -> list[Raw]:
    best = shares.index(max(shares)) if shares else 0
    bars = []
    for n, share in enumerate(shares):
        height = round(ROOM * share)
        x = round((n + 0.5) * step - BAR / 2)
        cls = "chart__bar chart__bar--best" if n == best else "chart__bar"
        place = f'x="{x}" y="{BASE - height}" width="{BAR}" height="{height}"'
        bars.append(Raw(f'<rect class="{cls}" {place} rx="4" />'))
    return bars


def _draw_line(shares: list[float], step: float) -> list[Raw]:
    points = [
        (round((n + 0.5) * step), BASE - round(ROOM * share)) for n, share in enumerate(shares)
    ]
    path = "M" + "L".join(f"{x} {y}" for x, y in points)
    area = f"{path}L{points[-1][0]} {BASE}L{points[0][0]} {BASE}z"
    return [
        Raw(f'<path class="chart__area" d="{area}" />'),
        Raw(f'<path class="chart__curve" d="{path}" />'),
    ]


def write_table(page: PageContext, section: Section) -> Element:
    named = "named_" if is_named_table(section) else ""
    heads = page.words.lists[f"{named}table"]
    statuses = page.words.lists[f"{named}statuses"]
    count = max((len(item.points) for item in section.items), default=0)
    names = [
        make("th", heads[n] if n < len(heads) else str(n + 1), scope="col") for n in range(count)
    ]
    rows = [
        make("tr", *(_write_cell(cell or item.title, statuses) for cell in item.points))
        for item in section.items
    ]
    table = make("table", make("thead", make("tr", *names)), make("tbody", *rows))
    scroll = make(
        "div", table, cls="table-scroll", tabindex=0, role="group", aria_label=section.title
    )
    return make_panel(section, scroll)


def _write_cell(cell: str, statuses: tuple[str, ...]) -> Element:
    if cell not in statuses:
        return make("td", cell)
    is_done = cell == statuses[0]
    return make("td", make("span", cell, cls="status status--done" if is_done else "status"))


def write_list(page: PageContext, section: Section) -> Element:
    glue = "" if page.outline.language in ("zh", "ja") else " "
    entries = [
        make(
            "li",
            make("span", item.title[:1], cls="avatar", aria_hidden="true"),
            make("p", make("strong", item.title), f"{glue}{item.text}"),
            make("span", item.detail, cls="activity__time"),
        )
        for item in section.items
    ]
    return make_panel(section, make("ul", *entries, cls="activity"))


def write_board(page: PageContext, section: Section) -> Element:
    people = page.words.lists["people"]
    columns = [_write_column(item, n, people) for n, item in enumerate(section.items)]
    return make(
        "section",
        *columns,
        cls="board",
        id="board",
        aria_label=section.title,
    )


def _write_column(item: Item, n: int, people: tuple[str, ...]) -> Element:
    cards = [
        make(
            "li",
            make("p", point),
            make(
                "span", people[(2 * n + number) % len(people)][:1], cls="avatar", aria_hidden="true"
            ),
            cls="card task",
        )
        for number, point in enumerate(item.points)
    ]
    count = make("span", str(len(item.points)), cls="count")
    head = make("h2", f"{item.title} ", count, cls="board__title")
    return make("div", head, make("ul", *cards, cls="board__cards"), cls="board__column")


def write_inbox(page: PageContext, section: Section) -> Element:
    entries = [
        make(
            "li",
            make(
                "a",
                make("strong", item.title),
                make("span", item.detail, cls="activity__time"),
                make("span", item.text, cls="mail__subject"),
                href="#message",
                **({"aria_current": "true"} if n == 0 else {}),
            ),
        )
        for n, item in enumerate(section.items)
    ]
    first = section.items[0]
    lines = [make("p", text) for text in page.words.lists["messages"][:4]]
    reply = make("a", section.actions[0], cls="button", href="mailto:hello@example.com")
    article = make(
        "article",
        make("h2", first.text),
        _write_sender(first),
        *lines,
        make("p", reply, cls="actions"),
        cls="mail",
        id="message",
    )
    mails = make("ul", *entries, cls="mails")
    return make("section", mails, article, cls="card panes", id="inbox", aria_label=section.title)


def _write_sender(item: Item) -> Element:
    return make(
        "div",
        make("span", item.title[:1], cls="avatar", aria_hidden="true"),
        make("p", make("strong", item.title)),
        make("span", item.detail, cls="activity__time"),
        cls="mail__sender",
    )


def write_chat(page: PageContext, section: Section) -> Element:
    people = page.words.lists["people"]
    times = page.words.lists["times"]
    talks = [
        make(
            "li",
            make(
                "a",
                make("strong", person),
                make("span", times[n % len(times)], cls="activity__time"),
                make("span", page.words.lists["subjects"][n], cls="mail__subject"),
                href="#messages",
                **({"aria_current": "true"} if n == 0 else {}),
            ),
        )
        for n, person in enumerate(people[:5])
    ]
    bubbles = [
        make("li", make("p", item.text), cls="bubble bubble--own" if n % 2 else "bubble")
        for n, item in enumerate(section.items)
    ]
    label = page.labels["write"]
    field = make(
        "input", id="reply", name="reply", type="text", autocomplete="off", placeholder=label
    )
    form = make(
        "form",
        make("label", label, cls="visually-hidden", for_="reply"),
        field,
        make("button", section.actions[0], cls="button", type="submit"),
        cls="inline-form",
        action="#",
        method="post",
    )
    talk = make(
        "div",
        make("h2", people[0], cls="chat__person"),
        make("ol", *bubbles, cls="bubbles"),
        form,
        cls="talk",
        id="messages",
    )
    return make(
        "section",
        make("ul", *talks, cls="mails"),
        talk,
        cls="card panes",
        id="chat",
        aria_label=section.title,
    )


def write_page_head(page: PageContext, title: str, action: str) -> Element:
    """Return the head of an application's page: its title, a search and the main button."""
    label = page.labels["search"]
    search = make(
        "div",
        draw_icon("search"),
        make("label", label, cls="visually-hidden", for_="search"),
        make("input", id="search", name="search", type="search", placeholder=label),
        cls="search",
    )
    button = make(
        "a", draw_icon("plus"), make("span", action), cls="button button--small", href="#content"
    )
    return make("header", make("h1", title), search, button, cls="app-head")
