"""Buttons, badges, fields and choices; and pictures, shapes and rules."""

from __future__ import annotations

from studio.pipeline.codegen.columns import write_offset
from studio.pipeline.codegen.context import (
    Context,
    build_surface_styles,
    build_text_styles,
    measure_border_width,
)
from studio.pipeline.codegen.element import Element, Room, Styles
from studio.pipeline.codegen.form_fields import guess_type
from studio.pipeline.codegen.icon_tracing import IconPath, is_ticked, trace_icon
from studio.pipeline.layout.nodes import Node

FAR = 120.0  # px; a larger offset is a share of the room's width
OFF_CENTER = 2.0  # px by which a button's label may be off its middle, by rounding and descenders
APART = 48.0  # px between a button's parts from which they are at its two ends
EVEN = 3.0  # px; gaps that differ by less are one number
ICON_BUTTON = "Icon button"  # what a button without words is called, for want of a better name
# Boxes of a line; the style sheet's reset makes blocks of img and label.
INLINE = ("input", "select", "textarea")
FILLS = 3.0  # px; a child this close to both edges of its room fills it


def fills_room(node: Node, room: Room) -> bool:
    return abs(node.box.x - room.left) <= FILLS and abs(node.box.right - room.right) <= FILLS


def place_box(
    element: Element, node: Node, room: Room, ctx: Context, *, width: str | None = None
) -> None:
    """Put a box of its own width left, centered or right in its room.

    Nothing is set if it fills the room.
    """
    if fills_room(node, room):
        return
    left = node.box.x - room.left + ctx.nudge(node).shift
    right = room.right - node.box.right
    if width is None:
        element.style["max-width"] = float(round(node.box.width))
    else:
        element.style["width"] = width
    if abs(left - right) <= 4 and left > 3:
        element.style["margin-inline"] = "auto"
    elif abs(right) <= FILLS and left > 8:
        element.style["margin-left"] = "auto"
    elif abs(left) >= 1.5:
        element.style["margin-left"] = left if left <= FAR else write_offset(left, room.width)
        if left > 48:
            element.small["margin-left"] = 0.0
    margins = (element.style.get("margin-inline"), element.style.get("margin-left"))
    if element.tag in INLINE and "auto" in margins:
        element.style["display"] = "block"  # a box within a line has no automatic margins


def build_button(node: Node, room: Room, ctx: Context) -> Element:
    text = next((n for n in node.walk() if n.flow == "text"), None)
    if text is None:
        return _build_icon_button(node, room, ctx)
    is_badge = node.label.role == "badge"
    tag = "span" if is_badge else node.label.tag
    element = Element(tag, "badge" if is_badge else "button", node=node.id)
    element.style.update({"display": "flex", "align-items": "center", "justify-content": "center"})
    style = build_text_styles(text.style, ctx.base, ctx.nudge(text).size)
    # A label is in the middle of its button, so its line height only has to fit into the height.
    edge_y = measure_border_width(node.surface, "t") + measure_border_width(node.surface, "b")
    inner_height = node.box.height - edge_y
    style["line-height"] = min(text.style.leading, inner_height)
    element.style.update(style)
    pad = max(0.0, (inner_height - float(style["line-height"])) / 2)
    offset = round((text.box.cy - node.box.cy) + ctx.nudge(text).before)
    if abs(offset) <= OFF_CENTER:
        offset = 0  # antialiasing: a label is in the middle of its button
    element.style["padding-top"] = max(0.0, pad + offset / 2)
    element.style["padding-bottom"] = max(0.0, pad - offset / 2)
    element.style.update(build_surface_styles(node.surface))
    element.style["text-align"] = "center"
    if tag == "a":
        element.attrs["href"] = "#"
        element.style["text-decoration"] = "none"
    elif tag == "button":
        element.attrs["type"] = "submit" if "primary" in node.label.flags else "button"
        element.style["cursor"] = "pointer"
        if node.surface is None or node.surface.border is None:
            element.style["border"] = "0"
        if "background-color" not in element.style:
            element.style["background-color"] = "transparent"
    _find_button_width(element, node, room, ctx)
    _build_button_content(element, node, text, room, ctx)
    return element


