"""One style sheet from rules of classes: a short reset, the rules, and those for narrow screens.

Colors become custom properties.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from studio.pipeline.codegen.design_tokens import Tokens
from studio.pipeline.codegen.element import Styles, Value

BREAKPOINT = 800  # px; between tablets held upright and laptops
NARROWER = 0.8  # share of a narrow mockup's own width
DISPLAY_TYPE = 36.0  # px from which type shrinks on narrow screens
SMALLEST_DISPLAY = 32.0  # px, that a word of 16 letters fits into a phone of 320 px
DISPLAY_SHARE = 9.0  # vw: 35 px on a phone of 390 px, 72 px at the breakpoint
SPACELESS = ",\n".join(
    (
        "body",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "p",
        "ul",
        "ol",
        "li",
        "hr",
        "blockquote",
        "td",
        "th",
    )
)


def write_sheet(
    rules: Iterable[tuple[str, Styles, Styles]], base: Styles, ground: str, width: float
) -> str:
    """Return the style sheet: properties, a short reset, the rules, narrow screens' rules.

    `width` is the mockup's: rules for narrower screens than it may not change the page at its own.
    """
    rules = list(rules)
    tokens = Tokens([base, *(style for _, style, _ in rules)], ground, str(base["color"]))
    parts = [tokens.root(), _write_reset(base, tokens, rules)]
    parts += [_write_rule(f".{name}", style, tokens) for name, style, _ in rules if style]
    small = [_write_rule(f".{name}", style, tokens, "  ") for name, _, style in rules if style]
    small += _shrink_display_type(rules, tokens)
    if small:
        parts.append(
            f"@media (max-width: {find_breakpoint(width)}px) {{\n" + "\n\n".join(small) + "\n}"
        )
    return "\n\n".join(parts) + "\n"


def find_breakpoint(width: float) -> int:
    """Return the px up to which a screen is narrow, for a page drawn at `width`."""
    if width > BREAKPOINT:
        return BREAKPOINT
    return round(NARROWER * width)


def _shrink_display_type(rules: Iterable[tuple[str, Styles, Styles]], tokens: Tokens) -> list[str]:
    """Return rules that shrink large type on narrow screens, where a word of it would not fit."""
    rules_for_small = []
    for name, style, _ in rules:
        size = style.get("font-size")
        if isinstance(size, float) and size >= DISPLAY_TYPE:
            rules_for_small.append(
                _write_rule(f".{name}", {"font-size": _write_clamp(size)}, tokens, "  ")
            )
    return rules_for_small


def _write_clamp(size: float) -> str:
    """Return a font size that grows with a narrow screen, up to that of wide ones."""
    return f"clamp({SMALLEST_DISPLAY / 16:g}rem, {DISPLAY_SHARE:g}vw, {round(size) / 16:g}rem)"


def _write_reset(base: Styles, tokens: Tokens, rules: list[tuple[str, Styles, Styles]]) -> str:
    placeholder = any("--placeholder" in style for _, style, _ in rules)
    parts = [
        "*,\n*::before,\n*::after {\n  box-sizing: border-box;\n}",
        f"{SPACELESS} {{\n  margin: 0;\n  padding: 0;\n}}",
        "h1,\nh2,\nh3,\nh4,\nh5,\nh6,\nbutton,\ninput,\ntextarea,\nselect {\n  font: inherit;\n  color: inherit;\n}",
        "img {\n  display: block;\n  flex: none;\n  max-width: 100%;\n  height: auto;\n}",
        "svg {\n  display: block;\n  flex: none;\n}",
        "a {\n  color: inherit;\n}",
        "label {\n  display: block;\n}",
        _write_rule("body", base, tokens),
    ]
    if placeholder:
        parts.append("::placeholder {\n  color: var(--placeholder);\n  opacity: 1;\n}")
    return "\n\n".join(parts)


def _write_rule(selector: str, style: Mapping[str, Value], tokens: Tokens, indent: str = "") -> str:
    lines = [f"{indent}  {name}: {value};" for name, value in write_shorthands(style, tokens)]
    return f"{indent}{selector} {{\n" + "\n".join(lines) + f"\n{indent}}}"


def write_shorthands(style: Mapping[str, Value], tokens: Tokens) -> list[tuple[str, str]]:
    """Return declarations with paddings joined where all sides are set."""
    out: dict[str, str] = {name: tokens.value(name, value) for name, value in style.items()}
    if "row-gap" in out and "column-gap" in out:
        out["gap"] = f"{out.pop('row-gap')} {out.pop('column-gap')}"
    if "margin-left" in out and out["margin-left"] == out.get("margin-right"):
        out["margin-inline"] = out.pop("margin-left")
        del out["margin-right"]
    sides = [out.get(f"padding-{side}") for side in ("top", "right", "bottom", "left")]
    if all(side is not None for side in sides):
        top, right, bottom, left = (str(side) for side in sides)
        for side in ("top", "right", "bottom", "left"):
            del out[f"padding-{side}"]
        out["padding"] = _join_sides(top, right, bottom, left)
        return list(out.items())
    for start, end, axis in (("top", "bottom", "block"), ("left", "right", "inline")):
        first = out.get(f"padding-{start}")
        second = out.get(f"padding-{end}")
        if first is not None and first == second and f"padding-{axis}" not in out:
            del out[f"padding-{start}"], out[f"padding-{end}"]
            out[f"padding-{axis}"] = first
    return list(out.items())


def _join_sides(top: str, right: str, bottom: str, left: str) -> str:
    if left == right:
        if top == bottom:
            return top if top == right else f"{top} {right}"
        return f"{top} {right} {bottom}"
    return f"{top} {right} {bottom} {left}"
