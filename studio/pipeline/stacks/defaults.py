"""What browsers style without any style sheet, and what the frameworks' resets change.

Only properties that the resets touch are listed. The difference between the two is what a converted
page has to declare itself.
"""

from __future__ import annotations

SIDES = ("top", "right", "bottom", "left")
CORNERS = ("top-left", "top-right", "bottom-right", "bottom-left")
Styles = dict[str, str]


def expand_sides(name: str, value: str) -> Styles:
    """Return a margin, padding or border property ('border-{}-width') on all four sides."""
    return {name.format(side): value for side in SIDES}


def make_block_margins(space: str) -> Styles:
    return {"margin-top": space, "margin-bottom": space}


def _make_heading_styles(size: str, space: str) -> Styles:
    return {"font-size": size, "font-weight": "bold", **make_block_margins(space)}


CONTROL: Styles = {
    "font-size": "13.3333px",
    "font-family": "Arial",
    "color": "fieldtext",
    "line-height": "normal",
    "text-align": "start",
    "letter-spacing": "normal",
    "background-color": "field",
    "font-weight": "400",
    **expand_sides("border-{}-width", "2px"),
    **expand_sides("border-{}-style", "inset"),
    **expand_sides("border-{}-color", "light-dark(#767676, #858585)"),
}
BUTTON: Styles = {
    **CONTROL,
    "color": "buttontext",
    "background-color": "buttonface",
    "text-align": "center",
    **expand_sides("border-{}-style", "outset"),
    **expand_sides("border-{}-color", "buttonborder"),
    "padding-top": "1px",
    "padding-bottom": "1px",
    "padding-left": "6px",
    "padding-right": "6px",
}
INPUT: Styles = {
    **CONTROL,
    "padding-top": "1px",
    "padding-bottom": "1px",
    "padding-left": "2px",
    "padding-right": "2px",
}
LIST: Styles = {**make_block_margins("1em"), "padding-left": "40px"}
MEDIA: Styles = {"display": "inline", "vertical-align": "baseline"}
MONO: Styles = {"font-family": "monospace"}

# Chromium's styles, without those that no reset changes.
BROWSER: dict[str, Styles] = {
    "body": {
        **expand_sides("margin-{}", "8px"),
        "line-height": "normal",
        "font-family": "serif",
        "font-size": "16px",
        "font-weight": "400",
        "color": "black",
        "background-color": "transparent",
    },
    "h1": _make_heading_styles("2em", "0.67em"),
    "h2": _make_heading_styles("1.5em", "0.83em"),
    "h3": _make_heading_styles("1.17em", "1em"),
    "h4": _make_heading_styles("1em", "1.33em"),
    "h5": _make_heading_styles("0.83em", "1.67em"),
    "h6": _make_heading_styles("0.67em", "2.33em"),
    "p": make_block_margins("1em"),
    "dl": make_block_margins("1em"),
    "dd": {"margin-left": "40px"},
    "blockquote": {**make_block_margins("1em"), "margin-left": "40px", "margin-right": "40px"},
    "figure": {**make_block_margins("1em"), "margin-left": "40px", "margin-right": "40px"},
    "ul": {**LIST, "list-style-type": "disc"},
    "menu": {**LIST, "list-style-type": "disc"},
    "ol": {**LIST, "list-style-type": "decimal"},
    "a": {"color": "-webkit-link", "text-decoration-line": "underline"},
    "hr": {
        **make_block_margins("0.5em"),
        **expand_sides("border-{}-width", "1px"),
        **expand_sides("border-{}-style", "inset"),
        "color": "gray",
        "height": "auto",
        "opacity": "1",
    },
    "img": {**MEDIA, "max-width": "none", "height": "auto"},
    "video": {**MEDIA, "max-width": "none", "height": "auto"},
    "svg": MEDIA,
    "canvas": MEDIA,
    "iframe": {
        **MEDIA,
        **expand_sides("border-{}-width", "2px"),
        **expand_sides("border-{}-style", "inset"),
    },
    "audio": MEDIA,
    "embed": MEDIA,
    "object": MEDIA,
    "table": {"border-collapse": "separate"},
    "td": expand_sides("padding-{}", "1px"),
    "th": {**expand_sides("padding-{}", "1px"), "font-weight": "bold", "text-align": "center"},
    "caption": {
        "padding-top": "0",
        "padding-bottom": "0",
        "color": "inherit",
        "text-align": "center",
    },
    "button": BUTTON,
    "input": INPUT,
    "textarea": {
        **INPUT,
        "font-family": "monospace",
        **expand_sides("border-{}-width", "1px"),
        **expand_sides("border-{}-style", "solid"),
    },
    "select": {
        **CONTROL,
        "background-color": "buttonface",
        **expand_sides("border-{}-width", "1px"),
        **expand_sides("border-{}-style", "solid"),
    },
    "fieldset": {
        "margin-left": "2px",
        "margin-right": "2px",
        "padding-top": "0.35em",
        "padding-bottom": "0.625em",
        "padding-left": "0.75em",
        "padding-right": "0.75em",
        **expand_sides("border-{}-width", "2px"),
        **expand_sides("border-{}-style", "groove"),
    },
    "legend": {"padding-left": "2px", "padding-right": "2px"},
    "label": {"display": "inline"},
    "pre": {**MONO, **make_block_margins("1em")},
    "code": MONO,
    "kbd": MONO,
    "samp": MONO,
    "small": {"font-size": "smaller"},
    "address": {"font-style": "italic", "margin-bottom": "0"},
    "summary": {"display": "list-item"},
}

