"""The whole page: body styles, one element per node, the style sheet and the document."""

from __future__ import annotations

import html
from collections import defaultdict
from collections.abc import Mapping

from studio.pipeline.bundle import ENTRY, Bundle
from studio.pipeline.codegen.build import build_element
from studio.pipeline.codegen.class_names import assign_names
from studio.pipeline.codegen.class_rules import write_class_rules
from studio.pipeline.codegen.columns import space_children
from studio.pipeline.codegen.context import Context, write_font_stack
from studio.pipeline.codegen.element import Element, Nudge, Room, Styles
from studio.pipeline.codegen.form_fields import complete_fields
from studio.pipeline.codegen.html_writer import write_element
from studio.pipeline.codegen.line_height_ratios import write_line_heights, write_ratio
from studio.pipeline.codegen.mirror import mirror_styles
from studio.pipeline.codegen.picture_alts import find_picture_alts
from studio.pipeline.codegen.shared_styles import make_alike
from studio.pipeline.codegen.spacing_scale import Rhythm
from studio.pipeline.codegen.style_sheet import write_sheet
from studio.pipeline.codegen.table_cells import make_even, style_by_column
from studio.pipeline.codegen.viewport_fill import fill_viewport
from studio.pipeline.layout.nodes import Node, Style
from studio.pipeline.perception.scripts import font_names, language_of
from studio.pipeline.perception.web_fonts import write_font_rules

SHEET = "styles.css"
PLAIN = Style(16.0, 400, "sans", "Liberation Sans", "#000000", 24.0)


def write_page(
    page: Node,
    assets: Mapping[str, bytes],
    *,
    nudges: Mapping[int, Nudge] | None = None,
    reach: float = 0.0,
    share: float = 0.0,
    trace: bool = False,
) -> Bundle:
    """Return the labelled tree as files.

    Args:
        reach: Px by which a space may change to be on a scale; 0 leaves all as measured.
        share: Px by which repeated parts may differ and still be made equal.
        trace: Give every element its node's id (`n12`), for measuring a render.
    """
    base = find_base_style(page)
    text = " ".join(node.text for node in page.walk() if node.flow == "text")
    language = language_of(text)
    ground = (page.surface.fill if page.surface else None) or "#ffffff"
    body = _build_body(
        page,
        Context(
            base,
            page.box.width,
            nudges or {},
            assets=assets,
            language=language,
            direction=page.direction,
            ground=ground,
            alts=find_picture_alts(page),
        ),
    )
    complete_fields(body, page)
    if reach:
        Rhythm(reach).settle(body)
    if share:
        make_even(body, share)
        make_alike(body, share, base.size)
    body_ratio = write_ratio(base.leading, base.size)
    write_line_heights(body, base.size, body_ratio)
    style_by_column(body)
    if page.direction == "rtl":
        mirror_styles(body)
    names = tuple(name for name in font_names(text) if name != base.font)
    styles: Styles = {
        "background-color": ground,
        "color": base.color,
        "font-family": write_font_stack(base, names),
        "font-size": base.size,
        "line-height": body_ratio,
        "overflow-wrap": "break-word",
    }
    if base.weight != 400:
        styles["font-weight"] = str(base.weight)
    assign_names(body, base.size, base.weight)
    rules = write_class_rules(body, styles)
    fonts = write_font_rules(assets, _write_font_faces(page))
    sheet = fonts + write_sheet(rules, styles, ground, page.box.width)
    used = {path: data for path, data in assets.items() if _is_used(path, body, sheet)}
    return Bundle({ENTRY: _write_document(body, page, language, trace), SHEET: sheet}, used)


def find_base_style(page: Node) -> Style:
    """Return the style that most of the page's characters have."""
    votes: dict[Style, int] = defaultdict(int)
    for node in page.walk():
        if node.flow == "text" and node.style.weight < 600 and not node.style.italic:
            votes[node.style] += len(node.text)
    return max(
        votes, key=lambda style: (votes[style], style.size, style.color, style.font), default=PLAIN
    )


def _write_font_faces(page: Node) -> set[str]:
    return {run.style.font for node in page.walk() for line in node.lines for run in line.runs}


def _build_body(page: Node, ctx: Context) -> Element:
    room = Room(0.0, page.box.width)
    body = Element("body")
    if page.flow != "column":
        body.children = [build_element(page, room, ctx)] if page.children else []
        return body
    elements = [build_element(child, room, ctx) for child in page.children]
    page_element = Element("div", "page", block="page", children=list(elements))
    space_children(page_element, page, list(page.children), elements, ctx)
    fill_viewport(page_element, elements, page.box.height)
    body.children = _group_landmarks(page_element, elements)
    return body


def _group_landmarks(page_element: Element, elements: list[Element]) -> list[Element | str]:
    """Return header, main and footer.

    What is between the first and the last is the main content.
    """
    head = [e for e in elements[:1] if e.tag in ("header", "nav")]
    foot = [e for e in elements[-1:] if e.tag == "footer" and len(elements) > 1]
    middle = elements[len(head) : len(elements) - len(foot)]
    main = Element("main", "main", block="main", children=list(middle))
    content: list[Element | str] = [main] if middle else []
    if any(element.tag == "main" for outer in middle for element in outer.walk()):
        content = list(middle)  # the content stands beside a sidebar
    page_element.children = [*head, *content, *foot]
    if "gap" in page_element.style:
        main.style.update(
            {k: page_element.style[k] for k in ("display", "gap", "grid-template-columns")}
        )
    first = middle[0] if middle else None
    if head and first is not None and "margin-top" in first.style:
        main.style["padding-top"] = first.style.pop("margin-top")
    if not page_element.style:
        return page_element.children
    return [page_element]


def _is_used(path: str, body: Element, sheet: str) -> bool:
    return path in sheet or any(e.attrs.get("src") == path for e in body.walk())


def _write_document(body: Element, page: Node, language: str, trace: bool) -> str:
    direction = ' dir="rtl"' if page.direction == "rtl" else ""
    content = "\n".join(
        write_element(child, 0, trace=trace)
        for child in body.children
        if isinstance(child, Element)
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"{direction}>\n<head>\n\t<meta charset="utf-8">\n'
        '\t<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"\t<title>{html.escape(_find_title(page), quote=False)}</title>\n"
        f'\t<link rel="stylesheet" href="{SHEET}">\n</head>\n<body>\n{content}\n</body>\n</html>\n'
    )


def _find_title(page: Node) -> str:
    heads = [n for n in page.walk() if n.flow == "text" and n.label.role == "heading"]
    first = min(heads, key=lambda n: (n.label.tag, n.box.y), default=None)
    return first.text if first else "Page"
