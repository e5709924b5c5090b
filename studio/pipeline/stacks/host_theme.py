"""What an application's style sheets define: colors, radii, breakpoints, and styles of elements."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import tinycss2

from studio.pipeline.css_parts import split_at
from studio.pipeline.stacks.application import HostTheme
from studio.pipeline.stacks.css_colors import parse_rgb
from studio.pipeline.stacks.rule_sheet import read_declarations
from studio.pipeline.stacks.scoped_sheet import CLASS
from studio.pipeline.stacks.theme import BREAKPOINTS, PX, RADII, parse_px, resolve_variables

ROOT_SELECTORS = (":root", "html", ":host")
NAME = re.compile(r"--[\w*-]{1,80}")  # of a token that code may mention
GROUPING = ("media", "supports", "container")
# The end of `calc(var(--radius) - 2px)`, once the custom property is replaced.
CALC = re.compile(r"calc\(\s*([-\d.]+(?:px|rem))\s*([-+*])\s*([-\d.]+)(px|rem|)\s*\)")


@dataclass(slots=True)
class _Found:
    """What is read from style sheets, before it is resolved."""

    theme: dict[str, str] = field(default_factory=dict)  # custom properties of @theme
    tokens: dict[str, str] = field(default_factory=dict)  # and of the root
    changing: set[str] = field(default_factory=set)  # of them, those with several values
    root_styles: set[str] = field(default_factory=set)  # properties that the root declares
    styles_elements: bool = False

    def note_token(self, name: str, value: str) -> None:
        if self.tokens.setdefault(name, value) != value:
            self.changing.add(name)


def read_host_theme(sheets: Iterable[str]) -> HostTheme:
    """Read the sheets as data; what cannot be read is left out."""
    found = _Found()
    class_names: set[str] = set()
    for sheet in sheets:
        class_names.update(CLASS.findall(sheet))
        with contextlib.suppress(RecursionError):  # blocks in blocks, hundreds deep
            nodes = tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)
            _read(nodes, found, is_layered=False)
    tokens = {**found.tokens, **{k: v for k, v in found.theme.items() if f"var({k})" not in v}}
    colors = {
        name.removeprefix("--color-"): rgb
        for name, value in found.theme.items()
        if name.startswith("--color-") and (rgb := parse_rgb(_resolve(value, tokens)))
    }
    return HostTheme(
        colors=colors,
        follows_scheme=bool(found.changing),
        radii=_name_lengths("--radius-", RADII, found.theme, tokens),
        breakpoints=_name_lengths("--breakpoint-", BREAKPOINTS, found.theme, tokens),
        has_own_spacing="--spacing" in found.theme,
        has_own_rem=bool(found.root_styles & {"font-size", "font"}),
        class_names=frozenset(class_names),
        styles_elements=found.styles_elements,
    )


def _read(nodes: list[tinycss2.ast.Node], found: _Found, *, is_layered: bool) -> None:
    for node in nodes:
        if node.type == "qualified-rule":
            _read_rule(node, found, is_layered)
        if node.type != "at-rule" or node.content is None:
            continue
        if node.lower_at_keyword == "theme":
            tokens = _read_tokens(node.content)
            found.theme.update((name, value) for name, value in tokens if NAME.fullmatch(name))
        elif node.lower_at_keyword in (*GROUPING, "layer"):
            inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            _read(inner, found, is_layered=is_layered or node.lower_at_keyword == "layer")


def _read_rule(node: tinycss2.ast.QualifiedRule, found: _Found, is_layered: bool) -> None:
    selectors = split_at(node.prelude, ",")
    is_root = any(selector in ROOT_SELECTORS for selector in selectors)
    is_scheme = any(re.search(r"\bdark\b|data-theme", selector) for selector in selectors)
    if is_root or is_scheme:
        for name, value in _read_tokens(node.content):
            found.note_token(name, value)
    if is_root:
        found.root_styles.update(name for name, _, _ in read_declarations(node.content))
    elif not is_layered and any(_names_elements(selector) for selector in selectors):
        found.styles_elements = True


def _names_elements(selector: str) -> bool:
    """Return True if the selector can match an element that has no class or id."""
    last = re.split(r"[\s>+~]+", selector.strip())[-1]
    return selector != "body" and re.match(r"^(?:\*|[a-z][a-z0-9]*)(?![\w-])", last) is not None


def _read_tokens(content: list[tinycss2.ast.Node]) -> Iterator[tuple[str, str]]:
    for name, value, _ in read_declarations(content):
        if name.startswith("--"):
            yield name, value


def _name_lengths(
    kind: str, usual: Mapping[float, str], theme: Mapping[str, str], tokens: Mapping[str, str]
) -> dict[float, str]:
    """Return px → name: Tailwind's own names, with those that the theme defines otherwise."""
    own = {
        prop.removeprefix(kind): parse_px(_resolve(value, tokens))
        for prop, value in theme.items()
        if prop.startswith(kind)
    }
    names = {size: name for size, name in usual.items() if name not in own and "*" not in own}
    for name, length in own.items():
        if length is not None:
            names.setdefault(round(length, 3), name)
    return names


def _resolve(value: str, tokens: Mapping[str, str]) -> str:
    """Return the value with custom properties and one sum or product replaced."""
    value = resolve_variables(value, tokens, keeps_unknown=True)
    if found := CALC.fullmatch(value):
        return _calculate(found[1], found[2], found[3], found[4])
    return value


def _calculate(left: str, operator: str, right: str, unit: str) -> str:
    size = parse_px(left)
    if size is None:
        return ""
    if operator == "*":
        return f"{size * float(right):g}px" if not unit else ""
    change = float(right) * (PX if unit == "rem" else 1.0)
    return f"{size + (change if operator == '+' else -change):g}px"
