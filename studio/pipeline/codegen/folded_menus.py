"""Sidebars on narrow screens: the menu folds into a drawer that a button opens, without script.

The menu is a popover, which a browser hides until its button is pressed; on wide screens it is shown
in its place like any other element.
"""

from __future__ import annotations

from studio.pipeline.codegen.element import Element, Styles

MENU_ID = "site-menu"
BUTTON_TEXT = "Menu"
DRAWER_WIDTH = 280.0  # px; leaves a part of a phone's page beside it
PADDING = 16.0  # px
# What undoes a browser's own style of popovers, where the menu stands in the sidebar.
IN_PLACE: Styles = {
    "display": "block",
    "position": "static",
    "width": "auto",
    "height": "auto",
    "border": "0",
    "margin-top": 0.0,
    "margin-bottom": 0.0,
    "margin-left": 0.0,
    "margin-right": 0.0,
    "padding-top": 0.0,
    "padding-bottom": 0.0,
    "padding-left": 0.0,
    "padding-right": 0.0,
    "overflow": "visible",
    "color": "inherit",
    "background-color": "transparent",
}


def fold_menu(sidebar: Element, ground: str) -> None:
    """Make the sidebar's nav a drawer on narrow screens; `ground` is the color behind it."""
    for parent in sidebar.walk():
        for place, child in enumerate(parent.children):
            if isinstance(child, Element) and child.tag == "nav":
                _make_drawer(child, str(sidebar.style.get("background-color", ground)))
                parent.children.insert(place, _build_button(child))
                return


def _make_drawer(nav: Element, ground: str) -> None:
    nav.attrs.update({"id": MENU_ID, "popover": "auto"})
    nav.style = {**IN_PLACE, **nav.style}
    # `revert` gives the popover back to the browser, which shows it when it is open.
    nav.small.update(
        {
            "display": "revert",
            "position": "fixed",
            "width": DRAWER_WIDTH,
            "height": "100%",
            "margin-top": 0.0,
            "padding-top": PADDING,
            "padding-bottom": PADDING,
            "padding-left": PADDING,
            "padding-right": PADDING,
            "overflow": "auto",
            "background-color": ground,
        }
    )


def _build_button(nav: Element) -> Element:
    style: Styles = {
        "display": "none",
        "padding-top": PADDING / 2,
        "padding-bottom": PADDING / 2,
        "border": "1px solid currentColor",
        "border-radius": 4.0,
        "background-color": "transparent",
    }
    small: Styles = {"display": "block", "padding-left": PADDING, "padding-right": PADDING}
    attrs = {"type": "button", "popovertarget": MENU_ID}
    button = Element("button", "toggle", style, small, attrs, [BUTTON_TEXT])
    margin = nav.style.get("margin-top")
    if isinstance(margin, float) and margin > 0:
        button.small["margin-top"] = margin
    return button
