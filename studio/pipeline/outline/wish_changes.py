"""Carrying out wishes on an outline; each says in one sentence what was done, or why it was not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from studio.pipeline.outline.outline_edits import (
    FIXED,
    choose_place,
    list_missing_kinds,
    make_section,
    set_count,
)
from studio.pipeline.outline.placeholders import fill_placeholders, is_named_table
from studio.pipeline.outline.schema import Item, Outline, Section
from studio.pipeline.outline.section_kinds import SPECS
from studio.pipeline.outline.vocabulary import load_vocabulary
from studio.pipeline.outline.wishes import Action, Wish


@dataclass(frozen=True, slots=True)
class ChangedOutline:
    """An outline after wishes. `done` and `unmet`: a sentence for each of them."""

    outline: Outline
    done: tuple[str, ...]
    unmet: tuple[str, ...]


class UnmetWish(Exception):
    """A wish cannot be carried out; one sentence that says why."""


def carry_out(outline: Outline, wishes: Sequence[Wish]) -> ChangedOutline:
    """Return the outline with every wish carried out that can be."""
    done, unmet = [], []
    for wish in wishes:
        try:
            outline, sentence = CHANGES[wish.action](outline, wish)
            done.append(sentence)
        except UnmetWish as error:
            unmet.append(str(error))
    return ChangedOutline(outline, tuple(done), tuple(unmet))


Change = Callable[[Outline, Wish], tuple[Outline, str]]


def _find_place(outline: Outline, kind: str | None) -> int:
    for place, section in enumerate(outline.sections):
        if section.kind == kind:
            return place
    raise UnmetWish(f"The page has no {kind}.")


def _replace_section(outline: Outline, place: int, **values: Any) -> Outline:
    sections = [*outline.sections]
    sections[place] = replace(sections[place], **values)
    return replace(outline, sections=tuple(sections))


def _add(outline: Outline, wish: Wish) -> tuple[Outline, str]:
    assert wish.kind is not None
    if any(section.kind == wish.kind for section in outline.sections):
        raise UnmetWish(f"The page has a {wish.kind} already.")
    sections = [*outline.sections]
    sections.insert(_choose_place(outline, wish), make_section(wish.kind, wish.number))
    changed = fill_placeholders(replace(outline, sections=tuple(sections)))
    return changed, f"Added the section {wish.kind}."


def _choose_place(outline: Outline, wish: Wish) -> int:
    if wish.other:
        return _find_place(outline, wish.other) + (1 if wish.where == "after" else 0)
    assert wish.kind is not None
    return choose_place(outline, wish.kind)


def _remove(outline: Outline, wish: Wish) -> tuple[Outline, str]:
    place = _find_place(outline, wish.kind)
    if len(outline.sections) == 1:
        raise UnmetWish(f"The {wish.kind} is all that the page has.")
    sections = [*outline.sections]
    sections.pop(place)
    return replace(outline, sections=tuple(sections)), f"Removed the section {wish.kind}."


def _move(outline: Outline, wish: Wish) -> tuple[Outline, str]:
    if wish.kind in list_missing_kinds(outline):
        return _add(outline, _place_addition(outline, wish))
    sections = [*outline.sections]
    place = _find_place(outline, wish.kind)
    movable = [n for n, one in enumerate(sections) if one.kind not in FIXED]
    if place not in movable:
        raise UnmetWish(f"The {wish.kind} stays where it is.")
    moved = sections.pop(place)
    first, last = movable[0], movable[-1]
    targets = {
        "first": first,
        "last": last,
        "up": max(first, place - 1),
        "down": min(last, place + 1),
    }
    if wish.other:
        target = _find_place(replace(outline, sections=tuple(sections)), wish.other)
        target += 1 if wish.where == "after" else 0
    else:
        target = targets[wish.where]
    sections.insert(min(max(target, first), last), moved)
    return replace(outline, sections=tuple(sections)), f"Moved the section {wish.kind}."


def _place_addition(outline: Outline, wish: Wish) -> Wish:
    """Return the wish to put a section somewhere as one to add it there: "put a newsletter at the end"."""
    if wish.other or wish.where not in ("first", "last"):
        return wish
    kinds = [section.kind for section in outline.sections if section.kind not in FIXED]
    if not kinds:
        return replace(wish, where="")
    if wish.where == "first":
        return replace(wish, where="before", other=kinds[0])
    return replace(wish, where="after", other=kinds[-1])


def _set_layout(outline: Outline, wish: Wish) -> tuple[Outline, str]:
    place = _find_place(outline, wish.kind)
    changed = _replace_section(outline, place, layout=wish.value)
    return changed, f"Set the layout of {wish.kind} to {wish.value}."


def _set_columns(outline: Outline, wish: Wish) -> tuple[Outline, str]:
    place = _find_place(outline, wish.kind)
    if not SPECS[outline.sections[place].kind].columns:
        raise UnmetWish(f"The {wish.kind} has no columns.")
    changed = _replace_section(outline, place, columns=wish.number)
    return changed, f"Set {wish.kind} to {wish.number} columns."


def _set_count(outline: Outline, wish: Wish) -> tuple[Outline, str]:
    place = _find_place(outline, wish.kind)
    section = outline.sections[place]
    least, _, most = SPECS[section.kind].items
    if not least <= wish.number <= most:
        raise UnmetWish(f"Got {wish.number} for {wish.kind}; use {least} to {most}.")
    counted = set_count(section, wish.number)
    changed = fill_placeholders(
        _replace_section(outline, place, items=counted.items, columns=counted.columns)
    )
    return changed, f"Set {wish.kind} to {wish.number} items."


def _rename(outline: Outline, wish: Wish) -> tuple[Outline, str]:
    changed = _replace_text(outline, outline.name, wish.value)
    return replace(changed, name=wish.value), f"Renamed to {wish.value}."


def _set_text(outline: Outline, wish: Wish) -> tuple[Outline, str]:
    changed = _replace_text(outline, wish.other, wish.value)
    if changed == outline:
        raise UnmetWish(f"The page has no text “{wish.other}”.")
    return changed, f"Changed “{wish.other}” to “{wish.value}”."


def _replace_text(outline: Outline, old: str, new: str) -> Outline:
    """Return the outline with `old` as `new` in every text."""

    def change(text: str) -> str:
        return text.replace(old, new) if old else text

    def change_item(item: Item) -> Item:
        points = tuple(change(point) for point in item.points)
        return Item(change(item.title), change(item.text), change(item.detail), points)

    sections = tuple(
        replace(
            one,
            eyebrow=change(one.eyebrow),
            title=change(one.title),
            text=change(one.text),
            actions=tuple(change(label) for label in one.actions),
            items=tuple(change_item(item) for item in one.items),
        )
        for one in outline.sections
    )
    return replace(outline, sections=sections, subject=change(outline.subject))


def _set_theme(outline: Outline, wish: Wish) -> tuple[Outline, str]:
    look = replace(outline.look, theme=wish.value)  # type: ignore[arg-type]
    return replace(outline, look=look), f"The theme is {wish.value}."


def _set_dark(outline: Outline, wish: Wish) -> tuple[Outline, str]:
    is_dark = wish.value == "dark"
    if outline.look.is_dark == is_dark:
        raise UnmetWish(f"The page is {wish.value} already.")
    return replace(
        outline, look=replace(outline.look, is_dark=is_dark)
    ), f"The page is {wish.value}."


def _set_accent(outline: Outline, wish: Wish) -> tuple[Outline, str]:
    look = replace(outline.look, accent=wish.value)
    return replace(outline, look=look), f"The accent is {wish.value}."


def _set_density(outline: Outline, wish: Wish) -> tuple[Outline, str]:
    look = replace(outline.look, density=wish.value)  # type: ignore[arg-type]
    return replace(outline, look=look), f"The spacing is {wish.value}."


def _translate(outline: Outline, wish: Wish) -> tuple[Outline, str]:
    """Translate what rules can: labels, and texts of ours. Written texts stay as they are."""
    if outline.language == wish.value:
        raise UnmetWish(f"The page is in {load_vocabulary(wish.value).name} already.")
    emptied = tuple(_drop_own_texts(outline, section) for section in outline.sections)
    changed = fill_placeholders(replace(outline, language=wish.value, sections=emptied))
    name = load_vocabulary(wish.value).name
    return changed, f"Labels and headings are in {name}; texts that were written stay as they are."


def _drop_own_texts(outline: Outline, section: Section) -> Section:
    """Return the section without the texts that rules had filled in."""
    blank = Section(section.kind, section.layout, section.columns)
    blank = replace(blank, items=(Item(),) * len(section.items))
    if is_named_table(section):
        blank = replace(blank, title=section.title)
    filled = fill_placeholders(replace(outline, sections=(blank,))).sections[0]
    items = tuple(
        Item(*(_keep_written(getattr(a, name), getattr(b, name)) for name in Item.__slots__))
        for a, b in zip(section.items, filled.items, strict=True)
    )
    return replace(
        section,
        title=section.title if blank.title else _keep_written(section.title, filled.title),
        text=_keep_written(section.text, filled.text),
        actions=(),
        items=items,
    )


def _keep_written(text: Any, own: Any) -> Any:
    return type(text)() if text == own else text


CHANGES: Mapping[Action, Change] = {
    "add": _add,
    "remove": _remove,
    "move": _move,
    "layout": _set_layout,
    "columns": _set_columns,
    "count": _set_count,
    "rename": _rename,
    "text": _set_text,
    "theme": _set_theme,
    "dark": _set_dark,
    "accent": _set_accent,
    "density": _set_density,
    "translate": _translate,
}
