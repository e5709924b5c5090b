"""From styles on elements to one style sheet: near numbers made one, equal looks named once,
colours as properties.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from statistics import median

from studio.pipeline.codegen.design_tokens import Tokens
from studio.pipeline.codegen.element import Element, Styles, Value

Pairs = tuple[tuple[str, Value], ...]
Key = tuple[str, Pairs, Pairs, tuple[tuple[str, Pairs], ...]]
# px that elements of one kind may differ in and still share a class: what the eye does not see,
# where it stands alone.
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
STEP = 4.0  # px: the scale of spaces
NOTHING = 0.75  # px: a space of less is none
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
    """Elements of one kind whose numbers nearly agree get the same numbers, and with them the same
    class.
    """
    groups: dict[object, list[Element]] = defaultdict(list)
    for element in root.walk():
        if element.name:
            groups[_get_shape(element)].append(element)
    for members in groups.values():
        for family in _group_by_nearness(members):
            _unify_numbers(family)


def _get_shape(element: Element) -> object:
    """What elements must share to be of one kind: the name, every word, and which numbers there are
    but for spaces.
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
    """Greedy groups around the first that is left over, in the order of the page."""
    left, out = list(members), []
    while left:
        first = left[0]
        out.append([element for element in left if _is_near(first, element)])
        left = [element for element in left if not _is_near(first, element)]
    return out


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
    """The nearest step of the scale if it is near, else the nearest half pixel; down the page small
    errors add up.
    """
    step = round(px / STEP) * STEP
    near = 0.26 if key.endswith(("top", "bottom")) else 1.0
    return step if abs(step - px) <= near else round(px * 2) / 2


def _list_numbers(element: Element) -> set[str]:
    return {key for key, value in element.style.items() if not isinstance(value, str)}


def _get_number(element: Element, key: str) -> float:
    """A space that is not there is none."""
    value = element.style.get(key, 0.0)
    return 0.0 if isinstance(value, str) else float(value)


def _is_space(key: str) -> bool:
    return key.startswith(("padding", "margin", "gap"))


def _get_tolerance(key: str) -> float:
    return next((px for start, px in SLACK.items() if key.startswith(start)), 0.0)


def name_classes(root: Element) -> list[tuple[str, Styles, Styles]]:
    """Gives every styled element its class; the rules in the order they are met."""
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
    """The style sheet: properties, a short reset, the rules, and what changes on narrow screens."""
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
    """Display type shrinks on narrow screens, where a word of it would not fit."""
    out = []
    for name, style, _ in rules:
        size = style.get("font-size")
        if isinstance(size, float) and size >= 36:
            out.append(
                _write_rule(f".{name}", {"font-size": "2rem", "line-height": "1.2"}, tokens, "  ")
            )
    return out


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
    """Declarations with paddings and margins joined where all sides are given."""
    out: dict[str, str] = {name: tokens.value(name, value) for name, value in style.items()}
    for box in ("padding",):
        sides = [out.get(f"{box}-{side}") for side in ("top", "right", "bottom", "left")]
        if all(side is not None for side in sides):
            top, right, bottom, left = (str(side) for side in sides)
            for side in ("top", "right", "bottom", "left"):
                del out[f"{box}-{side}"]
            out[box] = _join_sides(top, right, bottom, left)
        else:
            for a, b, joint in (("top", "bottom", "block"), ("left", "right", "inline")):
                first, second = out.get(f"{box}-{a}"), out.get(f"{box}-{b}")
                if first is not None and first == second and f"{box}-{joint}" not in out:
                    del out[f"{box}-{a}"], out[f"{box}-{b}"]
                    out[f"{box}-{joint}"] = first
    return list(out.items())


def _join_sides(top: str, right: str, bottom: str, left: str) -> str:
    if left == right:
        if top == bottom:
            return top if top == right else f"{top} {right}"
        return f"{top} {right} {bottom}"
    return f"{top} {right} {bottom} {left}"
