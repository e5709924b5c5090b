"""Changes that a person makes to an outline: sections moved, removed and added, and what was changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from studio.pipeline.outline.placeholders import fill_placeholders
from studio.pipeline.outline.plan import SCREEN_KINDS, choose_columns
from studio.pipeline.outline.schema import (
    APP_PAGES,
    MOST_SECTIONS,
    Item,
    Outline,
    OutlineError,
    Section,
)
from studio.pipeline.outline.section_asks import is_asked
from studio.pipeline.outline.section_kinds import SECTION_KINDS, SPECS, SectionKind

# Sections whose place is the same on every page.
FIXED: tuple[SectionKind, ...] = ("header", "footer", "sidebar")
MOST_NAMED = 3  # changes that a description names


def list_missing_kinds(outline: Outline) -> list[SectionKind]:
    """Return the sections that can be added: of the closed set, those that suit the page and that it
    does not have.
    """
    screens: tuple[SectionKind, ...] = ("sidebar", *SCREEN_KINDS)
    is_application = outline.kind in APP_PAGES
    present = {section.kind for section in outline.sections}
    return [
        kind
        for kind in SECTION_KINDS
        if kind not in present and kind != "signin" and (kind in screens) == is_application
    ]


def make_section(kind: SectionKind, count: int = 0) -> Section:
    """Return a section without texts; `count` 0: the usual number of items."""
    spec = SPECS[kind]
    count = min(count or spec.items[1], spec.items[2])
    columns = choose_columns(kind, count)
    return Section(kind, spec.layouts[0], columns, items=(Item(),) * count)


def choose_place(outline: Outline, kind: SectionKind) -> int:
    """Return where a section stands that nobody gave a place: before those that close a page."""
    kinds = [section.kind for section in outline.sections]
    if kind in ("header", "sidebar"):
        return 0
    closing: tuple[SectionKind, ...] = ("newsletter", "cta", "contact", "footer")
    ends = [kinds.index(one) for one in closing if one in kinds and kind != "footer"]
    return min(ends, default=len(kinds))


def add_section(outline: Outline, kind: SectionKind) -> Outline:
    """Return the outline with the section at its usual place. Raises OutlineError."""
    _check_addition(outline, kind)
    sections = [*outline.sections]
    sections.insert(choose_place(outline, kind), make_section(kind))
    return fill_placeholders(replace(outline, sections=tuple(sections)))


def _check_addition(outline: Outline, kind: SectionKind) -> None:
    """Raise OutlineError for a section that the page has, or that does not suit it."""
    missing = list_missing_kinds(outline)
    if kind not in missing:
        known = ", ".join(missing) or "none"
        raise OutlineError(f"The section {kind} cannot be added; use one of {known}.")


def remove_section(outline: Outline, place: int) -> Outline:
    """Return the outline without the section at `place`; the last one stays."""
    if len(outline.sections) == 1:
        return outline
    sections = outline.sections[:place] + outline.sections[place + 1 :]
    return replace(outline, sections=sections)


def can_move(outline: Outline, place: int, step: int) -> bool:
    """Return True if the section at `place` can change places with the one `step` (-1, 1) further."""
    other = place + step
    if not 0 <= other < len(outline.sections):
        return False
    pair = (outline.sections[place].kind, outline.sections[other].kind)
    return not any(kind in FIXED for kind in pair)


def move_section(outline: Outline, place: int, step: int) -> Outline:
    """Return the outline with the section one place up (-1) or down (1), where it can move."""
    if not can_move(outline, place, step):
        return outline
    sections = [*outline.sections]
    sections[place], sections[place + step] = sections[place + step], sections[place]
    return replace(outline, sections=tuple(sections))


def set_count(section: Section, count: int) -> Section:
    """Return the section with so many items; new ones have no texts yet."""
    if count == len(section.items):
        return section
    blank = (Item(),) * max(0, count - len(section.items))
    items = (*section.items, *blank)[:count]
    return replace(section, items=items, columns=choose_columns(section.kind, count))


def complete_outline(outline: Outline, before: Outline) -> Outline:
    """Return a person's outline ready to be made a page, with our texts where there are none.

    What a person does not change is taken from the outline before: the page's kind, topic, tone and
    what it is about. Raises OutlineError.
    """
    if not outline.sections:
        raise OutlineError("The outline has no section; use at least one.")
    if len(outline.sections) > MOST_SECTIONS:
        raise OutlineError(f"Got {len(outline.sections)} sections; use at most {MOST_SECTIONS}.")
    kinds = [section.kind for section in outline.sections]
    twice = next((kind for kind in kinds if kinds.count(kind) > 1), None)
    if twice is not None:
        raise OutlineError(f"Got the section {twice} twice; use each section once.")
    for section in outline.sections:
        if before.find(section.kind) is None:
            _check_addition(before, section.kind)
        _check_count(section, before)
    kept = replace(
        outline,
        kind=before.kind,
        topic=before.topic,
        tone=before.tone,
        subject=before.subject,
        language=before.language,
    )
    return fill_placeholders(kept)


def _check_count(section: Section, before: Outline) -> None:
    """Raise OutlineError for a number of items that the section cannot have.

    A page may have fewer or more than usual where it had so many before.
    """
    count = len(section.items)
    least, _, most = SPECS[section.kind].items
    earlier = before.find(section.kind)
    if earlier is not None:
        least, most = min(least, len(earlier.items)), max(most, len(earlier.items))
    if not least <= count <= most:
        raise OutlineError(f"Got {count} items for {section.kind}; use {least} to {most}.")


def find_unwritten(outline: Outline, before: Outline) -> tuple[int, ...]:
    """Return the places of added sections that a writer can fill: nobody wrote a text of theirs."""
    known = {section.kind for section in before.sections}
    return tuple(
        place
        for place, section in enumerate(outline.sections)
        if section.kind not in known
        and is_asked(outline, section)
        and section == _blank_section(outline, place)
    )


def _blank_section(outline: Outline, place: int) -> Section:
    """Return the section at `place` with nothing but our texts."""
    section = outline.sections[place]
    blank = Section(
        section.kind, section.layout, section.columns, items=(Item(),) * len(section.items)
    )
    sections = [*outline.sections]
    sections[place] = blank
    return fill_placeholders(replace(outline, sections=tuple(sections))).sections[place]


def describe_outline_changes(outline: Outline, before: Outline) -> str:
    """Return what was changed, short enough for a list of versions; empty where nothing was."""
    old = {section.kind: section for section in before.sections}
    new = {section.kind: section for section in outline.sections}
    added = [kind for kind in new if kind not in old]
    removed = [kind for kind in old if kind not in new]
    changed = [kind for kind in new if kind in old and new[kind] != old[kind]]
    parts = [
        *_name_kinds("added", added),
        *_name_kinds("removed", removed),
        *_name_kinds("changed", changed),
    ]
    if [kind for kind in new if kind in old] != [kind for kind in old if kind in new]:
        parts.append("order")
    if outline.look != before.look:
        parts.append("look")
    if outline.name != before.name:
        parts.append("name")
    return f"Outline: {'; '.join(parts)}" if parts else ""


def _name_kinds(verb: str, kinds: Sequence[str]) -> list[str]:
    if not kinds:
        return []
    named = ", ".join(kinds[:MOST_NAMED])
    more = f" and {len(kinds) - MOST_NAMED} more" if len(kinds) > MOST_NAMED else ""
    return [f"{verb} {named}{more}"]
