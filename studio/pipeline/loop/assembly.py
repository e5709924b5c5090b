"""One page out of sections that were written apart: their markup in order, their rules shared where
they agree.

A class that two sections style alike becomes one rule; where they differ, each rule is bound to its
own section, and so is every rule that is not about a class, for it would reach into the others.
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
from studio.pipeline.html_tokens import finished

SHEET = "styles.css"
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
    """One section: a fragment (or a page, of which the body counts) and its rules."""

    html: str
    css: str


@dataclass(frozen=True, slots=True)
class _Rule:
    part: int
    media: str
    selector: str
    body: str


def read_part(bundle: Bundle) -> SectionPart:
    """A section's files as one fragment and one sheet. Raises OutOfBounds."""
    pages = [text for name, text in bundle.files.items() if name.endswith(".html")]
    sheets = [text for name, text in bundle.files.items() if name.endswith(".css")]
    check_code(bundle.files)
    pages = [finished(page) for page in pages[:1]]
    soup = BeautifulSoup(pages[0] if pages else "", "html.parser")
    sheets += [style.get_text() for style in soup.find_all("style")]
    return SectionPart(pages[0] if pages else "", "\n".join(sheets))


def assemble_page(parts: Sequence[SectionPart], shared: str) -> Bundle:
    """The page, with `shared` at the head of its sheet."""
    rules = [rule for number, part in enumerate(parts) for rule in _read_rules(number, part.css)]
    sheet, bound = _write_sheet(rules)
    fragments = [
        _build_fragment(part.html, number, number in bound) for number, part in enumerate(parts)
    ]
    title = _find_title(fragments)
    body = _build_body([str(fragment).strip() for fragment in fragments])
    return Bundle(
        {ENTRY: PAGE.format(title=title, body=body), SHEET: f"{shared.rstrip()}\n\n{sheet}"}
    )


def _build_fragment(html: str, number: int, bound: bool) -> BeautifulSoup:
    """The section's element; where rules are bound to it, with a class for them."""
    soup = BeautifulSoup(html, "html.parser")
    for gone in soup.find_all((*DROPPED, "style")):
        gone.decompose()
    inside = soup.body or soup.html or soup
    inside = BeautifulSoup(inside.decode_contents(), "html.parser")
    for main in inside.find_all("main"):
        main.name = "section"
    roots = [child for child in inside.children if isinstance(child, Tag)]
    if bound:
        if len(roots) != 1:
            wrapper = inside.new_tag("div")
            for child in list(inside.contents):
                wrapper.append(child.extract())
            inside.append(wrapper)
            roots = [wrapper]
        roots[0]["class"] = " ".join([*_list_classes(roots[0]), _name(number)])
    return inside


def _list_classes(tag: Tag) -> list[str]:
    found = tag.get("class")
    return found.split() if isinstance(found, str) else [str(name) for name in found or ()]


def _find_title(fragments: Sequence[BeautifulSoup]) -> str:
    heading = next(
        (found for fragment in fragments if (found := fragment.find(["h1", "h2", "h3"]))), None
    )
    words = " ".join(heading.get_text(" ").split()) if heading else "Page"
    return words.replace("&", "&amp;").replace("<", "&lt;") or "Page"


def _build_body(fragments: Sequence[str]) -> str:
    """A header before and a footer after, all else in main."""
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
            selectors = [s for s in _split(tinycss2.serialize(node.prelude)) if not GLOBAL.match(s)]
            if body and selectors:
                yield _Rule(part, media, ", ".join(selectors), body)
        elif (
            node.type == "at-rule" and node.content is not None and node.lower_at_keyword == "media"
        ):
            inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            yield from _read_nested_rules(part, inner, _tidy(tinycss2.serialize(node.prelude)))
        elif (
            node.type == "at-rule"
            and node.content is not None
            and node.lower_at_keyword == "keyframes"
        ):
            yield _Rule(
                part,
                "",
                f"@keyframes {tinycss2.serialize(node.prelude).strip()}",
                tinycss2.serialize(node.content),
            )


def _split(selector: str) -> list[str]:
    return [
        " ".join(piece.split())
        for piece in re.split(r",(?![^(\[]*[)\]])", selector)
        if piece.strip()
    ]


def _tidy(text: str) -> str:
    return " ".join(text.split()).rstrip(";")


def _write_sheet(rules: Sequence[_Rule]) -> tuple[str, set[int]]:
    """The rules of all sections, and the sections that have rules bound to them."""
    said: dict[tuple[str, str], dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for rule in rules:
        said[rule.media, rule.selector][rule.part].append(rule.body)
    # A selector is shared or bound in all its media alike, for a bound rule outweighs one that is
    # not.
    apart = {
        selector for (_, selector), by_part in said.items() if not _agree(selector, by_part, rules)
    }
    bound: set[int] = set()
    written: dict[str, dict[str, list[str]]] = defaultdict(dict)  # media → body → selectors
    for (media, selector), by_part in said.items():
        if selector not in apart:
            for body in next(iter(by_part.values())):
                written[media].setdefault(body, []).append(selector)
            continue
        for part, bodies in by_part.items():
            bound.add(part)
            for body in bodies:
                written[media].setdefault(body, []).append(_bind(selector, part))
    blocks = [
        _write_block(media, bodies)
        for media, bodies in sorted(written.items(), key=lambda pair: pair[0] != "")
    ]
    return "\n".join(blocks), bound


def _agree(selector: str, by_part: dict[int, list[str]], rules: Sequence[_Rule]) -> bool:
    """Whether one rule can stand for all sections: it is about a class, and those that have it say
    the same.
    """
    everywhere = selector.startswith((".", "@")) or by_part.keys() == {rule.part for rule in rules}
    return everywhere and len({tuple(bodies) for bodies in by_part.values()}) == 1


def _bind(selector: str, part: int) -> str:
    """The selector inside its section, whose own element it may be about as well."""
    name = f".{_name(part)}"
    return ", ".join(
        f"{piece}{name}, {name} {piece}" if re.fullmatch(r"\.[\w-]+", piece) else f"{name} {piece}"
        for piece in _split(selector)
    )


def _name(part: int) -> str:
    return f"part-{part + 1}"


def _write_block(media: str, bodies: dict[str, list[str]]) -> str:
    deep = "  " if media else ""
    lines = []
    for body, selectors in bodies.items():
        head = f",\n{deep}".join(
            dict.fromkeys(piece for selector in selectors for piece in _split(selector))
        )
        if head.startswith("@"):
            lines.append(f"{head} {{ {body} }}\n")
            continue
        declared = "".join(
            f"{deep}  {one.strip()};\n" for one in re.split(r";(?![^(]*\))", body) if one.strip()
        )
        lines.append(f"{deep}{head} {{\n{declared}{deep}}}\n")
    text = "\n".join(lines)
    return f"@media {media} {{\n{text}}}\n" if media else text
