"""The rules of our style sheets that a page uses, so that no rule is written in vain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
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
    for head, body in _split_rules(COMMENT.sub("", css)):
        if head.startswith(NESTED):
            inner = select_rules(body, used)
            if inner:
                kept.append(f"{head} {{\n{_indent(inner)}\n}}")
        elif head.startswith("@"):
            kept.append(f"{head} {{\n{body.strip()}\n}}")
        else:
            selectors = [part.strip() for part in _split_selectors(head)]
            matching = [selector for selector in selectors if used.match(selector)]
            if matching:
                declarations = _indent("\n".join(line.strip() for line in _list_lines(body)))
                kept.append(
                    f"{','.join(chr(10) + one for one in matching).strip()} {{\n{declarations}\n}}"
                )
    return "\n\n".join(kept)


def _list_lines(body: str) -> list[str]:
    return [line for line in body.strip().splitlines() if line.strip()]


def _split_selectors(head: str) -> list[str]:
    """Split a list of selectors at the commas outside parentheses."""
    return re.split(r",(?![^(]*\))", head)


def _split_rules(css: str) -> Iterator[tuple[str, str]]:
    """Yield the head and the body of each rule at the outer level."""
    start = 0
    while (opened := css.find("{", start)) >= 0:
        depth = 1
        end = opened + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        yield css[start:opened].strip(), css[opened + 1 : end - 1]
        start = end


def _indent(text: str) -> str:
    return "\n".join(f"  {line}" if line else line for line in text.splitlines())
