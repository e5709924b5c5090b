"""A style sheet's top-level rules by their place in the text, and one declaration set without
touching the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Comments and strings may hold braces that are none.
SKIPPED = re.compile(r"/\*.*?(?:\*/|\Z)|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SourceRule:
    """`selector` as written (an at-rule's begins with @); `start` … `end`: the whole, `body` … `end
    - 1`: inside.
    """

    selector: str
    start: int
    body: int
    end: int


def find_rules(css: str) -> list[SourceRule]:
    plain = SKIPPED.sub(lambda found: " " * len(found[0]), css)
    rules, depth, begun, opened = [], 0, 0, 0
    for found in re.finditer(r"[{};]", plain):
        at = found.start()
        if found[0] == "{":
            depth += 1
            opened = at + 1 if depth == 1 else opened
        elif found[0] == "}" and depth:
            depth -= 1
            if depth == 0:
                rules.append(_make_rule(plain, begun, opened, at + 1))
                begun = at + 1
        elif found[0] == ";" and depth == 0:
            begun = at + 1
    return rules


def set_declaration(css: str, selector: str, name: str, value: str) -> str:
    """`selector { name: value }`: in the last rule of just that selector, or a new one before the
    first @media.

    Before, so that what narrow windows were given still holds there.
    """
    rules = find_rules(css)
    own = [rule for rule in rules if rule.selector == selector]
    if own:
        body = _put_declaration(css[own[-1].body : own[-1].end - 1], name, value)
        return css[: own[-1].body] + body + css[own[-1].end - 1 :]
    text = f"{selector} {{\n  {name}: {value};\n}}\n"
    media = next((rule.start for rule in rules if rule.selector.startswith("@media")), None)
    if media is None:
        return f"{css.rstrip()}\n\n{text}" if css.strip() else text
    return f"{css[:media]}{text}\n{css[media:]}"


def compute_specificity(selector: str) -> tuple[int, int, int]:
    """Its specificity: ids, classes (with attributes and pseudo-classes), tags. Knows no :is() and
    :where().
    """
    bare = re.sub(r"::[\w-]+", "", selector)
    ids = len(re.findall(r"#[\w-]+", bare))
    classes = len(re.findall(r"\.[\w-]+|\[[^\]]*\]|:[\w-]+", bare))
    return ids, classes, len(re.findall(r"(?:^|[\s>+~])[a-zA-Z][\w-]*", bare))


def has_declaration(css: str, rule: SourceRule, name: str) -> bool:
    return bool(_compile_declaration(name).search(css[rule.body : rule.end - 1]))


def _make_rule(plain: str, begun: int, opened: int, end: int) -> SourceRule:
    head = plain[begun : opened - 1]
    start = begun + len(head) - len(head.lstrip())
    return SourceRule(" ".join(head.split()), start, opened, end)


def _compile_declaration(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(name)}\s*:[^;{{}}]*?(?:\s*;|(?=\s*\Z))")


def _put_declaration(body: str, name: str, value: str) -> str:
    line = f"{name}: {value};"
    found = list(_compile_declaration(name).finditer(body))
    if found:
        return body[: found[-1].start()] + line + body[found[-1].end() :]
    inside = body.rstrip()
    if inside and not inside.endswith((";", "*/")):
        inside += ";"
    gap = re.match(r"\n[ \t]*", body)
    return f"{inside}{gap[0] if gap else ' '}{line}{chr(10) if gap else ' '}"
