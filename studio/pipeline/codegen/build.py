"""One element per node: chooses the writer by the node's label."""

from __future__ import annotations

from dataclasses import replace

from studio.pipeline.codegen import columns as column
from studio.pipeline.codegen import controls, rows
from studio.pipeline.codegen.context import Context, build_surface_styles
from studio.pipeline.codegen.element import Element, Room, is_row
from studio.pipeline.codegen.folded_menus import fold_menu
from studio.pipeline.codegen.page_edges import keep_off_edges
from studio.pipeline.codegen.tables import build_table
from studio.pipeline.codegen.texts import build_text_element
from studio.pipeline.labelling.rules.link_words import find_target
from studio.pipeline.labelling.rules.trails import split_trail
from studio.pipeline.layout.nodes import Node, Role
from studio.pipeline.layout.row_kinds import is_block_row

# Roles that begin a block of class names of their own.
BLOCKS: dict[Role, str] = {
    "page": "page",
    "header": "site-header",
    "footer": "site-footer",
    "hero": "hero",
    "section": "section",
    "main": "main",
    "sidebar": "sidebar",
    "nav": "nav",
    "list": "list",
    "card": "card",
    "cards": "cards",
    "form": "form",
    "choice": "choice",
}
# What other groups are called inside their block.
PARTS: dict[Role, str] = {
    "row": "row",
    "columns": "columns",
    "column": "group",
    "panel": "panel",
    "stack": "stack",
    "group": "group",
    "item": "item",
    "link": "link",
}
TEXT_PARTS: dict[Role, str] = {"heading": "title", "link": "link", "item": "item"}


# What places a box in its parent, and so belongs to an element around the box.
MARGINS = ("margin-left", "margin-right", "margin-inline", "max-width", "width")
# Elements that become spans inside a link.
NOT_IN_LINKS = ("p", "a", "div", "h1", "h2", "h3", "h4", "h5", "h6")


def build_element(node: Node, room: Room, ctx: Context) -> Element:
    role = node.label.role
    if node.flow == "text":
        return _build_text(node, room, ctx)
    if role in ("button", "badge"):
        return controls.build_button(node, room, ctx)
    if role == "choice" and node.label.tag == "input":
        return controls.build_choice(node, ctx)
    if role == "field":
        return controls.build_field(node, room, ctx)
    if node.flow == "picture":
        return controls.build_picture(node, room, ctx, ctx.alts.get(node.id, ""))
    if node.flow == "rule":
        return controls.build_rule(node, room, ctx)
    if node.flow == "shape":
        return controls.build_shape(node, room, ctx)
    if role == "quote":
        return _build_quote(node, room, ctx)
    if node.flow == "table":
        return build_table(node, room, ctx, build_element)
    return _build_group(node, room, ctx)


def _build_text(node: Node, room: Room, ctx: Context) -> Element:
    tag = node.label.tag
    if "trail" in node.label.flags:
        return _build_trail(node, room, ctx)
    name = "label" if tag == "label" else TEXT_PARTS.get(node.label.role, "text")
    if tag == "a":
        element = build_text_element(node, room, ctx, "a", name)
        element.attrs["href"] = find_target(node.text)
        element.style["display"] = "block"
    else:
        element = build_text_element(node, room, ctx, tag if tag != "li" else "p", name)
    keep_off_edges(element, room, ctx.width)
    return element


def _build_trail(node: Node, room: Room, ctx: Context) -> Element:
    """Return a breadcrumb: a nav whose parts are links, but for the last, which is the page."""
    nav = build_text_element(node, room, ctx, "nav", "trail")
    nav.block = "breadcrumb"
    nav.attrs["aria-label"] = "Breadcrumb"
    parts = split_trail(node.text.strip())
    nav.children = []
    for place, part in enumerate(parts[:-1]):
        is_sign = place % 2 == 1
        link = Element("a", "link", {"text-decoration": "none"}, attrs={"href": "#"})
        link.children = [part]
        nav.children.append(part if is_sign else link)
    current = Element("span", "current", attrs={"aria-current": "page"}, children=[parts[-1]])
    nav.children.append(current)
    keep_off_edges(nav, room, ctx.width)
    return nav


