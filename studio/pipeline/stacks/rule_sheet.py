"""A style sheet as rules: one selector each, with its media query and its state separated.

It knows nothing of elements. What no class of an element can express (fonts, keyframes, states of
other elements) stays as text, in `rest`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import tinycss2

from studio.pipeline.css_parts import compute_specificity, join_lines, split_at

# States that Tailwind has variants for, so that a class can express them.
STATES = (
    "hover",
    "focus",
    "focus-visible",
    "focus-within",
    "active",
    "visited",
    "disabled",
    "checked",
    "required",
    "invalid",
    "first-letter",
    "first-line",
    "before",
    "after",
    "placeholder",
    "marker",
    "selection",
    "backdrop",
)
STATE = re.compile(r"::?(" + "|".join(sorted(STATES, key=len, reverse=True)) + r")(?![\w-])")
MOVING = re.compile(STATE.pattern + r"|::|:(?:target|link|any-link|popover-open|open)(?![\w-])")


@dataclass(frozen=True, slots=True)
class StyleRule:
    """One selector's declarations."""

    selector: str  # without the states at its end
    specificity: tuple[int, int, int]
    order: int
    variant: tuple[str, ...]  # ('(max-width: 800px)', 'hover'): media query first
    declarations: tuple[tuple[str, str, bool], ...]  # name, value, important


@dataclass(slots=True)
class RuleSheet:
    """A style sheet: its rules, the custom properties of :root and the remaining text."""

    rules: list[StyleRule] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)  # custom properties of :root
    rest: list[str] = field(default_factory=list)


def read_sheet(text: str) -> RuleSheet:
    sheet = RuleSheet()
    _read(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True), "", sheet)
    return sheet


def _read(nodes: list[tinycss2.ast.Node], media: str, sheet: RuleSheet) -> None:
    for node in nodes:
        if node.type == "qualified-rule":
            _read_rule(node, media, sheet)
            continue
        if node.type != "at-rule":
            continue
        if node.lower_at_keyword == "media" and node.content is not None and not media:
            inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            _read(inner, join_lines(tinycss2.serialize(node.prelude)), sheet)
        elif node.lower_at_keyword not in ("import", "charset"):
            sheet.rest.append(node.serialize().strip())


def _read_rule(node: tinycss2.ast.QualifiedRule, media: str, sheet: RuleSheet) -> None:
    declarations = tuple(read_declarations(node.content))
    own = tuple(item for item in declarations if not item[0].startswith("--"))
    for selector in split_at(node.prelude, ","):
        if selector in (":root", "html") and not media:
            sheet.tokens.update(
                {name: value for name, value, _ in declarations if name.startswith("--")}
            )
            if own:
                sheet.rest.append(write_rule(selector, own))
            continue
        base, states = _split_states(selector)
        if (
            MOVING.search(base)
            or (states and base in ("", "*"))
            or selector in (":root", "html")
            or own != declarations
        ):
            body = write_rule(selector, declarations)
            if not _is_usual(base, states, own):
                sheet.rest.append(f"@media {media} {{\n{body}\n}}" if media else body)
            continue
        variant = (media, *states) if media else states
        sheet.rules.append(
            StyleRule(base, compute_specificity(selector), len(sheet.rules), variant, own)
        )


def read_declarations(content: list[tinycss2.ast.Node] | str) -> Iterator[tuple[str, str, bool]]:
    """Yield name, value and whether it is important."""
    for item in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if item.type == "declaration":
            name = item.name if item.name.startswith("--") else item.lower_name
            yield name, join_lines(tinycss2.serialize(item.value)), item.important


def write_rule(selector: str, declarations: tuple[tuple[str, str, bool], ...]) -> str:
    lines = (
        f"  {name}: {value}{' !important' if important else ''};"
        for name, value, important in declarations
    )
    return f"{selector} {{\n" + "\n".join(lines) + "\n}"


def _split_states(selector: str) -> tuple[str, tuple[str, ...]]:
    """Return '.a:hover::before' as '.a' and ('hover', 'before')."""
    states: list[str] = []
    while match := re.search(STATE.pattern + r"$", selector):
        states.insert(0, match[1])
        selector = selector[: match.start()]
    return selector.strip(), tuple(states)


def _is_usual(
    base: str, states: tuple[str, ...], declarations: tuple[tuple[str, str, bool], ...]
) -> bool:
    """Return True for a rule such as '*::before { box-sizing: border-box }'.

    Every framework's reset holds it.
    """
    return (
        base in ("", "*")
        and bool(states)
        and all(name == "box-sizing" for name, _, _ in declarations)
    )
