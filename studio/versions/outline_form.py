"""The outline editor's form: an outline as fields, and the fields as an outline again.

Fields of a section end in its place on the page, those of an item in the section's and its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise

from studio.pipeline.outline.outline_edits import (
    add_section,
    can_move,
    list_missing_kinds,
    move_section,
    remove_section,
    set_count,
)
from studio.pipeline.outline.placeholders import fill_placeholders
from studio.pipeline.outline.schema import (
    MOST_COLUMNS,
    MOST_ITEMS,
    MOST_SECTIONS,
    Item,
    Outline,
    OutlineError,
    Section,
    read_outline,
)
from studio.pipeline.outline.section_kinds import SPECS, SectionKind
from studio.runs.outline_names import DENSITY_NAMES, KIND_NAMES, LAYOUT_NAMES, THEME_NAMES

Choices = Sequence[tuple[str, Promise]]


@dataclass(frozen=True, slots=True)
class ItemRow:
    """The fields of one item; those without a text are not shown. `name` ends their names."""

    name: str
    item: Item

    @property
    def points(self) -> str:
        return "\n".join(self.item.points)


@dataclass(frozen=True, slots=True)
class SectionRow:
    """The fields of one section. `is_open`: its texts are shown, because it was just added."""

    place: int
    section: Section
    can_rise: bool
    can_sink: bool
    can_go: bool
    is_open: bool = False

    @property
    def kind_name(self) -> Promise:
        return KIND_NAMES[self.section.kind]

    @property
    def layouts(self) -> Choices:
        layouts = SPECS[self.section.kind].layouts
        return [(name, LAYOUT_NAMES[name]) for name in layouts] if len(layouts) > 1 else []

    @property
    def columns(self) -> range:
        return range(1, MOST_COLUMNS + 1) if SPECS[self.section.kind].columns else range(0)

    @property
    def least(self) -> int:
        return min(SPECS[self.section.kind].items[0], len(self.section.items))

    @property
    def most(self) -> int:
        return max(SPECS[self.section.kind].items[2], len(self.section.items))

    @property
    def actions(self) -> str:
        return "\n".join(self.section.actions)

    @property
    def items(self) -> list[ItemRow]:
        """Return the items that have texts; the links of a menu come from the sections."""
        return [
            ItemRow(f"{self.place}-{n}", item)
            for n, item in enumerate(self.section.items)
            if item != Item()
        ]


def build_form_context(outline: Outline, opened: int | None = None) -> dict[str, Any]:
    """Return what the editor shows of an outline; `opened` is the section whose texts are shown."""
    places = range(len(outline.sections))
    rows = [
        SectionRow(
            place,
            outline.sections[place],
            can_move(outline, place, -1),
            can_move(outline, place, 1),
            len(outline.sections) > 1,
            place == opened,
        )
        for place in places
    ]
    return {
        "outline": outline,
        "rows": rows,
        "themes": list(THEME_NAMES.items()),
        "densities": list(DENSITY_NAMES.items()),
        "missing": [(kind, KIND_NAMES[kind]) for kind in list_missing_kinds(outline)],
    }


def read_form(data: Mapping[str, str], before: Outline) -> Outline:
    """Return the outline in the form's fields; raises OutlineError.

    What the form does not show is taken from the outline before.
    """
    look = {
        "theme": data.get("theme", before.look.theme),
        "accent": data.get("accent", "").strip(),
        "second": before.look.second,
        "is_dark": bool(data.get("dark")),
        "density": data.get("density", before.look.density),
    }
    sections = list(_read_sections(data))
    read = read_outline({"name": data.get("name", ""), "look": look, "sections": sections})
    counted = tuple(
        set_count(one, _read_count(data, place, one)) for place, one in enumerate(read.sections)
    )
    merged = replace(before, name=read.name, look=read.look, sections=counted)
    return fill_placeholders(merged)


def _read_sections(data: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for place in range(MOST_SECTIONS + 1):  # one too many is refused with the reason
        if f"kind-{place}" not in data:
            return
        names = ("eyebrow", "title", "text")
        yield {
            "kind": data[f"kind-{place}"],
            "layout": data.get(f"layout-{place}", ""),
            "columns": _read_number(data.get(f"columns-{place}", "")),
            **{name: data.get(f"{name}-{place}", "") for name in names},
            "actions": _split_lines(data.get(f"actions-{place}", "")),
            "items": list(_read_items(data, place)),
        }


def _read_items(data: Mapping[str, str], place: int) -> Iterator[dict[str, Any]]:
    """Yield as many items as the section had; those without fields are empty."""
    number = _read_number(data.get(f"had-{place}", ""))
    for n in range(min(number, MOST_ITEMS + 1)):
        names = ("title", "text", "detail")
        yield {
            **{name: data.get(f"item-{name}-{place}-{n}", "") for name in names},
            "points": _split_lines(data.get(f"item-points-{place}-{n}", "")),
        }


def _read_count(data: Mapping[str, str], place: int, section: Section) -> int:
    text = data.get(f"count-{place}", "")
    return min(_read_number(text), MOST_ITEMS) if text else len(section.items)


def _read_number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else 0


def _split_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


@dataclass(frozen=True, slots=True)
class FormStep:
    """What a button of the form did. `place`: the section that it was about, where it still is."""

    outline: Outline
    place: int | None = None
    is_done: bool = False  # the person wants the page to be made


def take_step(outline: Outline, do: str, data: Mapping[str, str]) -> FormStep:
    """Return the outline after the button named `do`: generate, update, add, up-N, down-N or remove-N.

    Raises OutlineError.
    """
    verb, _, number = do.partition("-")
    place = _read_number(number)
    if verb == "generate":
        return FormStep(outline, is_done=True)
    if verb == "add":
        kind: SectionKind = data.get("add-kind", "")  # type: ignore[assignment]
        added = add_section(outline, kind)
        kinds = [section.kind for section in added.sections]
        return FormStep(added, kinds.index(kind))
    if verb in ("up", "down", "remove") and place >= len(outline.sections):
        raise OutlineError(f"There is no section {place + 1}.")
    if verb == "remove":
        return FormStep(remove_section(outline, place))
    if verb in ("up", "down"):
        step = -1 if verb == "up" else 1
        moved = place + step if can_move(outline, place, step) else place
        return FormStep(move_section(outline, place, step), moved)
    return FormStep(outline)
