"""A style sheet's top-level rules by their place in the text, and setting of one declaration.

The rest of the text stays unchanged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Comments and strings, whose braces open no block.
SKIPPED = re.compile(r"/\*.*?(?:\*/|\Z)|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SourceRule:
    """A rule's place in the text.

    `selector` is as written (an at-rule's begins with @); `start` to `end` is the whole rule, `body` to
    `end - 1` its inside.
    """

    selector: str
    start: int
    body: int
    end: int


def find_rules(css: str) -> list[SourceRule]:
    plain = SKIPPED.sub(lambda sign: " " * len(sign[0]), css)
    rules = []
    depth = start = body = 0
    for sign in re.finditer(r"[{};]", plain):
        index = sign.start()
        if sign[0] == "{":
            depth += 1
            if depth == 1:
                body = index + 1
        elif sign[0] == "}" and depth:
            depth -= 1
            if depth == 0:
                rules.append(_make_rule(plain, start, body, index + 1))
                start = index + 1
        elif sign[0] == ";" and depth == 0:
            start = index + 1
    return rules


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


def compute_specificity(selector: str) -> tuple[int, int, int]:
    """Return the specificity: ids, classes (with attributes and pseudo-classes), tags.

    Selectors with :is() and :where() are not supported.
    """
    bare = re.sub(r"::[\w-]+", "", selector)
    ids = len(re.findall(r"#[\w-]+", bare))
    classes = len(re.findall(r"\.[\w-]+|\[[^\]]*\]|:[\w-]+", bare))
    return ids, classes, len(re.findall(r"(?:^|[\s>+~])[a-zA-Z][\w-]*", bare))


def has_declaration(css: str, rule: SourceRule, name: str) -> bool:
    return bool(_compile_declaration(name).search(css[rule.body : rule.end - 1]))


def _make_rule(plain: str, before: int, body: int, end: int) -> SourceRule:
    head = plain[before : body - 1]
    start = before + len(head) - len(head.lstrip())
    return SourceRule(" ".join(head.split()), start, body, end)


def _compile_declaration(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(name)}\s*:[^;{{}}]*?(?:\s*;|(?=\s*\Z))")


def _put_declaration(body: str, name: str, value: str) -> str:
    line = f"{name}: {value};"
    existing = list(_compile_declaration(name).finditer(body))
    if existing:
        return body[: existing[-1].start()] + line + body[existing[-1].end() :]
    declarations = body.rstrip()
    if declarations and not declarations.endswith((";", "*/")):
        declarations += ";"
    indent = re.match(r"\n[ \t]*", body)
    if indent:
        return f"{declarations}{indent[0]}{line}\n"
    return f"{declarations} {line} "
