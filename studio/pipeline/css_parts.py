"""Parts of CSS that several packages read, by tinycss2's tokens: lists, and a selector's specificity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import tinycss2

Specificity = tuple[int, int, int]  # ids; classes, attributes and pseudo-classes; elements
NOTHING: Specificity = (0, 0, 0)
# Pseudo-classes that count as much as the heaviest selector in their parentheses.
AS_THEIR_ARGUMENT = ("is", "not", "has", "matches", "-webkit-any", "-moz-any")
# Pseudo-elements that may be written with one colon.
OLD_ELEMENTS = ("before", "after", "first-line", "first-letter")


def split_at(content: Sequence[Any] | str, separator: str) -> list[str]:
    """Return the text split at a top-level separator; at ' ' for the words of a value."""
    return [join_lines(tinycss2.serialize(part)) for part in _split_tokens(content, separator)]


def _split_tokens(content: Sequence[Any] | str, separator: str) -> Iterator[list[Any]]:
    """Yield the tokens between separators, without comments and empty parts."""
    parts: list[list[Any]] = [[]]
    for node in _tokenize(content):
        if node.type == "comment":
            continue
        if (separator == " " and node.type == "whitespace") or (
            node.type == "literal" and node.value == separator
        ):
            parts.append([])
        else:
            parts[-1].append(node)
    return (part for part in parts if tinycss2.serialize(part).strip())


def _tokenize(content: Sequence[Any] | str) -> Sequence[Any]:
    if isinstance(content, str):
        return list(tinycss2.parse_component_value_list(content))
    return content


def join_lines(text: str) -> str:
    return " ".join(text.split())


def compute_specificity(selector: Sequence[Any] | str) -> Specificity:
    """Return the specificity of one selector; unknown pseudo-classes count as classes do."""
    total = NOTHING
    before = ""  # ".", ":" or "::" before a name
    for node in _tokenize(selector):
        total = _add(total, _weigh(node, before))
        if node.type == "literal" and node.value == ":":
            before += ":"
        else:
            before = node.value if node.type == "literal" else ""
    return total


def _weigh(node: Any, before: str) -> Specificity:
    """Return what one token adds; `before` is the sign in front of it."""
    if node.type == "hash":
        return (1, 0, 0)
    if node.type == "[] block":
        return (0, 1, 0)
    if node.type == "ident":
        if before == "::" or (before == ":" and node.lower_value in OLD_ELEMENTS):
            return (0, 0, 1)
        return (0, 1, 0) if before in (".", ":") else (0, 0, 1)
    if node.type == "function":
        return _weigh_function(node, before)
    return NOTHING


def _weigh_function(node: Any, before: str) -> Specificity:
    if before == "::":
        return (0, 0, 1)
    if node.lower_name == "where":
        return NOTHING
    if node.lower_name in AS_THEIR_ARGUMENT:
        return max(map(compute_specificity, _split_tokens(node.arguments, ",")), default=NOTHING)
    return (0, 1, 0)


def _add(one: Specificity, other: Specificity) -> Specificity:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]