def _build_icon_button(node: Node, room: Room, ctx: Context) -> Element:
    """Return a button that holds only an icon, with its own size."""
    element = Element(node.label.tag, "button", node=node.id)
    element.style.update({"display": "flex", "align-items": "center", "justify-content": "center"})
    element.style.update(build_surface_styles(node.surface))
    element.style["height"] = float(round(node.box.height))
    element.attrs["aria-label"] = ICON_BUTTON
    if element.tag == "a":
        element.attrs["href"] = "#"
    else:
        element.attrs["type"] = "button"
        element.style["cursor"] = "pointer"
        element.style.setdefault("border", "0")
    if fills_room(node, room) and "repeat" in node.label.flags:
        element.style["width"] = "100%"
    else:
        place_box(element, node, room, ctx)
        element.style["width"] = float(round(node.box.width))
        element.style.pop("max-width", None)
    icon = next(n for n in node.walk() if n.flow == "picture")
    element.children = [build_picture(icon, None, ctx)]
    return element


def _find_button_width(element: Element, node: Node, room: Room, ctx: Context) -> None:
    content = _measure_content_width(node)
    side = max(0.0, (node.box.width - content) / 2 - measure_border_width(node.surface, "l"))
    if fills_room(node, room) and not room.own and side > 40:
        if element.tag == "button":
            element.style["width"] = "100%"
        return
    element.style["padding-inline"] = round(side * 2) / 2
    element.style["white-space"] = "nowrap"
    place_box(element, node, room, ctx, width="fit-content")
    element.style.setdefault("width", "fit-content")


def _measure_content_width(node: Node) -> float:
    boxes = [n.box for n in node.walk() if n.flow in ("text", "picture")]
    return max(b.right for b in boxes) - min(b.x for b in boxes)


def _build_button_content(
    element: Element, node: Node, text: Node, room: Room, ctx: Context
) -> None:
    parts = sorted((n for n in node.walk() if n.flow in ("text", "picture")), key=lambda n: n.box.x)
    if len(parts) == 1:
        element.children = [text.text]
        return
    gaps = [b.box.x - a.box.right for a, b in zip(parts, parts[1:], strict=False)]
    are_even = max(gaps) - min(gaps) <= EVEN
    gap = float(max(0, round(sum(gaps) / len(gaps) if are_even else min(gaps))))
    are_apart = are_even and gap > APART
    element.style["gap"] = 8.0 if are_apart else gap
    contents = [
        Element("span", "", children=[part.text])
        if part.flow == "text"
        else build_picture(part, None, ctx)
        for part in parts
    ]
    width = float(round(node.box.width))
    if are_apart:
        element.style["justify-content"] = "space-between"
        element.style["width"] = "100%" if fills_room(node, room) and not room.own else width
    elif not are_even:  # one is at the far end
        element.style["width"] = width
        contents[gaps.index(max(gaps)) + 1].style["margin-left"] = "auto"
    element.children = list(contents)


def build_field(node: Node, room: Room, ctx: Context) -> Element:
    text = next((n for n in node.walk() if n.flow == "text"), None)
    tag = node.label.tag if node.label.tag in ("textarea", "select") else "input"
    is_textarea = tag == "textarea"
    element = Element(tag, "field", node=node.id)
    label = text.text if text else ""
    element.style.update({"width": "100%", "height": float(round(node.box.height))})
    if not fills_room(node, room):
        place_box(element, node, room, ctx)
    # Browsers draw an inset border on the sides that have none.
    element.style["border"] = "0"
    element.style.update(build_surface_styles(node.surface))
    if "background-color" not in element.style:
        element.style["background-color"] = "transparent"
    if is_textarea:
        element.style["display"] = (
            "block"  # in a line it stands on the baseline, with room below it
        )
    element.attrs = {"type": guess_type(label)} if tag == "input" else {}
    if tag == "select":
        element.children = [Element("option", "", children=[label])]
    elif text:
        element.attrs["placeholder"] = label
    element.attrs["aria-label"] = label or ("Choice" if tag == "select" else "Text")
    if text:
        style = build_text_styles(text.style, ctx.base, ctx.nudge(text).size)
        del style["line-height"]
        color = style.pop("color", ctx.base.color)
        element.style.update(style)
        element.style["color" if tag == "select" else "--placeholder"] = color
        element.style["padding-inline"] = float(
            max(0, round(text.box.x - node.box.x - measure_border_width(node.surface, "l")))
        )
        if is_textarea:
            element.style["padding-top"] = float(max(0, round(text.box.y - node.box.y)))
    return element