# Of every element, in a browser and after any framework's reset.
BARE: Styles = {
    **expand_sides("margin-{}", "0"),
    **expand_sides("padding-{}", "0"),
    **expand_sides("border-{}-width", "0"),
    **expand_sides("border-{}-style", "none"),
    **expand_sides("border-{}-color", "currentcolor"),
    **{f"border-{corner}-radius": "0" for corner in CORNERS},
    "background-image": "none",
    "background-color": "transparent",
}


def get_browser_styles(tag: str, kind: str = "") -> Styles:
    """Return a browser's styles of the tag; `kind` is an input's type."""
    if tag == "input" and kind in ("submit", "button", "reset"):
        return BUTTON
    if tag == "input" and kind in (
        "checkbox",
        "radio",
        "range",
        "color",
        "hidden",
        "file",
        "image",
    ):
        return {
            "margin-top": "3px",
            "margin-right": "3px",
            "margin-bottom": "3px",
            "margin-left": "4px",
        }
    return BROWSER.get(tag, {})


INHERIT = ("font-family", "font-size", "font-weight", "line-height", "letter-spacing", "color")
_CONTROL = {**dict.fromkeys(INHERIT, "inherit"), "background-color": "transparent"}
_HEADING = {"font-size": "inherit", "font-weight": "inherit"}
_BLOCK = {"display": "block", "vertical-align": "middle"}
_PICTURE = {**_BLOCK, "max-width": "100%", "height": "auto"}
_MONO = {"font-family": "monospace"}
_LIST = {"list-style-type": "none"}

# Tailwind's preflight.
PREFLIGHT: dict[str, Styles] = {
    "body": {
        "line-height": "1.5",
        "font-size": "16px",
        "font-weight": "400",
        "color": "black",
        "background-color": "transparent",
        "font-style": "normal",
    },
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _HEADING),
    **dict.fromkeys(("ul", "ol", "menu"), _LIST),
    "a": {"color": "inherit", "text-decoration-line": "inherit"},
    "hr": {"border-top-width": "1px", "height": "0", "color": "inherit", "opacity": "1"},
    **dict.fromkeys(("svg", "canvas", "audio", "iframe", "embed", "object"), _BLOCK),
    **dict.fromkeys(("img", "video"), _PICTURE),
    "table": {"border-collapse": "collapse"},
    "th": {"font-weight": "bold", "text-align": "center"},
    "caption": {"text-align": "center", "color": "inherit"},
    **dict.fromkeys(("button", "input", "select", "textarea"), _CONTROL),
    "button": {**_CONTROL, "text-align": "center"},
    "label": {"display": "inline"},
    **dict.fromkeys(("pre", "code", "kbd", "samp"), _MONO),
    "small": {"font-size": "80%"},
    "address": {"font-style": "italic"},
    "summary": {"display": "list-item"},
}

_HEADINGS = {
    "h1": "2.5rem",
    "h2": "2rem",
    "h3": "1.75rem",
    "h4": "1.5rem",
    "h5": "1.25rem",
    "h6": "1rem",
}
_LISTS = {"padding-left": "2rem", "margin-bottom": "1rem", "margin-top": "0"}
_FONT = {"font-family": "inherit", "font-size": "inherit", "line-height": "inherit"}
_FIELD = {**INPUT, **_FONT}

# Bootstrap's reboot.
REBOOT: dict[str, Styles] = {
    "body": {
        **expand_sides("margin-{}", "0"),
        "line-height": "1.5",
        "font-family": "system",
        "font-size": "1rem",
        "font-weight": "400",
        "color": "#212529",
        "background-color": "#fff",
    },
    **{
        tag: {
            "font-size": size,
            "font-weight": "500",
            "line-height": "1.2",
            "margin-top": "0",
            "margin-bottom": ".5rem",
            "color": "inherit",
        }
        for tag, size in _HEADINGS.items()
    },
    "p": {"margin-top": "0", "margin-bottom": "1rem"},
    "dl": {"margin-top": "0", "margin-bottom": "1rem"},
    "dd": {"margin-bottom": ".5rem", "margin-left": "0"},
    "blockquote": {**expand_sides("margin-{}", "0"), "margin-bottom": "1rem"},
    "figure": {**expand_sides("margin-{}", "0"), "margin-bottom": "1rem"},
    "ul": {**_LISTS, "list-style-type": "disc"},
    "ol": {**_LISTS, "list-style-type": "decimal"},
    "a": {"color": "rgba(13, 110, 253)", "text-decoration-line": "underline"},
    "hr": {
        "margin-top": "1rem",
        "margin-bottom": "1rem",
        "border-top-width": "1px",
        "color": "inherit",
        "opacity": ".25",
        "border-top-style": "solid",
        **dict.fromkeys(("border-right-width", "border-bottom-width", "border-left-width"), "0"),
    },
    "img": {"display": "inline", "vertical-align": "middle"},
    "svg": {"display": "inline", "vertical-align": "middle"},
    "table": {"border-collapse": "collapse"},
    "th": {"font-weight": "bold", "text-align": "inherit"},
    "caption": {
        "padding-top": ".5rem",
        "padding-bottom": ".5rem",
        "color": "#6c757d",
        "text-align": "left",
    },
    **dict.fromkeys(("input", "select", "textarea"), _FIELD),
    "button": {**BUTTON, **_FONT},
    "label": {"display": "inline-block"},
    "pre": {
        "font-family": "mono",
        "font-size": ".875em",
        "margin-top": "0",
        "margin-bottom": "1rem",
    },
    "code": {"font-family": "mono", "font-size": ".875em", "color": "#d63384"},
    "small": {"font-size": ".875em"},
    "address": {"font-style": "normal", "margin-bottom": "1rem"},
    "summary": {"display": "list-item"},
}
