"""Names for components, props, data and files.

They come from the page's class names and texts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator

from studio.pipeline.free_names import find_free_name
from studio.pipeline.stacks.parts import ComponentPart

BY_TAG = {
    "h1": "title",
    "h2": "title",
    "h3": "title",
    "h4": "title",
    "h5": "title",
    "h6": "title",
    "p": "text",
    "a": "label",
    "button": "label",
    "span": "label",
    "li": "item",
    "td": "cell",
    "th": "heading",
    "img": "image",
    "dt": "term",
    "dd": "text",
    "time": "date",
    "strong": "label",
    "figcaption": "caption",
    "blockquote": "quote",
    "label": "label",
}
BY_ATTRIBUTE = {
    "src": "image",
    "alt": "alt",
    "href": "href",
    "aria-label": "label",
    "for": "controlId",
    "datetime": "date",
    "d": "iconPath",
    "viewbox": "iconViewBox",
    "viewBox": "iconViewBox",
}
# Words that cannot name a component's props or variables.
RESERVED = {
    "key",
    "ref",
    "class",
    "children",
    "default",
    "for",
    "if",
    "in",
    "is",
    "new",
    "return",
    "switch",
    "this",
    "var",
    "with",
    "delete",
    "export",
    "function",
    "import",
    "let",
    "const",
    "null",
    "true",
    "false",
    "style",
    "slot",
    "props",
    "name",
}
# Component names that are taken by frameworks or by JavaScript.
TAKEN = {
    "App",
    "Fragment",
    "Component",
    "Suspense",
    "Teleport",
    "Transition",
    "Object",
    "Map",
    "Set",
    "Symbol",
    "Promise",
}
TAGS = {
    "header": "site header",
    "footer": "site footer",
    "nav": "navigation",
    "aside": "sidebar",
    "form": "form",
}


class Names:
    """Component names, each used once.

    `others` are those of a library that the page uses; its own are told apart by 'Page'.
    """

    def __init__(self, *taken: str, others: Collection[str] = ()) -> None:
        self.taken = {*TAKEN, *taken, *others}
        self.others = others

    def free(self, words: str) -> str:
        base = to_pascal(words) or "Block"
        if base in self.others:
            base = f"Page{base}"
        name = base
        number = 1
        while name in self.taken:
            number += 1
            name = f"{base}{number}"
        self.taken.add(name)
        return name


def strip_number(name: str) -> str:
    """Return 'card-2' as 'card'."""
    return re.sub(r"[-_ ]*\d+$", "", name).strip()


def to_pascal(words: str) -> str:
    found = _split_words(words)
    name = "".join(word[:1].upper() + word[1:] for word in found)
    return name if name[:1].isalpha() else ""


def to_camel(words: str) -> str:
    name = to_pascal(words)
    return name[:1].lower() + name[1:]


def to_kebab(words: str) -> str:
    return "-".join(_split_words(words)).lower()


def pluralize(name: str) -> str:
    if name.endswith(("s", "x", "ch", "sh")):
        return f"{name}es"
    return f"{name[:-1]}ies" if re.search(r"[^aeiou]y$", name) else f"{name}s"


def name_prop(owner: ComponentPart, where: int | str, block: str, *, taken: Collection[str]) -> str:
    """Return 'title' for the text of .card-title in a .card, 'image' for a picture's address."""
    if where == "class":
        name = _name_class_prop(owner, block)
    elif isinstance(where, str):
        name = BY_ATTRIBUTE.get(where) or to_camel(where.removeprefix("data-"))
    else:
        own = (
            re.sub(rf"^{re.escape(strip_number(block))}[-_]+", "", strip_number(owner.name))
            if block
            else strip_number(owner.name)
        )
        name = BY_TAG.get(owner.tag, "") if own in ("", strip_number(block)) else to_camel(own)
    name = name or "text"
    if name in RESERVED:
        name = f"{name}Text"
    return find_free_name(name, taken, separator="")


def _name_class_prop(owner: ComponentPart, block: str) -> str:
    """Return 'titleClassName' for .card__title in a .card, 'className' for the .card itself."""
    if owner.name == block:
        return "className"
    own = re.sub(rf"^{re.escape(block)}[-_]+", "", owner.name) if block else owner.name
    return to_camel(f"{own or owner.tag} class name")


def name_section(part: ComponentPart) -> str:
    """Return a name from its class if that is meaningful, else from its element or its heading."""
    own = strip_number(part.name)
    if own and own not in (
        "section",
        "container",
        "wrapper",
        "block",
        "row",
        "content",
        "inner",
        "box",
        "group",
        "stack",
    ):
        return own
    if part.tag in TAGS:
        return TAGS[part.tag]
    heading = next((text for text in _list_headings(part)), "")
    return " ".join(_split_words(heading)[:3]) or own or "section"


def _list_headings(part: ComponentPart) -> Iterator[str]:
    for element in part.walk():
        if re.fullmatch(r"h[1-6]", element.tag):
            yield " ".join(child for child in element.children if isinstance(child, str))


def _split_words(text: str) -> list[str]:
    """Return the words of Latin letters and digits only, which everybody can type."""
    latin = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", latin)
    return [word for word in re.split(r"[^A-Za-z0-9]+", spaced) if word]
