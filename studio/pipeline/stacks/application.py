"""An application that a page becomes part of, as far as the page's code is written for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from studio.pipeline.stacks.component_library import LibrarySource
from studio.pipeline.stacks.css_colors import Rgb
from studio.pipeline.stacks.module_style import ModuleStyle
from studio.pipeline.stacks.theme import BREAKPOINTS, RADII


@dataclass(frozen=True, slots=True)
class HostTheme:
    """What an application's style sheets define that the page's code can use or must withstand."""

    colors: Mapping[str, Rgb] = field(default_factory=dict)  # --color-NAME of its Tailwind theme
    follows_scheme: bool = False  # its colors change with a dark mode
    radii: Mapping[float, str] = field(default_factory=lambda: RADII)  # px → name
    breakpoints: Mapping[float, str] = field(default_factory=lambda: BREAKPOINTS)  # px → name
    has_own_spacing: bool = False  # its spacing step is not 0.25rem
    has_own_rem: bool = False  # its root element's font size is not the browser's
    class_names: frozenset[str] = frozenset()  # that its style sheets mention
    styles_elements: bool = False  # it styles elements (h1, a) outside cascade layers


@dataclass(frozen=True, slots=True)
class Application:
    """An application's language, place and ways for one page."""

    language: Literal["react", "vue"]
    name: str  # of the page's component: 'HarborPage'
    prefix: str  # of all that the page brings: 'harbor-page'
    folder: str  # of the page's files: 'src/components/HarborPage'
    style: ModuleStyle
    has_tailwind: bool  # of version 4, with a style sheet that imports it
    sheets: tuple[str, ...] = ()  # its style sheets
    library: tuple[LibrarySource, ...] = ()  # its own components, as shadcn/ui has them

    @property
    def suffix(self) -> str:
        """Return the suffix of a component's file."""
        if self.language == "vue":
            return ".vue"
        return ".tsx" if self.style.typescript else ".jsx"

    @property
    def sheet_name(self) -> str:
        """Return the file name of the page's own style sheet."""
        return "theme.css" if self.has_tailwind else f"{self.prefix}.css"
