"""Tokens of a style sheet: the custom properties of its root, or of Tailwind's @theme."""

from __future__ import annotations

import tinycss2

from studio.pipeline.css_parts import split_at
from studio.pipeline.stacks.rule_sheet import read_declarations
from studio.pipeline.stacks.theme import resolve_variables

ROOTS = (":root", "html", ":host", "*", "body")


def read_css_tokens(text: str) -> dict[str, str]:
    """Return name → value, without what begins with the dashes; references are resolved."""
    raw: dict[str, str] = {}
    _collect(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True), raw)
    return {name: resolve_variables(value, raw) for name, value in raw.items()}


def _collect(nodes: list[tinycss2.ast.Node], raw: dict[str, str]) -> None:
    for node in nodes:
        is_theme = node.type == "at-rule" and node.lower_at_keyword == "theme"
        is_root = node.type == "qualified-rule" and any(
            selector in ROOTS for selector in split_at(node.prelude, ",")
        )
        if (is_theme or is_root) and node.content is not None:
            for name, value, _ in read_declarations(node.content):
                if name.startswith("--") and not name.endswith("*"):
                    raw.setdefault(name, value)  # what comes later is for a dark mode or a width
        elif node.type == "at-rule" and node.lower_at_keyword == "layer" and node.content:
            inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            _collect(inner, raw)
