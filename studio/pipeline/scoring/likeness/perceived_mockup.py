"""One mockup and what was seen in it: what a page is held against at one width."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from studio.pipeline.perception.hints import Hints

TALLEST_WINDOW = 800  # px; a mockup less tall than a window was taken in one that size


@dataclass(frozen=True, slots=True)
class PerceivedMockup:
    mockup: Image.Image
    hints: Hints

    @property
    def window(self) -> tuple[int, int]:
        return self.hints.width, min(self.hints.height, TALLEST_WINDOW)

    def shrink(self) -> Image.Image:
        """Return the mockup at CSS size, as the hints' coordinates mean it."""
        return self.mockup.resize((self.hints.width, self.hints.height))
