"""Parts of a page left out: the elements, the columns they stood in, and the rules that only they
used.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from studio.pipeline.bundle import ENTRY, Bundle
from studio.pipeline.editing.css_rules import find_rules
from studio.pipeline.editing.restyling.requests import Part
from studio.pipeline.editing.source_positions import Tag, find_tags
from studio.pipeline.editing.text_splices import TextSplice, apply_splices
from studio.pipeline.fitting.css.declarations import (
    Declaration,
    Places,
    find_declarations,
    find_sheets,
)
from studio.pipeline.html_elements import VOID_ELEMENTS

TAGS: dict[Part, tuple[str, ...]] = {
    "header": ("header",),
    "navigation": ("nav",),
    "sidebar": ("aside",),
    "footer": ("footer",),
    "form": ("form",),
    "table": ("table",),
    "pictures": ("img", "picture", "video"),
    "icons": ("img", "svg"),
}
CLASSES: dict[Part, re.Pattern[str]] = {
    "header": re.compile(r"(site|page)-header"),
    "navigation": re.compile(r"nav(bar)?"),
    "sidebar": re.compile(r"side-?bar"),
    "footer": re.compile(r"(site|page)-footer"),
    "table": re.compile(r"table-scroll|table-responsive"),
}
ICON = re.compile(r"(icon|bi|fa)(-\S+)?")
REPEAT = re.compile(r"repeat\(\s*(\d+)\s*,")


def remove_part(bundle: Bundle, part: Part) -> Bundle:
    """The page without this; as it was where it has none."""
    page = bundle.files[ENTRY]
    tags = find_tags(page)
    gone = _keep_outermost([tag for tag in tags if _is(tag, part)])
    if not gone:
        return bundle
    bundle = _remove_tracks(bundle, tags, gone)
    before = _list_classes(bundle.files[ENTRY])
    pieces = [TextSplice(ENTRY, *_find_extent(page, tag), "") for tag in gone]
    bundle = apply_splices(bundle, pieces)
    return _remove_dead_rules(bundle, before - _list_classes(bundle.files[ENTRY]))


def _is(tag: Tag, part: Part) -> bool:
    classes = tag.get("class").split()
    if tag.name in TAGS[part]:
        icon = tag.name == "svg" or any(ICON.fullmatch(name) for name in classes)
        return icon == (part == "icons") if part in ("pictures", "icons") else True
    pattern = CLASSES.get(part)
    return pattern is not None and any(pattern.fullmatch(name) for name in classes)


def _keep_outermost(tags: Sequence[Tag]) -> list[Tag]:
    kept, until = [], -1
    for tag in tags:  # in the order of the source, so what holds a tag comes before it
        if tag.start >= until:
            kept.append(tag)
            until = max(until, tag.close or 0)
    return kept


def _holds(outer: Tag, inner: Tag) -> bool:
    return outer.close is not None and outer.end <= inner.start < outer.close


def _find_extent(page: str, tag: Tag) -> tuple[int, int]:
    """The element with its end tag and the line it stood in alone."""
    end = (
        tag.end
        if tag.close is None or tag.name in VOID_ELEMENTS
        else page.index(">", tag.close) + 1
    )
    line = page.rfind("\n", 0, tag.start) + 1
    if not page[line : tag.start].strip() and page[end : end + 1] == "\n":
        return line, end + 1
    return tag.start, end


def _remove_tracks(bundle: Bundle, tags: Sequence[Tag], gone: Sequence[Tag]) -> Bundle:
    """Grids that stood in as many columns as they had children lose those of the children that go."""
    pieces = []
    going = {tag.start for tag in gone}
    for parent, children in _families(tags):
        kept = [i for i, child in enumerate(children) if child.start not in going]
        if len(kept) == len(children) or parent.start in going:
            continue
        names = {f".{name}" for name in parent.get("class").split()}
        pieces += [
            piece
            for sheet in find_sheets(bundle)
            for one in find_declarations(sheet)
            if one.name == "grid-template-columns"
            and one.selector in names
            and (piece := _count_tracks_left(one, len(children), kept)) is not None
        ]
    return apply_splices(bundle, dict.fromkeys(pieces))  # parents of one class share its columns


def _count_tracks_left(one: Declaration, count: int, kept: Sequence[int]) -> TextSplice | None:
    """The columns that are left of as many as there were children; None where there were others."""
    text = one.sheet.text
    start = Places(text).of(one.tokens[0])
    end = min(at for at in (text.find(";", start), one.rule_end) if at >= 0)
    value = text[start:end].strip()
    repeated = REPEAT.match(value)
    tracks = re.findall(r"[^\s()]*\([^()]*(?:\([^()]*\)[^()]*)*\)|\S+", value)
    if repeated and int(repeated[1]) == count and kept:
        value = value.replace(repeated[0], f"repeat({len(kept)},", 1)
    elif len(tracks) == count:
        value = " ".join(tracks[i] for i in kept) if len(kept) > 1 else "minmax(0, 1fr)"
    else:
        return None
    return TextSplice(one.sheet.file, one.sheet.offset + start, one.sheet.offset + end, value)


def _families(tags: Sequence[Tag]) -> list[tuple[Tag, list[Tag]]]:
    """Each element that holds others, with its children."""
    families: dict[int, tuple[Tag, list[Tag]]] = {}
    holders: list[Tag] = []
    for tag in tags:
        while holders and not _holds(holders[-1], tag):
            holders.pop()
        if holders:
            families.setdefault(holders[-1].start, (holders[-1], []))[1].append(tag)
        if tag.close is not None:
            holders.append(tag)
    return list(families.values())


def _list_classes(page: str) -> set[str]:
    return {name for tag in find_tags(page) for name in tag.get("class").split()}


def _remove_dead_rules(bundle: Bundle, dead: set[str]) -> Bundle:
    files = dict(bundle.files)
    for sheet in find_sheets(bundle):
        if sheet.linked:
            files[sheet.file] = _prune_sheet(files[sheet.file], dead)
    return replace(bundle, files=files)


def _prune_sheet(css: str, dead: set[str]) -> str:
    for rule in reversed(find_rules(css)):
        if rule.selector.startswith("@media"):
            inside = _prune_sheet(css[rule.body : rule.end - 1], dead)
            css = (
                css[: rule.body] + inside + css[rule.end - 1 :]
                if inside.strip()
                else _cut(css, rule.start, rule.end)
            )
        elif all(dead & set(re.findall(r"\.([\w-]+)", one)) for one in rule.selector.split(",")):
            css = _cut(css, rule.start, rule.end)
    return css


def _cut(css: str, start: int, end: int) -> str:
    return (
        css[:start].rstrip(" \n") + "\n\n" + css[end:].lstrip("\n")
        if css[:start].strip()
        else css[end:].lstrip("\n")
    )
