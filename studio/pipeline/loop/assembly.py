"""Assembly of one page from sections that were written separately.

The markup is put together in order; rules are shared where the sections agree. A class that two
sections style alike becomes one rule. Where they differ, each rule is scoped to its own section. So
is every rule that is not about a class, because it would apply to the other sections too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import tinycss2
from bs4 import BeautifulSoup, Tag

from studio.pipeline.bounds import check_code
from studio.pipeline.bundle import ENTRY, Bundle
from studio.pipeline.css_parts import split_at
from studio.pipeline.html_tokens import finished

SHEET = "styles.css"
DEFAULT_TITLE = "Page"
DROPPED = ("script", "link", "meta", "title", "base")
# Rules of the whole page, which the shared sheet has already.
GLOBAL = re.compile(r"^\s*(:root|html|body|\*|\*::before|\*::after|\*:before|\*:after)\s*$")

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{title}</title>
  <link rel="stylesheet" href="styles.css">
</head>
<body>
{body}
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class SectionPart:
    """One section: a fragment (or a page, of which only the body is used) and its rules."""

    html: str
    css: str


@dataclass(frozen=True, slots=True)
class _Rule:
    part: int
    media: str
    selector: str
    body: str


def read_part(bundle: Bundle) -> SectionPart:
    """Return a section's files as one fragment and one style sheet; raises OutOfBounds."""
    pages = [text for name, text in bundle.files.items() if name.endswith(".html")]
    sheets = [text for name, text in bundle.files.items() if name.endswith(".css")]
    check_code(bundle.files)
    pages = [finished(page) for page in pages[:1]]
    soup = BeautifulSoup(pages[0] if pages else "", "html.parser")
    sheets += [style.get_text() for style in soup.find_all("style")]
    return SectionPart(pages[0] if pages else "", "\n".join(sheets))


def assemble_page(parts: Sequence[SectionPart], shared: str) -> Bundle:
    """Return the page made of `parts`, with `shared` at the start of its style sheet."""
    rules = [rule for number, part in enumerate(parts) for rule in _read_rules(number, part.css)]
    sheet, scoped = _write_sheet(rules)
    fragments = [
        _build_fragment(part.html, number, number in scoped) for number, part in enumerate(parts)
    ]
    title = _find_title(fragments)
    body = _build_body([str(fragment).strip() for fragment in fragments])
    return Bundle(
        {ENTRY: PAGE.format(title=title, body=body), SHEET: f"{shared.rstrip()}\n\n{sheet}"}
    )


def _build_fragment(html: str, number: int, is_scoped: bool) -> BeautifulSoup:
    """Return the section's element, with its scope class if rules are scoped to it."""
    soup = BeautifulSoup(html, "html.parser")
    for element in soup.find_all((*DROPPED, "style")):
        element.decompose()
    fragment = soup.body or soup.html or soup
    fragment = BeautifulSoup(fragment.decode_contents(), "html.parser")
    for main in fragment.find_all("main"):
        main.name = "section"
    roots = [child for child in fragment.children if isinstance(child, Tag)]
    if is_scoped:
        if len(roots) != 1:
            wrapper = fragment.new_tag("div")
            for child in list(fragment.contents):
                wrapper.append(child.extract())
            fragment.append(wrapper)
            roots = [wrapper]
        roots[0]["class"] = " ".join([*_list_classes(roots[0]), _name(number)])
    return fragment


def _list_classes(tag: Tag) -> list[str]:
    classes = tag.get("class")
    if isinstance(classes, str):
        return classes.split()
    return [str(name) for name in classes or ()]


def _find_title(fragments: Sequence[BeautifulSoup]) -> str:
    words = ""
    for fragment in fragments:
        heading = fragment.find(["h1", "h2", "h3"])
        if heading:
            words = " ".join(heading.get_text(" ").split())
            break
    return words.replace("&", "&amp;").replace("<", "&lt;") or DEFAULT_TITLE


def _build_body(fragments: Sequence[str]) -> str:
    """Return the body: a header first, a footer last, everything else in main."""
    pieces = list(fragments)
    before = [pieces.pop(0)] if pieces and pieces[0].startswith("<header") else []
    after = [pieces.pop()] if pieces and pieces[-1].startswith("<footer") else []
    return "\n".join([*before, "<main>", *pieces, "</main>", *after])


