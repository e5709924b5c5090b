"""What all sections share: the page's outline and words, heads, links and pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from studio.pipeline.outline.schema import Outline, Section
from studio.pipeline.outline.section_kinds import SectionKind
from studio.pipeline.outline.vocabulary import Vocabulary
from studio.pipeline.sections.markup import Element, make
from studio.pipeline.sections.palettes import Palette
from studio.pipeline.sections.pictures import PictureBook

# Sections that the main link of a page may lead to, the best first.
GOALS: tuple[SectionKind, ...] = (
    "form",
    "products",
    "pricing",
    "menu",
    "newsletter",
    "posts",
    "contact",
    "cta",
)


@dataclass(frozen=True, slots=True)
class PageContext:
    """The page that a section is written for; `pictures` collects its pictures."""

    outline: Outline
    words: Vocabulary
    palette: Palette
    pictures: PictureBook = field(repr=False)

    @property
    def labels(self) -> dict[str, str]:
        return dict(self.words.labels)

    def has(self, kind: SectionKind) -> bool:
        return self.outline.find(kind) is not None

    @property
    def goal(self) -> str:
        """Return the address of the section that the main link leads to."""
        kind = next((kind for kind in GOALS if self.has(kind)), None)
        return f"#{kind}" if kind else "#content"

    @property
    def first(self) -> str:
        """Return the address of the first section of content below the hero."""
        shells = ("header", "hero", "footer", "sidebar")
        goal = self.goal.removeprefix("#")
        kinds = [one.kind for one in self.outline.sections if one.kind not in shells]
        others = [kind for kind in kinds if kind != goal]
        target = next(iter(others or kinds), "content")
        return f"#{target}"


Write = Callable[[PageContext, Section], Element]


def make_section(
    section: Section, *children: Element | None, tone: str = "", wide: bool = False
) -> Element:
    """Return a section of the page in a container; `tone` is its ground: "tint", "deep" or none."""
    classes = ["section", section.kind, *([f"section--{tone}"] if tone else [])]
    container = make("div", *children, cls="container container--wide" if wide else "container")
    name = {"aria_labelledby": f"{section.kind}-title"} if section.title else {}
    return make("section", container, cls=" ".join(classes), id=section.kind, **name)


def make_head(section: Section, cls: str = "section-head") -> Element | None:
    """Return the section's heading with its eyebrow and text; None where it has none."""
    if not section.title:
        return None
    return make(
        "div",
        make("p", section.eyebrow, cls="eyebrow") if section.eyebrow else None,
        make("h2", section.title, id=f"{section.kind}-title"),
        make("p", section.text, cls="lead") if section.text else None,
        cls=cls,
    )


def make_link(label: str, href: str, cls: str = "button") -> Element:
    return make("a", label, cls=cls, href=href)


def make_grid(columns: int, *children: Element, name: str = "ul", cls: str = "") -> Element:
    """Return a grid of so many columns at wide windows."""
    classes = f"grid grid--{columns}" if columns > 1 else "grid"
    return make(name, *children, cls=f"{classes} {cls}".strip())


def make_picture(path: str, alt: str, size: tuple[int, int], cls: str = "picture") -> Element:
    width, height = size
    return make("img", cls=cls, src=path, alt=alt, width=width, height=height)
