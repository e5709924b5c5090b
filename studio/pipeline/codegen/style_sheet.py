"""One style sheet from styles on elements.

Nearly equal numbers are made equal, equal styles share a class, and colors become custom properties.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from statistics import median

from studio.pipeline.codegen.design_tokens import Tokens
from studio.pipeline.codegen.element import Element, Styles, Value

Pairs = tuple[tuple[str, Value], ...]
Key = tuple[str, Pairs, Pairs, tuple[tuple[str, Pairs], ...]]
# Px by which elements of one kind may differ and still share a class: differences that cannot be seen
# without direct comparison.
SLACK = {
    "margin-top": 1.5,
    "margin-bottom": 1.5,
    "padding-top": 1.5,
    "padding-bottom": 1.5,
    "gap": 1.0,
    "margin": 2.0,
    "padding": 2.0,
    "width": 2.0,
    "height": 1.5,
    "max-width": 4.0,
    "font-size": 0.6,
    "line-height": 1.5,
    "letter-spacing": 0.5,
    "text-indent": 1.0,
}
STEP = 4.0  # px of the scale of spaces
NEAR_STEP = 1.0  # px within which a space goes on the scale
NEAR_STEP_DOWN = 0.26  # px, for spaces down the page, where small errors add up
DISPLAY_TYPE = 36.0  # px from which type shrinks on narrow screens
SMALLEST_DISPLAY = 32.0  # px, that a word of 16 letters fits into a phone of 320 px
DISPLAY_SHARE = 9.0  # vw: 35 px on a phone of 390 px, 72 px at the breakpoint
NOTHING = 0.75  # px; a smaller space is dropped
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


def unify_near_numbers(root: Element) -> None:
    """Give elements of one kind with nearly equal numbers the same numbers.

    With them they get the same class.
    """
    groups: dict[object, list[Element]] = defaultdict(list)
    for element in root.walk():
        if element.name:
            groups[_get_shape(element)].append(element)
    for members in groups.values():
        for family in _group_by_nearness(members):
            _unify_numbers(family)


def _get_shape(element: Element) -> object:
    """Return what elements must share to be of one kind.

    It is the name, every keyword, and which numbers they have, except spaces.
    """
    words = tuple(
        (key, value) for key, value in sorted(element.style.items()) if isinstance(value, str)
    )
    needed = tuple(
        key
        for key, value in element.style.items()
        if not isinstance(value, str) and not _is_space(key)
    )
    small = tuple(sorted((key, str(value)) for key, value in element.small.items()))
    return element.name, words, tuple(sorted(needed)), small


def _group_by_nearness(members: list[Element]) -> list[list[Element]]:
    """Return greedy groups around the first remaining element, in the order of the page."""
    remaining = list(members)
    groups = []
    while remaining:
        first = remaining[0]
        groups.append([element for element in remaining if _is_near(first, element)])
        remaining = [element for element in remaining if not _is_near(first, element)]
    return groups


def _is_near(one: Element, other: Element) -> bool:
    return all(
        abs(_get_number(one, key) - _get_number(other, key)) <= _get_tolerance(key)
        for key in _list_numbers(one) | _list_numbers(other)
    )


def _unify_numbers(family: list[Element]) -> None:
    for key in set().union(*(_list_numbers(element) for element in family)):
        values = [_get_number(element, key) for element in family]
        middle = _round_to_scale(key, median(values)) if _is_space(key) else median(values)
        for element in family:
            if _is_space(key) and abs(middle) < NOTHING:
                element.style.pop(key, None)
            else:
                element.style[key] = middle


def _round_to_scale(key: str, px: float) -> float:
    """Return the nearest step of the scale if it is near, else the nearest half pixel."""
    step = round(px / STEP) * STEP
    near = NEAR_STEP_DOWN if key.endswith(("top", "bottom")) else NEAR_STEP
    return step if abs(step - px) <= near else round(px * 2) / 2


def _list_numbers(element: Element) -> set[str]:
    return {key for key, value in element.style.items() if not isinstance(value, str)}


def _get_number(element: Element, key: str) -> float:
    """Return the number of a style; 0 for a space that is not set."""
    value = element.style.get(key, 0.0)
    return 0.0 if isinstance(value, str) else float(value)


def _is_space(key: str) -> bool:
    return key.startswith(("padding", "margin", "gap"))


def _get_tolerance(key: str) -> float:
    return next((px for start, px in SLACK.items() if key.startswith(start)), 0.0)


def name_classes(root: Element) -> list[tuple[str, Styles, Styles]]:
    """Give every styled element its class; return the rules in the order of the page."""
    known: dict[Key, str] = {}
    used: Counter[str] = Counter()
    rules: list[tuple[str, Styles, Styles]] = []
    for element in root.walk():
        if not element.style and not element.small and not element.inner:
            continue
        name = element.name or element.tag
        inner = tuple(
            (part, tuple(sorted(style.items()))) for part, style in sorted(element.inner.items())
        )
        key = (
            name,
            tuple(sorted(element.style.items())),
            tuple(sorted(element.small.items())),
            inner,
        )
        if key not in known:
            used[name] += 1
            known[key] = name if used[name] == 1 else f"{name}-{used[name]}"
            rules.append((known[key], element.style, element.small))
            rules.extend(
                (f"{known[key]} {part}", style, {}) for part, style in element.inner.items()
            )
        element.classes = known[key]
    return rules


def write_sheet(rules: Iterable[tuple[str, Styles, Styles]], base: Styles, ground: str) -> str:
    """Return the style sheet: properties, a short reset, the rules, narrow screens' rules."""
    rules = list(rules)
    tokens = Tokens([base, *(style for _, style, _ in rules)], ground, str(base["color"]))
    parts = [tokens.root(), _write_reset(base, tokens, rules)]
    parts += [_write_rule(f".{name}", style, tokens) for name, style, _ in rules if style]
    small = [_write_rule(f".{name}", style, tokens, "  ") for name, _, style in rules if style]
    small += _shrink_display_type(rules, tokens)
    if small:
        parts.append("@media (max-width: 800px) {\n" + "\n\n".join(small) + "\n}")
    return "\n\n".join(parts) + "\n"


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
