"""A page's HTML as elements, each with the declarations that win on it.

What the head holds besides is kept separately.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from bs4 import BeautifulSoup, CData, Comment, Doctype, Tag
from bs4.element import NavigableString

from studio.pipeline.bundle import ENTRY, Bundle
from studio.pipeline.stacks.cascade import ComputedLook, compute_looks
from studio.pipeline.stacks.rule_sheet import RuleSheet, read_sheet, write_rule

INLINE = {
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "br",
    "button",
    "cite",
    "code",
    "data",
    "del",
    "dfn",
    "em",
    "i",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "mark",
    "meter",
    "output",
    "progress",
    "q",
    "s",
    "samp",
    "select",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "svg",
    "textarea",
    "time",
    "u",
    "var",
    "wbr",
}
# Displays that do not show white space between their children.
BLOCKY = ("flex", "grid", "inline-flex", "inline-grid", "table", "none")
DROPPED = (Comment, Doctype, CData)


@dataclass
class El:
    """An element to be written; `attrs` lacks class and style, which `look` holds."""

    tag: str
    attrs: dict[str, str]
    look: ComputedLook
    style: str = ""  # its style attribute, included in the look
    name: str = ""  # its first class in the page
    names: tuple[str, ...] = ()  # all its classes in the page
    children: list[El | str] = field(default_factory=list)
    classes: tuple[str, ...] = ()  # its classes in the stack

    def walk(self) -> Iterator[El]:
        yield self
        for child in self.children:
            if isinstance(child, El):
                yield from child.walk()

    @property
    def flows(self) -> bool:
        """Return True if white space between its children shows."""
        return self.look.base.get("display") not in BLOCKY


@dataclass
class Document:
    """A page: its body as elements, and what its head and style sheets hold."""

    body: El
    title: str
    lang: str
    head: list[str]  # further lines of the head: description, icons
    script: str  # every script of the page, in order
    sheet: RuleSheet
    strange: list[str]  # rules whose selectors could not be read, as text
    styles: str = ""  # the style sheets as they were written
    direction: str = ""  # the root's `dir`


def read_document(bundle: Bundle, rewrite: Callable[[str], str] = str) -> Document:
    """Return the document of an HTML + CSS page.

    Style sheets are read in the order in which the page links them; `rewrite` changes their text
    and that of style attributes before.
    """
    soup = BeautifulSoup(bundle.files[ENTRY], "html5lib")
    styles = [rewrite(text) for text in _read_styles(soup, bundle)]
    for tag in soup.find_all(style=True):
        tag["style"] = rewrite(str(tag["style"]))
    scripts = _read_scripts(soup, bundle)
    sheet = read_sheet("\n".join(styles))
    looks, strange = compute_looks(soup, sheet)
    unmatched = [
        _wrap_in_variant(write_rule(rule.selector, rule.declarations), rule.variant)
        for rule in strange
    ]
    root = soup.find("html")
    return Document(
        body=_make_element(soup.body or soup, looks),
        title=_get_text(soup.title) or "Page",
        lang=str(root.get("lang", "en")) if isinstance(root, Tag) else "en",
        head=[
            str(tag)
            for tag in soup.find_all("meta")
            if tag.get("name") in ("description", "theme-color")
        ],
        script="\n".join(scripts),
        sheet=sheet,
        strange=unmatched,
        styles="\n".join(styles),
        direction=str(root.get("dir", "")) if isinstance(root, Tag) else "",
    )


def _wrap_in_variant(text: str, variant: tuple[str, ...]) -> str:
    media = [part for part in variant if "(" in part]
    return f"@media {media[0]} {{\n{text}\n}}" if media else text


def _read_styles(soup: BeautifulSoup, bundle: Bundle) -> list[str]:
    out = []
    for tag in soup.find_all(["link", "style"]):
        if tag.name == "style":
            out.append(_get_source(tag))
            tag.extract()
        elif "stylesheet" in (tag.get("rel") or []):
            out.append(bundle.files.get(resolve_local_path(str(tag.get("href", ""))), ""))
    return out


def _read_scripts(soup: BeautifulSoup, bundle: Bundle) -> list[str]:
    out = []
    for tag in soup.find_all("script"):
        path = resolve_local_path(str(tag.get("src", "")))
        text = bundle.files.get(path, "") if path else _get_source(tag)
        if str(tag.get("type", "")) in ("", "module", "text/javascript") and text.strip():
            out.append(text.strip())
        tag.extract()
    return out


def resolve_local_path(address: str) -> str:
    """Return './styles.css?v=2' as a path in the bundle; '' for an address elsewhere."""
    if re.match(r"^(?:[a-z][a-z0-9+.-]*:|//|#)", address, re.I) or not address:
        return ""
    return str(PurePosixPath(re.split(r"[?#]", address)[0].lstrip("/")))


def _make_element(tag: Tag, looks: dict[int, ComputedLook]) -> El:
    attrs = {
        str(name): " ".join(value) if isinstance(value, list) else str(value)
        for name, value in tag.attrs.items()
        if name not in ("class", "style")
    }
    names = tuple(tag.get("class") or ())
    element = El(
        tag=tag.name if tag.name != "[document]" else "body",
        attrs=attrs,
        look=looks.get(id(tag), ComputedLook()),
        style=str(tag.get("style", "")),
        name=names[0] if names else "",
        names=names,
    )
    for child in tag.children:
        if isinstance(child, Tag):
            if child.name not in ("link", "meta", "title", "head", "noscript", "template", "base"):
                element.children.append(_make_element(child, looks))
        elif isinstance(child, NavigableString) and not isinstance(child, DROPPED):
            element.children.append(str(child))
    element.children = tidy_blanks(element)
    return element


def tidy_blanks(element: El) -> list[El | str]:
    """Return the children with each visible white space as one blank and no other white space."""
    if element.tag in ("pre", "textarea"):
        return element.children
    children = element.children
    out: list[El | str] = []
    for index, child in enumerate(children):
        if isinstance(child, El):
            out.append(child)
            continue
        previous = out[-1] if out else None
        following = children[index + 1] if index + 1 < len(children) else None
        shows_before = _is_visible_beside(previous, element)
        shows_after = _is_visible_beside(following, element)
        if child.strip():
            before = " " if child[0].isspace() and shows_before else ""
            after = " " if child[-1].isspace() and shows_after else ""
            out.append(f"{before}{' '.join(child.split())}{after}")
        elif shows_before and shows_after:
            out.append(" ")
    return out


def _is_visible_beside(neighbor: El | str | None, parent: El) -> bool:
    """Return True if white space beside `neighbor` shows."""
    if neighbor is None or not parent.flows:
        return False
    if isinstance(neighbor, str):
        return bool(neighbor.strip())
    return (
        neighbor.tag in INLINE
        and neighbor.look.base.get("display", "inline").startswith("inline")
        and neighbor.tag != "br"
    )


def _get_text(tag: Tag | None) -> str:
    return " ".join(tag.get_text().split()) if tag else ""


def _get_source(tag: Tag) -> str:
    return "".join(str(child) for child in tag.contents)
