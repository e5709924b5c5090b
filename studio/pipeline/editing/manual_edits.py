"""Edits by hand: a page's texts, colors and spaces changed in its own code, without a model.

An element is named by the number of its start tag (`source_positions`). A style goes into the style
sheet: to the element's own class if no other element has it, otherwise to a new one.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from studio.pipeline.bounds import OutOfBounds, check_code
from studio.pipeline.bundle import ENTRY, MOST_CHARACTERS, Bundle
from studio.pipeline.css_parts import compute_specificity
from studio.pipeline.editing.css_rules import (
    find_rules,
    has_declaration,
    set_declaration,
)
from studio.pipeline.editing.edit_error import EditError
from studio.pipeline.editing.source_positions import Tag, find_tags
from studio.pipeline.editing.structure_edits import (
    ATTRIBUTES,
    DIRECTIONS,
    STRUCTURE,
    change_structure,
    check_attribute,
    set_attribute,
)

# Changes of one version. The editor sends one for each field of one element, about twenty; each reads the
# whole page again.
MOST_CHANGES = 50
MOST_WORDS = 4000  # characters of a new text
MOST_REPETITIONS = 6  # of a class in a selector
COLORS = ("color", "background-color")
SIZES = (
    "font-size",
    "padding-top",
    "padding-right",
    "padding-bottom",
    "padding-left",
    "margin-top",
    "margin-bottom",
    "row-gap",
    "column-gap",
    "border-radius",
)
WEIGHTS = tuple(str(weight) for weight in range(100, 1000, 100))
# Properties whose values are words, with the words.
CHOICES = {"font-weight": WEIGHTS, "text-align": ("left", "center", "right", "start", "end")}
ALL_NAMES = ("text", *COLORS, *SIZES, *CHOICES, *ATTRIBUTES, *STRUCTURE)
WORDS_OF = {
    "href": "link",
    "alt": "description",
    "src": "picture",
    "delete": "deleted an element",
    "duplicate": "duplicated an element",
    "move": "moved an element",
}
LONGEST_SELECTOR = 500  # characters; longer selectors are ignored
SHORTHANDS = {
    "padding": "padding",
    "margin": "margin",
    "row": "gap",
    "column": "gap",
    "background": "background",
}
COLOR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
SIZE = re.compile(r"-?\d{1,4}(\.\d{1,3})?px")


@dataclass(frozen=True, slots=True)
class ManualEdit:
    """One change of one element.

    `at` is the number of its start tag; `name` is 'text' or a CSS property; with `alike` the change is for
    every element of the same class.
    """

    at: int
    name: str
    value: str
    alike: bool = False


def read_change(data: Mapping[str, object]) -> ManualEdit:
    """Return the change that a browser sent; raises EditError for anything that is not allowed."""
    name, value = str(data.get("name", "")), str(data.get("value", ""))
    at = data.get("at")
    if isinstance(at, bool) or not isinstance(at, int) or at < 0:
        raise EditError(
            "This part of the page is not in its code: only a model can change it (describe the change)."
        )
    if name == "text" and len(value) > MOST_WORDS:
        raise EditError(f"The text has {len(value)} characters; use at most {MOST_WORDS}.")
    if name in COLORS and not COLOR.fullmatch(value):
        raise EditError(f"{value[:40]!r} is not a color; use the form #rrggbb.")
    if name in SIZES and not SIZE.fullmatch(value):
        raise EditError(f"{value[:40]!r} is not a length; use pixels, such as 12px.")
    if name in CHOICES and value not in CHOICES[name]:
        raise EditError(f"{value[:40]!r} is not a {name}; use {', '.join(CHOICES[name])}.")
    if name == "move" and value not in DIRECTIONS:
        raise EditError(f"{value[:40]!r} is not a direction; use {' or '.join(DIRECTIONS)}.")
    if name in ATTRIBUTES:
        check_attribute(name, value)
    if name not in ALL_NAMES:
        raise EditError(f"{name[:40]!r} cannot be changed here; use {', '.join(ALL_NAMES)}.")
    return ManualEdit(at, name, value, data.get("alike") is True)


def apply_changes(
    bundle: Bundle, changes: Sequence[ManualEdit], pictures: Mapping[str, bytes] | None = None
) -> Bundle:
    """Return the bundle with all changes made; raises EditError when one cannot be made.

    `pictures` holds the uploaded pictures (PNG) that changes of a `src` name.
    """
    _check_changes(changes)
    # Tags keep their numbers until one is added or removed, so such a change has to be the last.
    files = dict(bundle.files)
    assets = dict(bundle.assets)
    if ENTRY not in files:
        raise EditError(
            "This version is written as components: only a model can change it (describe the change)."
        )
    try:
        check_code(files)
    except OutOfBounds as error:
        raise EditError(str(error)) from None
    for change in sorted(changes, key=lambda change: change.name in STRUCTURE):
        tags = find_tags(files[ENTRY])
        if change.at >= len(tags):
            raise EditError("The element to be changed is not in this version's code.")
        if change.name == "text":
            files[ENTRY] = _change_text(files[ENTRY], tags, change)
        elif change.name in ATTRIBUTES:
            value = change.value
            if change.name == "src":
                value = _add_picture(assets, value, pictures or {})
            files[ENTRY] = set_attribute(files[ENTRY], tags[change.at], change.name, value)
        elif change.name in STRUCTURE:
            files[ENTRY] = change_structure(
                files[ENTRY], tags, tags[change.at], change.name, change.value
            )
        else:
            files = _change_style(files, tags, change)
    length = sum(map(len, files.values()))
    if length > MOST_CHARACTERS:
        raise EditError(f"The code has {length} characters; use at most {MOST_CHARACTERS}.")
    return Bundle(files, assets)


def _check_changes(changes: Sequence[ManualEdit]) -> None:
    """Raise EditError for more changes than one version takes.

    Copies of nested elements would double the page with each change.
    """
    if len(changes) > MOST_CHANGES:
        raise EditError(f"Got {len(changes)} changes; make at most {MOST_CHANGES} in one version.")
    if sum(change.name in STRUCTURE for change in changes) > 1:
        raise EditError("Delete, duplicate or move one element in one version.")


def _add_picture(assets: dict[str, bytes], name: str, pictures: Mapping[str, bytes]) -> str:
    """Add an uploaded picture to the page's files and return its path."""
    if name not in pictures:
        raise EditError("The new picture is no longer stored; choose it again.")
    path = f"assets/picture-{name[:12]}.png"
    assets[path] = pictures[name]
    return path