def _build_group(node: Node, room: Room, ctx: Context) -> Element:
    label = node.label
    element = Element(label.tag, PARTS.get(label.role, label.role), node=node.id)
    element.block = label.name or BLOCKS.get(label.role, "")
    if label.role == "section":
        element.block, element.own = BLOCKS["section"], label.name
    if label.tag == "a":
        element.attrs["href"] = "#"
        element.name = "entry"
    if label.tag == "nav":
        element.attrs["aria-label"] = _describe_nav(node)
    element.style.update(build_surface_styles(node.surface))
    if node.surface is not None:
        controls.place_box(element, node, room, ctx)
        room = column.get_inner_room(node, room)
    body = _find_body_element(element, node)
    if node.flow == "stack":
        rows.build_stack(body, node, room, ctx, build_element)
    elif node.flow == "row":
        is_grid = label.role in ("columns", "cards") or is_block_row(node)
        build_row = rows.build_grid_row if is_grid else rows.build_flex_row
        build_row(body, node, room, ctx, build_element)
    else:
        _build_column(body, node, room, ctx)
    if not _holds_band(body, node, room):
        keep_off_edges(body, room, ctx.width)
    if label.tag in ("ul", "ol") or _is_link_list(node):
        _convert_to_list(body, node)
    if label.tag == "label":
        _flatten_to_phrasing(element)
    if label.tag == "a":
        _flatten_link(element)
    if "folds" in label.flags:
        fold_menu(element, ctx.ground)
    if "bar" in label.flags:
        return _wrap_bar(element)
    if "discloses" in label.flags:
        return _wrap_disclosure(element)
    return element


def _describe_nav(nav: Node) -> str:
    if nav.label.name == "pagination":
        return "Pagination"
    return "Main" if nav.box.y < 300 else "More"


def _wrap_bar(bar: Element) -> Element:
    """Return the header around a bar of links, which is a nav with the site's name in it."""
    header = Element(bar.tag, block=bar.block, node=bar.node, children=[bar])
    bar.tag, bar.name, bar.block, bar.node = "nav", "bar", "", 0
    bar.attrs["aria-label"] = "Main"
    return header


def _wrap_disclosure(box: Element) -> Element:
    """Return the box as the summary of details: what it opens is not in the picture."""
    details = Element("details", "disclosure", block=box.block or "disclosure", node=box.node)
    details.children = [box]
    box.tag, box.name, box.block, box.node = "summary", "summary", "", 0
    box.style.setdefault("display", "block")
    box.style.update({"list-style": "none", "cursor": "pointer"})
    for key in MARGINS:
        if key in box.style:
            details.style[key] = box.style.pop(key)
        if key in box.small:
            details.small[key] = box.small.pop(key)
    return details


def _holds_band(element: Element, node: Node, room: Room) -> bool:
    """Return True if the margin is a child's: a band as wide as the page, or a container."""
    has_container = any(
        isinstance(child, Element) and child.name == "inner" for child in element.children
    )
    is_bled = any(controls.fills_room(child, room) for child in node.children)
    is_split = node.flow == "row" and any(
        child.surface is not None or child.flow == "picture" for child in node.children
    )
    return has_container or is_bled or is_split


def _flatten_link(link: Element) -> None:
    """Make everything in a link a span, because a link holds no other links and no paragraphs here."""
    link.style["text-decoration"] = "none"
    link.style.setdefault("color", "inherit")
    for child in link.walk():
        if child is not link and child.tag in NOT_IN_LINKS:
            child.tag = "span"
            child.attrs.pop("href", None)
            if "display" not in link.style:
                child.style["display"] = "block"


def _flatten_to_phrasing(element: Element) -> None:
    """Turn paragraphs in a label into spans, because HTML allows only text there."""
    for child in element.children:
        if isinstance(child, Element) and child.tag == "p":
            child.tag = "span"


