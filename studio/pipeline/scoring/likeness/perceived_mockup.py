"""One mockup and what was seen in it: what a page is held against at one width."""

from __future__ import annotations

import io
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

    def png(self) -> bytes:
        """The mockup at CSS size, as the hints' coordinates mean it."""
        out = io.BytesIO()
        self.mockup.resize((self.hints.width, self.hints.height)).save(out, "PNG")
        return out.getvalue()