def describe_changes(changes: Sequence[ManualEdit]) -> str:
    """Return what was changed, short enough for a list of versions."""
    texts = [f"“{change.value.strip()[:40]}”" for change in changes if change.name == "text"]
    styles = sorted({change.name.split("-")[0] for change in changes if change.name in SIZES})
    parts: list[str] = []
    if texts:
        parts.append(f"text {texts[0]}")
    if any(change.name in COLORS for change in changes):
        parts.append("color")
    parts += [name for name in styles if name not in ("row", "column")]
    parts += sorted({change.name.replace("-", " ") for change in changes if change.name in CHOICES})
    parts += [WORDS_OF[change.name] for change in changes if change.name in WORDS_OF]
    if any(change.name.endswith("-gap") for change in changes):
        parts.append("gap")
    return f"By hand: {', '.join(dict.fromkeys(parts))}"


def _change_text(page: str, tags: list[Tag], change: ManualEdit) -> str:
    tag = tags[change.at]
    if tag.close is None or any(tag.end <= other.start < tag.close for other in tags):
        raise EditError(
            f"The <{tag.name}> holds other elements, so its text cannot be replaced as a whole."
        )
    inside = page[tag.end : tag.close]
    before = inside[: len(inside) - len(inside.lstrip())]
    after = inside[len(inside.rstrip()) :]
    text = html.escape(change.value.strip(), quote=False)
    return page[: tag.end] + before + text + after + page[tag.close :]


def _change_style(files: Mapping[str, str], tags: list[Tag], change: ManualEdit) -> dict[str, str]:
    tag = tags[change.at]
    page, selector = _make_selector(files[ENTRY], tags, tag, alike=change.alike)
    changed = {**files, ENTRY: page}
    sheet = next((name for name in files if name.endswith(".css")), None)
    if sheet is not None:
        changed[sheet] = _set(files[sheet], tag, selector, change)
        return changed
    start, end = _find_own_styles(page)
    changed[ENTRY] = page[:start] + _set(page[start:end], tag, selector, change) + page[end:]
    return changed


def _set(css: str, tag: Tag, selector: str, change: ManualEdit) -> str:
    """Return the sheet with the change.

    The class is repeated in the selector until it overrides earlier rules about the element.
    """
    names = [re.escape(name) for name in (*tag.get("class").split(), tag.get("id")) if name]
    about = re.compile(
        rf"(?:[.#](?:{'|'.join(names) or 'a^'})|(?:^|[\s>+~]){tag.name})(?![\w-])[^\s>+~]*$"
    )
    written = (change.name, SHORTHANDS.get(change.name.split("-")[0], change.name))
    rivals = [
        compute_specificity(part.strip())
        for rule in find_rules(css)
        if any(has_declaration(css, rule, name) for name in written) and rule.selector != selector
        for part in rule.selector.split(",")
        # A pseudo-element's rule says nothing of the element itself.
        if len(part) <= LONGEST_SELECTOR and "::" not in part and about.search(part.strip())
    ]
    heaviest = max(rivals, default=(0, 0, 0))
    strong = selector
    while (
        compute_specificity(strong) < heaviest and compute_specificity(strong)[1] < MOST_REPETITIONS
    ):
        strong += selector
    return set_declaration(css, strong, change.name, change.value)


def _make_selector(page: str, tags: list[Tag], tag: Tag, *, alike: bool) -> tuple[str, str]:
    """Return the page (with a new class on the element if it needs one) and its selector."""
    classes = tag.get("class").split()
    if alike and classes:
        return page, f".{classes[0]}"
    if identity := tag.get("id"):
        return page, f"#{identity}"
    uses = Counter(name for other in tags for name in set(other.get("class").split()))
    if unshared := [name for name in classes if uses[name] == 1]:
        return page, f".{unshared[0]}"
    name = _free_name(page, classes[0] if classes else tag.name)
    source = page[tag.start : tag.end]
    with_class = re.compile(
        r"""(\sclass\s*=\s*)(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
    )
    if classes and with_class.search(source):
        source = with_class.sub(
            lambda m: f'{m[1]}"{m[2] or m[3] or m[4] or ""} {name}"', source, count=1
        )
    else:
        after = 1 + len(tag.name)
        source = f'{source[:after]} class="{name}"{source[after:]}'
    return page[: tag.start] + source + page[tag.end :], f".{name}"


def _free_name(page: str, stem: str) -> str:
    taken = set(re.findall(rf"(?<![\w-]){re.escape(stem)}-(\d{{1,9}})(?![\w-])", page))
    number = next(number for number in count(2) if str(number) not in taken)
    return f"{stem}-{number}"


def _find_own_styles(page: str) -> tuple[int, int]:
    """Return where the text of the page's own <style> begins and ends."""
    for tag in find_tags(page):
        if tag.name == "style" and tag.close is not None:
            return tag.end, tag.close
    raise EditError("This page has no style sheet for the change; describe it to a model instead.")