def _build_quote(node: Node, room: Room, ctx: Context) -> Element:
    """Return a quote: the bar becomes a border, and the text is indented by its distance."""
    bar, text = node.children
    color = bar.surface.fill if bar.surface and bar.surface.fill else ctx.base.color
    element = Element("blockquote", "quote", block="quote", node=node.id)
    element.style["border-left"] = f"{round(bar.box.width)}px solid {color}"
    element.style["padding-left"] = float(round(text.box.x - bar.box.right))
    if bar.box.x - room.left > 1.5:
        element.style["margin-left"] = float(round(bar.box.x - room.left))
    for side, space in (
        ("top", text.box.y - bar.box.y),
        ("bottom", bar.box.bottom - text.box.bottom),
    ):
        if space >= 0.5:
            element.style[f"padding-{side}"] = float(round(space))
    element.children = [build_element(text, Room(text.box.x, room.right), ctx)]
    return element


def _find_body_element(element: Element, node: Node) -> Element:
    """Return the element that lays out the children: a nav's list, else the element itself."""
    if not _is_link_list(node):
        return element
    inner = Element("ul", "list")
    element.children = [inner]
    return inner


def _is_link_list(node: Node) -> bool:
    """Return True for a nav of links; one of several lists has no list around them."""
    return node.label.tag == "nav" and node.label.role == "nav"


def _build_column(element: Element, node: Node, room: Room, ctx: Context) -> None:
    children = column.reduce_line_heights(list(node.children))
    inner = column.find_content_room(tuple(children), room)
    container = element
    column_node = replace(node, children=tuple(children))
    if column.is_centered(room, inner) and "discloses" not in node.label.flags:
        if node.surface is not None:
            container = Element("div", "inner")
            element.children = [container]
        container.style.update(column.build_container_styles(inner))
    else:
        column.pad_sides(element, room, inner, room)
    elements = [build_element(child, inner, ctx) for child in children]
    column.space_children(element, column_node, children, elements, ctx)
    if container is not element and "display" in element.style:
        for key in ("display", "grid-template-columns", "gap"):
            container.style[key] = element.style.pop(key)
    container.children = list(elements)


def _convert_to_list(element: Element, node: Node) -> None:
    """Turn the children into list items; marked ones keep their markers left of the text."""
    is_marked = any(child.marker for child in node.children)
    if is_marked:
        element.style["list-style"] = "decimal" if node.label.tag == "ol" else "disc"
    else:
        element.style["list-style"] = "none"
    items: list[Element | str] = []
    for child, content in zip(node.children, element.children, strict=True):
        assert isinstance(content, Element)
        items.append(_build_list_item(child, content, is_marked))
    element.children = items


def _turn_into_item(content: Element) -> Element:
    """Return the element as the list item itself; its texts are no paragraphs where they are one line."""
    content.tag = "li"
    inner = [child for child in content.children if isinstance(child, Element)]
    paragraphs = [child for child in inner if child.tag == "p"]
    if is_row(content):
        for paragraph in paragraphs:
            paragraph.tag = "span"
    elif len(paragraphs) == 1 and len(inner) == 1:
        paragraphs[0].tag = "span"
        paragraphs[0].style["display"] = "block"
    return content


def _build_list_item(node: Node, content: Element, is_marked: bool) -> Element:
    if is_marked and content.tag in ("p", "li"):
        content.tag = "li"
        return content
    if node.label.tag != "a" and content.tag in ("p", "div"):
        return _turn_into_item(content)
    item = Element("li", "", children=[content])
    for key in ("margin-left", "margin-top", "max-width", "flex"):
        if key in content.style and content.tag == "a":
            item.style[key] = content.style.pop(key)
    if item.style:
        item.name = "item"
    if node.label.tag == "a" and (content.tag != "a" or node.children):
        content.tag = "a"
        content.attrs["href"] = "#"
        _flatten_link(content)
    return item
