"""An outline as a run's page shows it: its sections in order, by their names in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from studio.pipeline.bundle import Bundle
from studio.pipeline.outline.schema import Density, Outline, OutlineError, ThemeKey, read_outline
from studio.pipeline.outline.section_kinds import SectionKind
from studio.pipeline.outline.stored import load_outline
from studio.runs.models import Run
from studio.runs.progress import Progress

KIND_NAMES: Mapping[SectionKind, Promise] = {
    "header": gettext_lazy("Header"),
    "hero": gettext_lazy("Opening"),
    "logos": gettext_lazy("Logos"),
    "features": gettext_lazy("Features"),
    "steps": gettext_lazy("Process steps"),
    "story": gettext_lazy("Story"),
    "gallery": gettext_lazy("Gallery"),
    "products": gettext_lazy("Products"),
    "menu": gettext_lazy("Food menu"),
    "pricing": gettext_lazy("Pricing"),
    "testimonials": gettext_lazy("Testimonials"),
    "team": gettext_lazy("People"),
    "stats": gettext_lazy("Key figures"),
    "faq": gettext_lazy("Questions and answers"),
    "posts": gettext_lazy("Articles"),
    "schedule": gettext_lazy("Schedule"),
    "table": gettext_lazy("Table"),
    "form": gettext_lazy("Form"),
    "contact": gettext_lazy("Contact"),
    "newsletter": gettext_lazy("Newsletter"),
    "cta": gettext_lazy("Call to action"),
    "footer": gettext_lazy("Footer"),
    "sidebar": gettext_lazy("Sidebar"),
    "chart": gettext_lazy("Chart"),
    "list": gettext_lazy("Activity list"),
    "settings": gettext_lazy("Settings form"),
    "signin": gettext_lazy("Sign-in form"),
    "board": gettext_lazy("Task board"),
    "inbox": gettext_lazy("Inbox"),
    "chat": gettext_lazy("Chat"),
}
LAYOUT_NAMES: Mapping[str, Promise] = {
    "split": gettext_lazy("Side by side"),
    "centered": gettext_lazy("Centered"),
    "cover": gettext_lazy("Over a picture"),
    "type": gettext_lazy("Text only"),
    "cards": gettext_lazy("Cards"),
    "card": gettext_lazy("One card"),
    "rows": gettext_lazy("Rows"),
    "plain": gettext_lazy("Plain"),
    "numbered": gettext_lazy("Numbered"),
    "text": gettext_lazy("Text"),
    "grid": gettext_lazy("Grid"),
    "mosaic": gettext_lazy("Mosaic"),
    "list": gettext_lazy("List"),
    "quote": gettext_lazy("One quote"),
    "band": gettext_lazy("Band"),
    "columns": gettext_lazy("Columns"),
    "line": gettext_lazy("Line"),
    "bars": gettext_lazy("Bars"),
    "activity": gettext_lazy("Activity"),
    "panes": gettext_lazy("Panes"),
}
THEME_NAMES: Mapping[ThemeKey, Promise] = {
    "clear": gettext_lazy("Clear"),
    "editorial": gettext_lazy("Editorial"),
    "warm": gettext_lazy("Warm"),
    "bold": gettext_lazy("Bold"),
    "calm": gettext_lazy("Calm"),
    "tech": gettext_lazy("Technical"),
}
DENSITY_NAMES: Mapping[Density, Promise] = {
    "compact": gettext_lazy("Compact"),
    "normal": gettext_lazy("Normal"),
    "airy": gettext_lazy("Airy"),
}


@dataclass(frozen=True, slots=True)
class ShownOutline:
    """`sections`: their names and titles, from the top. `written`: how many a model wrote so far."""

    sections: tuple[tuple[Promise, str], ...]
    written: int = 0
    can_edit: bool = False  # it belongs to a version


def find_shown_outline(
    run: Run, progress: Progress | None, bundle: Bundle | None
) -> ShownOutline | None:
    """Return the outline of a live run as far as it is written, else that of the version shown, which is
    in its `bundle`.
    """
    if progress is not None and progress.outline is not None:
        try:
            return _show(read_outline(progress.outline), progress.written)
        except OutlineError:  # an event of another release
            return None
    if bundle is None or run.has_mockup:
        return None
    outline = load_outline(bundle)
    if outline is None:
        return None
    return _show(outline, can_edit=True)


def _show(outline: Outline, written: int = 0, *, can_edit: bool = False) -> ShownOutline:
    sections = tuple((KIND_NAMES[one.kind], one.title) for one in outline.sections)
    return ShownOutline(sections, written, can_edit)