def _read_rules(part: int, css: str) -> Iterator[_Rule]:
    yield from _read_nested_rules(
        part, tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), ""
    )


def _read_nested_rules(part: int, nodes: Sequence[Any], media: str) -> Iterator[_Rule]:
    for node in nodes:
        if node.type == "qualified-rule":
            body = _tidy(tinycss2.serialize(node.content))
            selectors = [s for s in split_at(node.prelude, ",") if not GLOBAL.match(s)]
            if body and selectors:
                yield _Rule(part, media, ", ".join(selectors), body)
        elif node.type != "at-rule" or node.content is None:
            continue
        elif node.lower_at_keyword == "media":
            inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            yield from _read_nested_rules(part, inner, _tidy(tinycss2.serialize(node.prelude)))
        elif node.lower_at_keyword == "keyframes":
            name = tinycss2.serialize(node.prelude).strip()
            yield _Rule(part, "", f"@keyframes {name}", tinycss2.serialize(node.content))


def _tidy(text: str) -> str:
    return " ".join(text.split()).rstrip(";")


def _write_sheet(rules: Sequence[_Rule]) -> tuple[str, set[int]]:
    """Return the rules of all sections, and the numbers of the sections with scoped rules."""
    bodies_by_rule: dict[tuple[str, str], dict[int, list[str]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for rule in rules:
        bodies_by_rule[rule.media, rule.selector][rule.part].append(rule.body)
    # A selector is shared or scoped in all its media queries alike, because a scoped rule has the
    # higher specificity.
    scoped_selectors = {
        selector
        for (_, selector), by_part in bodies_by_rule.items()
        if not _agree(selector, by_part, rules)
    }
    scoped_parts: set[int] = set()
    written: dict[str, dict[str, list[str]]] = defaultdict(dict)  # media → body → selectors
    for (media, selector), by_part in bodies_by_rule.items():
        if selector not in scoped_selectors:
            for body in next(iter(by_part.values())):
                written[media].setdefault(body, []).append(selector)
            continue
        for part, bodies in by_part.items():
            scoped_parts.add(part)
            for body in bodies:
                written[media].setdefault(body, []).append(_bind(selector, part))
    blocks = [
        _write_block(media, bodies)
        for media, bodies in sorted(written.items(), key=lambda pair: pair[0] != "")
    ]
    return "\n".join(blocks), scoped_parts


def _agree(selector: str, by_part: dict[int, list[str]], rules: Sequence[_Rule]) -> bool:
    """Return True if one rule can serve all sections.

    It is about a class (or keyframes), or every section has it, and all of them declare the same.
    """
    everywhere = selector.startswith((".", "@")) or by_part.keys() == {rule.part for rule in rules}
    return everywhere and len({tuple(bodies) for bodies in by_part.values()}) == 1


def _bind(selector: str, part: int) -> str:
    """Return the selector scoped to its section.

    A single class may also be on the section's own element.
    """
    name = f".{_name(part)}"
    return ", ".join(
        f"{piece}{name}, {name} {piece}" if re.fullmatch(r"\.[\w-]+", piece) else f"{name} {piece}"
        for piece in split_at(selector, ",")
    )


def _name(part: int) -> str:
    return f"part-{part + 1}"


def _write_block(media: str, bodies: dict[str, list[str]]) -> str:
    indent = "  " if media else ""
    lines = []
    for body, selectors in bodies.items():
        selector_list = f",\n{indent}".join(
            dict.fromkeys(piece for selector in selectors for piece in split_at(selector, ","))
        )
        if selector_list.startswith("@"):
            lines.append(f"{selector_list} {{ {body} }}\n")
            continue
        declarations = "".join(
            f"{indent}  {one.strip()};\n" for one in re.split(r";(?![^(]*\))", body) if one.strip()
        )
        lines.append(f"{indent}{selector_list} {{\n{declarations}{indent}}}\n")
    text = "\n".join(lines)
    return f"@media {media} {{\n{text}}}\n" if media else text
