"""Perception in a process with limits: what a picture makes it do is the sender's choice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from studio.pipeline.isolation.confined import ConfinedFunction, LargeData, LimitHit, Limits
from studio.pipeline.perception.bands import cut_into_bands
from studio.pipeline.perception.hints import Hints
from studio.pipeline.perception.pixels import stated_dpi

if TYPE_CHECKING:
    from PIL import Image

WARM_MEGABYTES = 700  # of a process that has read ordinary mockups: 400
IDLE_SECONDS = 3600.0  # loading its libraries and models again takes 2 to 9 s of a run


class PerceptionLimit(Exception):
    """A mockup could not be read within the limits; one sentence."""


class ConfinedPerception:
    """`find_hints` in a process that may take so much memory and CPU time for one mockup."""

    def __init__(self, megabytes: int, seconds: float) -> None:
        self.megabytes, self.seconds = megabytes, seconds
        limits = Limits(
            megabytes,
            seconds,
            wait=2 * seconds + 60,
            keep_megabytes=WARM_MEGABYTES,
            idle_seconds=IDLE_SECONDS,
        )
        self._function = ConfinedFunction(
            f"{__name__}:find_hints_in_pixels", limits, errors=(ValueError,)
        )

    def __call__(self, picture: Image.Image, *, scale: float | None = None) -> Hints:
        """What the mockup shows. Raises PerceptionLimit."""
        rgb = (
            picture if picture.mode == "RGB" else picture.convert("RGB")
        )  # a copy of 40 megapixels is 160 MB
        try:
            data = LargeData(3 * rgb.width * rgb.height, lambda: _cut_into_pieces(rgb))
            found: Hints = self._function(
                rgb.width, rgb.height, scale, stated_dpi(picture), data=data
            )
        except LimitHit as hit:
            raise PerceptionLimit(self._words(hit, rgb.width, rgb.height)) from None
        return found

    def start(self) -> None:
        self._function.start()

    def close(self) -> None:
        self._function.close()

    def _words(self, hit: LimitHit, width: int, height: int) -> str:
        of = f"The mockup of {width} × {height} px"
        if hit.kind == "memory":
            return f"{of} takes more than {self.megabytes} MB to read (PERCEPTION_MEGABYTES); send a smaller one."
        if hit.kind == "crash":
            return f"{of} could not be read: the process that tried broke down; send another picture of the page."
        return f"{of} takes more than {self.seconds:g} s to read (PERCEPTION_SECONDS); send a smaller one."


def _cut_into_pieces(rgb: Image.Image) -> Iterator[bytes]:
    for rows in cut_into_bands(rgb.height, rgb.width):
        yield rgb.crop((0, rows.start, rgb.width, rows.stop)).tobytes()


def find_hints_in_pixels(
    data: bytearray, width: int, height: int, scale: float | None, dpi: float | None
) -> Hints:
    """`find_page_hints` of RGB bytes, row by row; `dpi`: the resolution that the picture's file
    states.
    """
    from studio.pipeline.perception.frame import find_page_hints_in

    rgb = np.frombuffer(data, np.uint8).reshape(height, width, 3)
    return find_page_hints_in(rgb, scale=scale, dpi=dpi)
