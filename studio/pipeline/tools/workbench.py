"""What the tools of one caller share: where mockups and pages come from, a browser, what was seen."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from PIL import Image

from studio.pipeline.bundle import Bundle
from studio.pipeline.perception.hints import Hints
from studio.pipeline.rendering.page_files import Site
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.likeness.perceived_mockup import PerceivedMockup
from studio.pipeline.tools.results import ToolError

Perceive = Callable[..., Hints]  # a picture and `scale`, as `find_page_hints` takes them
LEAST_SCALE, MOST_SCALE = 0.5, 4.0  # picture pixels a CSS pixel
KEPT = 8  # perceived mockups in memory; a page of 1280 × 4000 px takes 15 MB
# Of all of them together; they stay in a worker that has done its job. Three bytes each.
KEPT_PIXELS = 60_000_000


@dataclass(frozen=True, slots=True)
class PageSource:
    """A page to render; `bundle` are its files where they are known (not behind an address)."""

    site: Site
    bundle: Bundle | None = None


@dataclass(frozen=True, slots=True)
class MockupSource:
    """A mockup's picture; `width` is its width in CSS pixels, None where it has to be found.

    `note`: what the caller should know of it, in one sentence.
    """

    picture: Image.Image
    width: int | None = None
    note: str = ""


class Sources(Protocol):
    """Where a caller's mockups and pages are. Raises ToolError for what is not there or not allowed."""

    def open_mockup(self, name: str, width: int | None) -> MockupSource:
        """Return the mockup; `width` is what the caller says of its width in CSS pixels."""
        ...

    def open_page(self, name: str) -> PageSource: ...

    def deliver(self, folder: str, files: Mapping[str, bytes]) -> str:
        """Hand the files over and return a sentence that says where they are."""
        ...


class Runs(Protocol):
    """A caller's runs: started here, carried out elsewhere. Raises ToolError."""

    def start(self, request: Any) -> dict[str, Any]: ...

    def follow_up(self, request: Any) -> dict[str, Any]: ...

    def describe(self, run: str) -> dict[str, Any]: ...

    def list_versions(self, run: str) -> list[dict[str, Any]]: ...

    def read_files(self, run: str, number: int) -> Mapping[str, bytes]: ...

    def export(self, run: str, number: int) -> Mapping[str, bytes]: ...


@dataclass
class RunsDesk:
    """What the tools of runs use."""

    runs: Runs | None
    report: Callable[[str], None] = lambda words: None


@dataclass
class Workbench:
    """Opens and remembers what tools work on. One caller at a time uses the browser."""

    sources: Sources
    renderer: Renderer
    perceive: Perceive
    runs: Runs | None = None
    report: Callable[[str], None] = lambda words: None  # progress, for whoever waits
    stop: Callable[[], bool] = lambda: False  # True ends a fit with the best page so far
    seen: SeenMockups = field(default_factory=lambda: SeenMockups())
    notes: list[str] = field(default_factory=list)  # on the mockups of one call

    def see_mockup(self, name: str, width: int | None = None) -> PerceivedMockup:
        """Return the mockup and what is recognized in it; `width` is its width in CSS pixels.

        The same picture is perceived once.
        """
        opened = self.sources.open_mockup(name, width)
        if opened.note:
            self.notes.append(opened.note)
        key = (hashlib.sha256(opened.picture.tobytes()).hexdigest(), opened.width)
        if (sight := self.seen.find(key)) is not None:
            return sight
        self.report("Reading the mockup")
        sight = self._perceive(opened)
        self.seen.keep(key, sight)
        return sight

    def _perceive(self, opened: MockupSource) -> PerceivedMockup:
        from studio.pipeline.perception.frame import cut_to_page

        scale = compute_scale(opened.picture.width, opened.width)
        hints = self.perceive(opened.picture, scale=scale)
        return PerceivedMockup(cut_to_page(opened.picture, hints), hints)


def compute_scale(pixels: int, width: int | None) -> float | None:
    """Return the pixels a CSS pixel of a mockup `pixels` wide; None where its width is not known.

    Raises ToolError for a width that it cannot have.
    """
    if width is None:
        return None
    scale = pixels / width
    if not LEAST_SCALE <= scale <= MOST_SCALE:
        raise ToolError(
            f"The mockup is {pixels} px wide, so {width} CSS px would be {scale:.2g} pixels "
            f"a CSS pixel; use a width that gives {LEAST_SCALE:g} to {MOST_SCALE:g}."
        )
    return scale


Key = tuple[str, int | None]  # the hash of a picture's pixels, and the width it was read at


class SeenMockups:
    """The mockups that were perceived last."""

    def __init__(self) -> None:
        self._sights: OrderedDict[Key, PerceivedMockup] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: Key) -> PerceivedMockup | None:
        with self._lock:
            if key in self._sights:
                self._sights.move_to_end(key)
            return self._sights.get(key)

    def keep(self, key: Key, sight: PerceivedMockup) -> None:
        with self._lock:
            self._sights[key] = sight
            while len(self._sights) > 1 and (
                len(self._sights) > KEPT or self._count_pixels() > KEPT_PIXELS
            ):
                self._sights.popitem(last=False)

    def _count_pixels(self) -> int:
        sizes = [sight.mockup.size for sight in self._sights.values()]
        return sum(width * height for width, height in sizes)
