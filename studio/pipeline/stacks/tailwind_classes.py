"""Tailwind classes for every element of a document, and the style sheet that remains."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from studio.pipeline.stacks.defaults import BARE, INHERIT, PREFLIGHT, SIDES, get_browser_styles
from studio.pipeline.stacks.document import Document, El
from studio.pipeline.stacks.rule_sheet import write_rule
from studio.pipeline.stacks.theme import Theme, find_theme
from studio.pipeline.stacks.utilities import write_utilities
from studio.pipeline.stacks.variants import write_variant_prefix

MONO = {"pre", "code", "kbd", "samp", "textarea"}
ZERO = {"0", "0px", "0rem", "0em"}
INHERITED = {
    *INHERIT,
    "font-style",
    "text-align",
    "text-transform",
    "list-style-type",
    "white-space",
    "cursor",
}
SIZED = {"width", "height", "min-width", "min-height", "max-width", "max-height", "flex-basis"}


def assign_classes(document: Document, theme: Theme | None = None) -> Theme:
    """Set `classes` of every element; return the theme whose names they use.

    `theme` is the document's own unless one is given.
    """
    theme = theme or build_theme(document)
    for element in document.body.walk():
        kept = [name for name in element.names if _is_kept(name, document)]
        names = write_utilities(_find_own_styles(element, theme), theme)
        for variant, values in element.look.values.items():
            if variant:
                names += [
                    write_variant_prefix(variant, theme.breakpoints) + name
                    for name in write_utilities(_drop_implied_content(values, variant), theme)
                ]
        element.classes = (*kept, *dict.fromkeys(names))
    return theme


def build_theme(document: Document) -> Theme:
    values = [look for element in document.body.walk() for look in element.look.values.values()]
    fonts = Counter(value["font-family"] for value in values if "font-family" in value)
    body = document.body.look.base.get("font-family")
    first = [body] if body else []
    theme = find_theme(
        document.sheet.tokens,
        [value["font-size"] for value in values if "font-size" in value],
        [*first, *(family for family, _ in fonts.most_common())],
    )
    if "mono" not in theme.fonts.values() and any(
        element.tag in MONO for element in document.body.walk()
    ):
        # The framework's own list begins with fonts that look different. Browsers draw a lone
        # `monospace` smaller.
        has_size = "font-size" in document.body.look.base
        theme.fonts["monospace, monospace" if has_size else "monospace"] = "mono"
    return theme


def write_theme_sheet(document: Document, theme: Theme) -> str:
    """Return a Tailwind project's style sheet: framework, theme, and what no class expresses."""
    lines = theme.lines()
    parts = ['@import "tailwindcss";']
    if lines:
        clear = ["--text-*: initial;"] if theme.sizes else []
        parts.append("@theme {\n" + "\n".join(f"  {line}" for line in [*clear, *lines]) + "\n}")
    base = []
    if theme.other:
        base.append(
            ":root {\n"
            + "\n".join(f"  {name}: {theme.renamed(value)};" for name, value in theme.other.items())
            + "\n}"
        )
    if _has_plain_placeholder(document):
        base.append(
            write_rule("::placeholder", (("color", "darkgray", False), ("opacity", "1", False)))
        )
    rest = [theme.renamed(text) for text in [*document.sheet.rest, *document.strange]]
    base += [text for text in rest if text.startswith(("::", ":root", "html"))]
    if base:
        parts.append("@layer base {\n" + _indent("\n\n".join(base)) + "\n}")
    parts += [text for text in rest if not text.startswith(("::", ":root", "html"))]
    return "\n\n".join(parts) + "\n"


def _find_own_styles(element: El, theme: Theme) -> dict[str, str]:
    """Return what the element declares beyond the framework's reset.

    It includes the browser's own styles that the reset removed.
    """
    tag = element.tag
    reset = {**BARE, "border-top-style": "none", **PREFLIGHT.get(tag, {})}
    usual = {
        **get_browser_styles(tag, element.attrs.get("type", "")),
        **_read_size_attributes(element),
    }
    if tag == "body":
        reset["font-family"] = "sans"
    if not theme.is_whole_application:
        _expect_foreign_styles(element, reset)
    declared = {**usual, **element.look.base}
    own = {
        name: value
        for name, value in declared.items()
        if not _is_same_value(name, value, reset.get(name), theme)
    }
    if SIZED & declared.keys() and element.look.base.get("box-sizing") != "border-box":
        own["box-sizing"] = "content-box"
    else:
        own.pop("box-sizing", None)
    for side in SIDES:
        has_no_width = declared.get(f"border-{side}-width", "0") in ZERO
        has_no_style = declared.get(f"border-{side}-style", "none") in ("none", "hidden")
        if has_no_width or has_no_style:
            for kind in ("width", "style", "color"):
                own.pop(f"border-{side}-{kind}", None)
    return own


def _expect_foreign_styles(element: El, reset: dict[str, str]) -> None:
    """Remove from `reset` what an application decides itself, so that the page declares it."""
    if element.tag == "body":
        for name in INHERIT:
            reset.pop(name, None)
    if element.tag in MONO:
        reset.pop("font-family", None)


def _drop_implied_content(values: dict[str, str], variant: tuple[str, ...]) -> dict[str, str]:
    """Return the values without a pseudo-element's empty content, which Tailwind adds itself."""
    if set(variant) & {"before", "after"} and values.get("content") in ("''", '""'):
        return {name: value for name, value in values.items() if name != "content"}
    return values


def _read_size_attributes(element: El) -> dict[str, str]:
    """Return the sizes in a picture's attributes, which apply until a reset overrides them."""
    if element.tag not in ("img", "video"):
        return {}
    return {
        name: f"{value}px"
        for name in ("width", "height")
        if (value := element.attrs.get(name, "")).isdigit()
    }


def _is_same_value(name: str, value: str, reset: str | None, theme: Theme) -> bool:
    if reset is None:
        return value in ("inherit", "unset") and name in INHERITED
    plain = theme.flat(value)
    return (
        plain == reset or (plain in ZERO and reset in ZERO) or {plain, reset} <= {"400", "normal"}
    )


def _is_kept(name: str, document: Document) -> bool:
    """Return True if a rule in the rest of the style sheet, or a script, uses the class."""
    texts: Iterable[str] = (*document.sheet.rest, *document.strange, document.script)
    return any(f".{name}" in text or f'"{name}"' in text or f"'{name}'" in text for text in texts)


def _has_plain_placeholder(document: Document) -> bool:
    return any("placeholder" in e.attrs for e in document.body.walk()) and not any(
        "::placeholder" in text for text in document.sheet.rest
    )


def _indent(text: str) -> str:
    return "\n".join(f"  {line}" if line else line for line in text.splitlines())
