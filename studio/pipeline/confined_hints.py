"""Perception in a process with limits, because the sender chooses what a picture makes it do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.pipeline.confined import ConfinedFunction, LimitHit, Limits
from studio.pipeline.perception.hints import Hints

if TYPE_CHECKING:
    from PIL import Image

WARM_MEGABYTES = 700  # a process that has read ordinary mockups uses 400
IDLE_SECONDS = 3600.0  # loading its libraries and models again would take 2 to 9 s of a run


class PerceptionLimit(Exception):
    """A mockup could not be read within the limits; the message is one sentence."""


class ConfinedPerception:
    """`find_hints` in a process with limits on memory and CPU time per mockup."""

    def __init__(self, megabytes: int, seconds: float) -> None:
        self.megabytes = megabytes
        self.seconds = seconds
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
        """Return the mockup's hints; raises PerceptionLimit."""
        # Not converted without need: a copy of 40 megapixels is 160 MB.
        rgb = picture if picture.mode == "RGB" else picture.convert("RGB")
        try:
            hints: Hints = self._function(rgb.tobytes(), rgb.width, rgb.height, scale)
        except LimitHit as hit:
            raise PerceptionLimit(self._words(hit, rgb.width, rgb.height)) from None
        return hints

    def start(self) -> None:
        self._function.start()

    def close(self) -> None:
        self._function.close()

    def _words(self, hit: LimitHit, width: int, height: int) -> str:
        subject = f"The mockup of {width} × {height} px"
        if hit.kind == "memory":
            return f"{subject} takes more than {self.megabytes} MB to read (PERCEPTION_MEGABYTES); send a smaller one."
        if hit.kind == "crash":
            return f"{subject} could not be read: it crashed the process; send another picture of the page."
        return f"{subject} takes more than {self.seconds:g} s to read (PERCEPTION_SECONDS); send a smaller one."


def find_hints_in_pixels(data: bytes, width: int, height: int, scale: float | None) -> Hints:
    """Return `find_hints` of RGB bytes, row by row."""
    from PIL import Image

    from studio.pipeline.perception.perceive import find_hints

    return find_hints(Image.frombytes("RGB", (width, height), data), scale=scale)