def build_picture(node: Node, room: Room | None, ctx: Context, alt: str = "") -> Element:
    assert node.picture is not None
    width, height = max(1, round(node.box.width)), max(1, round(node.box.height))
    is_icon = node.label.role == "icon" or node.picture.kind == "icon"
    data = ctx.assets.get(node.picture.asset, b"")
    icon = trace_icon(data, node.picture.ground) if is_icon else None
    if icon is not None:
        element = _build_icon(node, icon, ctx)
    else:
        element = Element("img", "icon" if is_icon else "image", node=node.id)
        element.attrs = {
            "src": node.picture.asset,
            "alt": "" if is_icon else alt,
            "width": str(width),
            "height": str(height),
        }
    if node.picture.radius:
        element.style["border-radius"] = float(round(node.picture.radius))
    if room is None:
        return element
    if room.own:
        return element  # its attributes say how wide it is
    if fills_room(node, room) and width > 64:
        element.style["width"] = "100%"
    else:
        place_box(element, node, room, ctx)
        element.style.pop("max-width", None)
    return element


def _build_icon(node: Node, icon: IconPath, ctx: Context) -> Element:
    """Return a traced icon as an inline drawing in the color of its own class or of the text."""
    element = Element("svg", "icon", node=node.id)
    element.attrs = {
        "viewBox": f"0 0 {icon.width} {icon.height}",
        "width": str(max(1, round(node.box.width))),
        "height": str(max(1, round(node.box.height))),
        "fill": "currentColor",
        "aria-hidden": "true",
    }
    element.style["color"] = icon.color
    element.children = [Element("path", attrs={"d": icon.path})]
    return element


def build_rule(node: Node, room: Room, ctx: Context) -> Element:
    color = node.surface.fill if node.surface and node.surface.fill else ctx.base.color
    if node.box.height > node.box.width:
        style: Styles = {"width": float(max(1, round(node.box.width))), "background-color": color}
        style |= {"align-self": "stretch", "min-height": float(round(node.box.height))}
        element = Element("div", "divider", style, {"display": "none"}, node=node.id)
        place_box(element, node, room, ctx)
        element.style.pop("max-width", None)
        return element
    element = Element(
        "hr", "rule", {"border": "0", "height": float(max(1, round(node.box.height)))}, node=node.id
    )
    element.style["background-color"] = color
    place_box(element, node, room, ctx)
    return element


def build_shape(node: Node, room: Room, ctx: Context) -> Element:
    element = Element("div", "shape", build_surface_styles(node.surface), node=node.id)
    element.style["height"] = float(round(node.box.height))
    if not fills_room(node, room) or node.box.width <= 64:
        place_box(element, node, room, ctx)
        element.style.pop("max-width", None)
        element.style["width"] = float(round(node.box.width))
        if node.box.width > 120:
            element.style["max-width"] = "100%"
        element.style["flex"] = "none"
    return element


def build_choice(node: Node, ctx: Context) -> Element:
    """Return a checkbox, or a switch where the mark is much wider than high.

    A switch's knob is painted as a gradient.
    """
    box = node.box
    element = Element("input", "check", node=node.id)
    is_radio = "number" in node.label.flags
    element.attrs = {"type": "radio" if is_radio else "checkbox"}
    if node.picture is not None and is_ticked(ctx.assets.get(node.picture.asset, b"")):
        element.attrs["checked"] = ""
    if is_radio:
        element.name = "radio"
    element.style.update(
        {
            "flex": "none",
            "width": float(round(box.width)),
            "height": float(round(box.height)),
            "margin": "0",
        }
    )
    if box.width < 1.4 * box.height:
        return element
    element.name = "switch"
    element.attrs["role"] = "switch"
    element.style["appearance"] = "none"
    element.style.update(build_surface_styles(node.surface))
    knob = next(
        (child for child in node.children if child.surface is not None and child.surface.fill), None
    )
    if knob is not None and knob.surface is not None:
        radius = min(knob.box.width, knob.box.height) / 2
        center = f"{knob.box.cx - box.x:g}px {knob.box.cy - box.y:g}px"
        element.style["background-image"] = (
            f"radial-gradient(circle {radius:g}px at {center}, {knob.surface.fill} 96%, transparent)"
        )
    return element
