"""The rules of our style sheets that a page uses, so that no rule is written in vain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import tinycss2

from studio.pipeline.css_parts import split_at

CLASS = re.compile(r"\.(-?[_a-zA-Z][\w-]*)")
ATTRIBUTE = re.compile(r"\[[^\]]*\]")
NEGATION = re.compile(r":not\([^)]*\)")
PSEUDO = re.compile(r"::?[\w-]+(\([^)]*\))?")
NAME = re.compile(r"(?<![\w.#-])([a-z][a-z0-9]*)")
ALWAYS = frozenset(("html", "body"))
CLASSES_OF = re.compile(r'\bclass="([^"]*)"')
TAGS_OF = re.compile(r"<([a-z][a-z0-9]*)")
NESTED = ("@media", "@supports")


@dataclass(frozen=True, slots=True)
class UsedNames:
    """The classes and elements of a page."""

    classes: frozenset[str]
    elements: frozenset[str]

    def match(self, selector: str) -> bool:
        """Whether the page has every class, element and attribute that the selector names."""
        plain = NEGATION.sub("", selector)
        attributes = {found.strip("[]").split("=")[0] for found in ATTRIBUTE.findall(plain)}
        if not attributes <= self.elements:
            return False
        plain = PSEUDO.sub("", ATTRIBUTE.sub("", plain))
        if not set(CLASS.findall(plain)) <= self.classes:
            return False
        names = set(NAME.findall(CLASS.sub("", plain)))
        return names <= self.elements | ALWAYS


def list_names(html: str) -> UsedNames:
    """Return the names in a page's markup; attributes count among the elements."""
    classes = {name for group in CLASSES_OF.findall(html) for name in group.split()}
    attributes = set(re.findall(r"\s(open|aria-current)(?=[\s=>])", html))
    return UsedNames(frozenset(classes), frozenset(TAGS_OF.findall(html)) | attributes)


def select_rules(css: str, used: UsedNames) -> str:
    """Return the sheet without the rules that no element of the page can match."""
    kept = []
    for head, body in _read_rules(css):
        if head.startswith(NESTED):
            inner = select_rules(body, used)
            if inner:
                kept.append(f"{head} {{\n{_indent(inner)}\n}}")
        elif head.startswith("@"):
            kept.append(f"{head} {{\n{body.strip()}\n}}")
        else:
            selectors = split_at(head, ",")
            matching = [selector for selector in selectors if used.match(selector)]
            if matching:
                declarations = _indent("\n".join(line.strip() for line in _list_lines(body)))
                kept.append(
                    f"{','.join(chr(10) + one for one in matching).strip()} {{\n{declarations}\n}}"
                )
    return "\n\n".join(kept)


def _list_lines(body: str) -> list[str]:
    return [line for line in body.strip().splitlines() if line.strip()]


def _read_rules(css: str) -> Iterator[tuple[str, str]]:
    """Yield the head and the body of each rule at the outer level, without comments."""
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        keyword = f"@{rule.at_keyword}" if rule.type == "at-rule" else ""
        yield keyword + _write(rule.prelude).rstrip(), _write(rule.content)


def _write(tokens: Sequence[Any]) -> str:
    text: str = tinycss2.serialize([token for token in tokens if token.type != "comment"])
    return text


def _indent(text: str) -> str:
    return "\n".join(f"  {line}" if line else line for line in text.splitlines())
