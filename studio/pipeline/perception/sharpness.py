"""Whether a picture is too small, or was blown up: what a person should know before they trust the
result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from studio.pipeline.perception.bands import Pixels


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Sharpness of 13 sharp pictures, PNG and JPEG, ratios 1–3: .88–1; blown up by 1.5 to 3:
    .28–.72.
    """

    # CSS px: a page that is less wide is a phone's, or a thumbnail.
    narrow: int = 400
    # A phone's page is taller than wide.
    phone_shape: float = 1.2
    narrowest_phone: int = 300
    # Share of an edge's height that its steepest step has, of a picture that was not blown up; and of
    # one that is still at its first size.
    sharp: float = 0.78
    resampled: float = 0.85
    # Levels of an edge that counts, px around it, and how many pixels must have one.
    edge: int = 60
    around: int = 7
    fewest: int = 500
    # Pixels looked at.
    most_pixels: int = 2_000_000


THRESHOLDS = Thresholds()


def describe_picture(
    sharpness: float | None, css_width: int, css_height: int, limits: Thresholds = THRESHOLDS
) -> list[str]:
    """Return a sentence for each reason why the picture says less than it could."""
    notes = []
    is_phone = css_height >= limits.phone_shape * css_width and css_width >= limits.narrowest_phone
    if css_width < limits.narrow and not is_phone:
        notes.append(
            f"The mockup is only {css_width} CSS px wide, as a thumbnail is: small words and thin lines cannot be read "
            "surely. Send the picture at its full size."
        )
    if sharpness is not None and sharpness < limits.sharp:
        notes.append(
            "The mockup was blown up from a smaller picture: its edges are soft, so radii, thin lines and fonts are "
            "guesses. Send the picture at its first size."
        )
    return notes


def is_resampled(sharpness: float | None, limits: Thresholds = THRESHOLDS) -> bool:
    """Return True if the picture was resampled to another size: its edges lie between pixels."""
    return sharpness is not None and sharpness < limits.resampled


def measure_first_rows(rgb: Pixels, limits: Thresholds = THRESHOLDS) -> float | None:
    """Return the sharpness of a picture's first rows, as many as are looked at."""
    return measure_sharpness(rgb[: max(1, limits.most_pixels // rgb.shape[1])], limits)


def measure_sharpness(rgb: Pixels, limits: Thresholds = THRESHOLDS) -> float | None:
    """Return how much of an edge's height its steepest step has, 0–1; None where there are hardly
    any edges.
    """
    import cv2

    green = np.ascontiguousarray(rgb[:, :, 1])
    if min(green.shape) < limits.around:
        return None
    kernel = np.ones((limits.around, limits.around), np.uint8)
    height: Any = cv2.morphologyEx(green, cv2.MORPH_GRADIENT, kernel)
    across: Any = cv2.absdiff(green[:-1, 1:], green[:-1, :-1])
    down: Any = cv2.absdiff(green[1:, :-1], green[:-1, :-1])
    steepest: Any = cv2.dilate(np.maximum(across, down), kernel)
    busy = height[:-1, :-1] > limits.edge
    if int(busy.sum()) < limits.fewest:
        return None
    return float(np.median(steepest[busy] / height[:-1, :-1][busy]))
