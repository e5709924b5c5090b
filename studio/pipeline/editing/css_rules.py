"""A style sheet's top-level rules by their place in the text, and setting of one declaration.

Read by tinycss2's tokens; the rest of the text stays unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import tinycss2

from studio.pipeline.fitting.css.declarations import Places

# Read behind the text, so that a rule which is not closed is told from one that is: it swallows it.
AFTER = "/**/"


@dataclass(frozen=True, slots=True)
class SourceRule:
    """A rule's place in the text.

    `selector` is without comments, its strings in double quotes (an at-rule's begins with @);
    `start` to `end` is the whole rule, `body` to `end - 1` its inside.
    """

    selector: str
    start: int
    body: int
    end: int


def find_rules(css: str) -> list[SourceRule]:
    """Return the rules and at-rules with braces, without what is inside; unclosed ones are none."""
    places = Places(css)
    nodes = tinycss2.parse_stylesheet(css + AFTER)
    return [
        _locate_rule(node, places.of(following), places)
        for node, following in pairwise(nodes)
        if node.type in ("qualified-rule", "at-rule") and node.content is not None
    ]


def set_declaration(css: str, selector: str, name: str, value: str) -> str:
    """Return the sheet with `selector { name: value }`.

    It goes into the last rule of exactly that selector, or into a new one before the first @media, so
    that the values for narrow windows still apply there.
    """
    rules = find_rules(css)
    matching = [rule for rule in rules if rule.selector == selector]
    if matching:
        body = _put_declaration(css[matching[-1].body : matching[-1].end - 1], name, value)
        return css[: matching[-1].body] + body + css[matching[-1].end - 1 :]
    text = f"{selector} {{\n  {name}: {value};\n}}\n"
    media = next((rule.start for rule in rules if rule.selector.startswith("@media")), None)
    if media is None:
        return f"{css.rstrip()}\n\n{text}" if css.strip() else text
    return f"{css[:media]}{text}\n{css[media:]}"


def has_declaration(css: str, rule: SourceRule, name: str) -> bool:
    """Return True if the rule itself, not one inside it, sets the property."""
    return any(_find_declarations(css[rule.body : rule.end - 1], name))


def _locate_rule(node: Any, end: int, places: Places) -> SourceRule:
    prelude = [token for token in node.prelude if token.type != "comment"]
    written = tinycss2.serialize(prelude)
    if node.type == "at-rule":
        written = f"@{node.at_keyword}{written}"
    body = places.of(node.content[0]) if node.content else end - 1
    return SourceRule(" ".join(written.split()), places.of(node), body, end)


def _find_declarations(body: str, name: str) -> Iterator[tuple[int, int]]:
    """Yield where each declaration of the property begins and ends, its semicolon included."""
    places = Places(body)
    nodes = tinycss2.parse_blocks_contents(body)
    ends = [*(places.of(node) for node in nodes[1:]), len(body)]
    for node, end in zip(nodes, ends, strict=False):  # an empty body has an end and no node
        if node.type != "declaration":
            continue
        if name == (node.name if name.startswith("--") else node.lower_name):
            start = places.of(node)
            yield start, start + len(body[start:end].rstrip())


def _put_declaration(body: str, name: str, value: str) -> str:
    line = f"{name}: {value};"
    existing = list(_find_declarations(body, name))
    if existing:
        start, end = existing[-1]
        return body[:start] + line + body[end:]
    declarations = body.rstrip()
    if _needs_semicolon(declarations):
        declarations += ";"
    indent = re.match(r"\n[ \t]*", body)
    if indent:
        return f"{declarations}{indent[0]}{line}\n"
    return f"{declarations} {line} "


def _needs_semicolon(declarations: str) -> bool:
    """Return True if the last declaration is not ended; nested rules end themselves."""
    tokens = tinycss2.parse_component_value_list(declarations, skip_comments=True)
    last = next((token for token in reversed(tokens) if token.type != "whitespace"), None)
    return last is not None and last != ";" and last.type != "{} block"
