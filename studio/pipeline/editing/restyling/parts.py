"""Removal of parts of a page.

Their elements, the columns they were in, and the rules that only they used are removed.
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
    """Return the page without the part, unchanged if it has none."""
    page = bundle.files[ENTRY]
    tags = find_tags(page)
    removed = _keep_outermost([tag for tag in tags if _is(tag, part)])
    if not removed:
        return bundle
    bundle = _remove_tracks(bundle, tags, removed)
    before = _list_classes(bundle.files[ENTRY])
    pieces = [TextSplice(ENTRY, *_find_extent(page, tag), "") for tag in removed]
    bundle = apply_splices(bundle, pieces)
    return _remove_dead_rules(bundle, before - _list_classes(bundle.files[ENTRY]))


def _is(tag: Tag, part: Part) -> bool:
    classes = tag.get("class").split()
    if tag.name in TAGS[part]:
        if part not in ("pictures", "icons"):
            return True
        is_icon = tag.name == "svg" or any(ICON.fullmatch(name) for name in classes)
        return is_icon == (part == "icons")
    pattern = CLASSES.get(part)
    return pattern is not None and any(pattern.fullmatch(name) for name in classes)


def _keep_outermost(tags: Sequence[Tag]) -> list[Tag]:
    kept, until = [], -1
    for tag in tags:  # in the order of the source, so an element comes before those inside
        if tag.start >= until:
            kept.append(tag)
            until = max(until, tag.close or 0)
    return kept


def _holds(outer: Tag, inner: Tag) -> bool:
    return outer.close is not None and outer.end <= inner.start < outer.close


def _find_extent(page: str, tag: Tag) -> tuple[int, int]:
    """Return where the element starts and ends, with its line if it is alone there."""
    has_end_tag = tag.close is not None and tag.name not in VOID_ELEMENTS
    end = page.index(">", tag.close) + 1 if has_end_tag else tag.end
    line = page.rfind("\n", 0, tag.start) + 1
    if not page[line : tag.start].strip() and page[end : end + 1] == "\n":
        return line, end + 1
    return tag.start, end


def _remove_tracks(bundle: Bundle, tags: Sequence[Tag], removed: Sequence[Tag]) -> Bundle:
    """Remove the columns of removed children from grids.

    Only grids with as many columns as children are changed.
    """
    pieces = []
    removed_starts = {tag.start for tag in removed}
    for parent, children in _families(tags):
        kept = [i for i, child in enumerate(children) if child.start not in removed_starts]
        if len(kept) == len(children) or parent.start in removed_starts:
            continue
        names = {f".{name}" for name in parent.get("class").split()}
        pieces += [
            piece
            for sheet in find_sheets(bundle)
            for declaration in find_declarations(sheet)
            if declaration.name == "grid-template-columns"
            and declaration.selector in names
            and (piece := _count_tracks_left(declaration, len(children), kept)) is not None
        ]
    return apply_splices(bundle, dict.fromkeys(pieces))  # parents of one class share its columns


def _count_tracks_left(
    declaration: Declaration, count: int, kept: Sequence[int]
) -> TextSplice | None:
    """Return the edit that leaves the kept children's columns.

    None if the grid does not have a column for each child.
    """
    text = declaration.sheet.text
    start = Places(text).of(declaration.tokens[0])
    end = min(place for place in (text.find(";", start), declaration.rule_end) if place >= 0)
    value = text[start:end].strip()
    repeated = REPEAT.match(value)
    tracks = re.findall(r"[^\s()]*\([^()]*(?:\([^()]*\)[^()]*)*\)|\S+", value)
    if repeated and int(repeated[1]) == count and kept:
        value = value.replace(repeated[0], f"repeat({len(kept)},", 1)
    elif len(tracks) == count:
        value = " ".join(tracks[i] for i in kept) if len(kept) > 1 else "minmax(0, 1fr)"
    else:
        return None
    return TextSplice(
        declaration.sheet.file,
        declaration.sheet.offset + start,
        declaration.sheet.offset + end,
        value,
    )


def _families(tags: Sequence[Tag]) -> list[tuple[Tag, list[Tag]]]:
    """Return each element that holds others, with its children."""
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
            css = css[: rule.body] + inside + css[rule.end - 1 :]
            is_dead = not inside.strip()
            end = rule.body + len(inside) + 1
        else:
            is_dead = _is_dead(rule.selector, dead)
            end = rule.end
        if is_dead:
            css = _cut(css, rule.start, end)
    return css


def _is_dead(selector: str, dead: set[str]) -> bool:
    """Return True if every part of the selector needs a class that no element has."""
    return all(dead & set(re.findall(r"\.([\w-]+)", part)) for part in selector.split(","))


def _cut(css: str, start: int, end: int) -> str:
    before = css[:start]
    after = css[end:].lstrip("\n")
    if not before.strip():
        return after
    return before.rstrip(" \n") + "\n\n" + after
