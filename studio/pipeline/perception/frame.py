"""What a screenshot shows around the page: a browser's bar, a window's title, a phone's status bar,
a task bar.

They are cut off the picture before it is a mockup, and said. Each needs two signs at least: an
address and the buttons beside it, a clock and the icons across from it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from studio.pipeline.perception.bands import cut_into_bands
from studio.pipeline.perception.device_frame import cut_to_screen, find_screen
from studio.pipeline.perception.hints import Box, Hints, TextLine
from studio.pipeline.perception.perceive import find_hints_in
from studio.pipeline.perception.pixels import (
    REDUCED,
    Pixels,
    compute_channel_distance,
    parse_hex,
    stated_dpi,
    to_rgb,
)
from studio.pipeline.perception.text_recognition import THREADS

if TYPE_CHECKING:
    from PIL import Image


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Lengths in CSS px."""

    # Where a browser's address lies at most, and how far below it its bar may end (bookmarks).
    address_depth: float = 140.0
    bar_below: float = 90.0
    # Buttons beside the address: how many, how large.
    buttons: int = 2
    button_side: float = 36.0
    # A window's three dots: their size, and how far from the corner.
    dot: tuple[float, float] = (8.0, 18.0)
    dots_within: float = 120.0
    # A phone's status bar: its width, and its depth (20 to 62 on all iPhones and Pixels).
    phone_width: int = 480
    status_depth: float = 40.0
    least_status: float = 20.0
    most_status: float = 62.0
    # A phone's navigation bar: its height, how far apart its signs stand and how unevenly (shares
    # of the width), and how far from one line.
    navigation_height: tuple[float, float] = (32.0, 64.0)
    least_sign: float = 7.0
    signs_apart: float = 0.15
    uneven: float = 0.03
    level: float = 6.0
    # A desktop's task bar or menu bar: its height, and how far right its clock stands.
    bar_height: tuple[float, float] = (22.0, 64.0)
    clock_from: float = 0.82
    desktop_width: int = 1000
    # Share of a row that must change for it to be a bar's edge, and by how many levels.
    edge_share: float = 0.85
    edge_levels: int = 4
    # Less than this share of the picture left means that the reading was wrong.
    least_left: float = 0.5
    sampled: int = 400  # pixels of a row that are looked at for edges
    # A window's dots: by how much each one's sides, and their places, may differ, and by how many
    # levels each outshines another channel.
    dot_sides: float = 2.0
    dot_level: float = 1.5
    red: int = 60
    yellow: int = 80
    green: int = 60
    phone_shape: float = 1.2  # times its width that a phone's page is high
    # What stands across from a clock: its height in the clock's, and how far away (shares of the
    # width); what lies below the clock begins so many px below it.
    across_height: float = 2.0
    across: float = 0.3
    below_clock: float = 2.0
    signs: int = 3  # of a navigation bar
    widest: float = 0.9  # share of the width; a wider box is a ground


THRESHOLDS = Thresholds()
DEVICE_NOTE = (
    "The picture shows a phone; what is around its screen is not the page and was cut off."
)
_CLOCK = re.compile(r"(^|\s)\d{1,2}[:.]\d{2}(\s?[AaPp]\.?[Mm]\.?)?(\s|$)")
_ADDRESS = re.compile(
    r"^\W*(https?:?/?/?\S+|(file:/*)?[A-Z]:[/\\]\S+|file:/\S+|www\.\S+|localhost(:\d+)?\S*"
    r"|(\d{1,3}\.){3}\d{1,3}(:\d+)?(/\S*)?|([\w-]+\.)+(com|org|net|io|dev|app|co|edu|gov|de|uk|fr|eu|me|ai)(:\d+)?(/\S*)?)\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Frame:
    """How much of the picture is no page at its top and bottom, in CSS px, and in words what that
    is.
    """

    top: float
    bottom: float
    notes: tuple[str, ...]


def read_page(
    image: Image.Image, *, scale: float | None = None, threads: int = THREADS
) -> tuple[Image.Image, Hints]:
    """Return the part of a screenshot that is the page, and its hints; the whole picture where
    nothing is around it.
    """
    hints = find_page_hints(image, scale=scale, threads=threads)
    return cut_to_page(image, hints), hints


def cut_to_page(image: Image.Image, hints: Hints) -> Image.Image:
    """Return the picture without what `hints.cut` says is around the page; itself where that is
    nothing.
    """
    from PIL import Image as PilImage

    top, bottom, left, right = (round(side) for side in hints.cut)
    if not any((top, bottom, left, right)):
        return image
    box = (left, top, image.width - right, image.height - bottom)
    screen = find_screen(to_rgb(image)) if left or right else None
    if screen is None:
        return image.crop(box)
    whole = PilImage.fromarray(cut_to_screen(to_rgb(image), screen))
    moved = [box[0] - screen.left, box[1] - screen.top, box[2] - screen.left, box[3] - screen.top]
    return whole.crop((moved[0], moved[1], moved[2], moved[3]))


def find_page_hints(
    image: Image.Image, *, scale: float | None = None, threads: int = THREADS
) -> Hints:
    """Return the hints of the page in a screenshot; `hints.cut` says what of the picture is around
    it.
    """
    return find_page_hints_in(to_rgb(image), scale=scale, dpi=stated_dpi(image), threads=threads)


def find_page_hints_in(
    rgb: Pixels, *, scale: float | None, dpi: float | None, threads: int = THREADS
) -> Hints:
    """`find_page_hints` of pixels; `dpi`: the resolution that the picture's file states."""
    screen = find_screen(rgb)
    if screen is None:
        return _find_page_hints(rgb, scale, dpi, threads)
    found = _find_page_hints(cut_to_screen(rgb, screen), scale, dpi, threads)
    around = (
        screen.top,
        rgb.shape[0] - screen.bottom,
        screen.left,
        rgb.shape[1] - screen.right,
    )
    above, below, left, right = (cut + side for cut, side in zip(found.cut, around, strict=True))
    return replace(found, cut=(above, below, left, right), notes=(DEVICE_NOTE, *found.notes))


def _find_page_hints(rgb: Pixels, scale: float | None, dpi: float | None, threads: int) -> Hints:
    hints = find_hints_in(rgb, scale=scale, dpi=dpi, threads=threads)
    frame = find_frame(hints, rgb)
    if frame is None:
        return hints
    top, bottom = round(frame.top * hints.scale), round((hints.height - frame.bottom) * hints.scale)
    inner = find_hints_in(rgb[top:bottom], scale=hints.scale, threads=threads)
    about_size = [note for note in hints.notes if note.endswith(REDUCED)]
    notes = (*frame.notes, *about_size, *inner.notes)
    cut = (float(top), float(len(rgb) - bottom), 0.0, 0.0)
    return replace(inner, scale_reason=hints.scale_reason, notes=notes, cut=cut)


def find_frame(hints: Hints, rgb: Pixels, limits: Thresholds = THRESHOLDS) -> Frame | None:
    """Return what is around the page in a picture of `hints`; None where it is all page."""
    edges = _find_row_edges(rgb, hints.scale, limits)
    top, bottom, notes = 0.0, 0.0, []
    if (cut := _find_browser(hints, edges, limits)) or (
        cut := _find_title_bar(hints, edges, limits)
    ):
        top = cut
        notes.append(
            f"The top {cut:.0f} px are the browser's or the window's bar, not the page; they were cut off."
        )
    elif cut := _find_status_bar(hints, limits):
        top = cut
        notes.append(
            f"The top {cut:.0f} px are the phone's status bar, not the page; they were cut off."
        )
    elif cut := _find_clock_bar(hints, edges, limits, at_top=True):
        top = cut
        notes.append(
            f"The top {cut:.0f} px are the system's menu bar, not the page; they were cut off."
        )
    if cut := _find_clock_bar(hints, edges, limits, at_top=False):
        bottom = cut
        notes.append(
            f"The bottom {cut:.0f} px are the system's task bar, not the page; they were cut off."
        )
    elif cut := _find_navigation_bar(hints, edges, limits):
        bottom = cut
        notes.append(
            f"The bottom {cut:.0f} px are the phone's navigation bar, not the page; they were cut off."
        )
    if not notes or hints.height - top - bottom < limits.least_left * hints.height:
        return None
    return Frame(top, bottom, tuple(notes))


def _find_row_edges(rgb: Pixels, scale: float, limits: Thresholds) -> list[float]:
    """Return the heights, in CSS px, at which nearly the whole row changes."""
    sample = rgb[:, :: max(1, rgb.shape[1] // limits.sampled)]
    above, below = sample[:-1], sample[1:]
    shares = [
        (compute_channel_distance(below[rows], above[rows]) >= limits.edge_levels).mean(axis=1)
        for rows in cut_into_bands(*above.shape[:2])
    ]
    changed = np.concatenate([np.zeros(0), *shares])
    return [float(row + 1) / scale for row in np.flatnonzero(changed >= limits.edge_share)]


def _find_browser(hints: Hints, edges: Sequence[float], limits: Thresholds) -> float | None:
    """Return where a browser's bar ends: below an address with buttons beside it, or under a
    window's three dots.
    """
    for line in hints.texts:
        if line.box.cy > limits.address_depth or not _ADDRESS.match(line.text.strip()):
            continue
        row = [
            box
            for box in _small_boxes(hints, limits)
            if abs(box.cy - line.box.cy) <= limits.button_side / 2
        ]
        buttons = [box for box in row if not box.intersection(line.box)]
        if len(buttons) < limits.buttons and not _has_dots(hints, limits):
            continue
        page = min(
            (t.box.y for t in hints.texts if t.box.y > line.box.bottom), default=float(hints.height)
        )
        after = [
            edge
            for edge in edges
            if 0 <= edge - line.box.bottom <= limits.bar_below and edge <= page
        ]
        if after:
            return after[-1]
    return None


def _find_title_bar(hints: Hints, edges: Sequence[float], limits: Thresholds) -> float | None:
    """Return where a window's title ends: under its three dots."""
    if not _has_dots(hints, limits):
        return None
    low, high = limits.bar_height
    return next((edge for edge in edges if low <= edge <= high), None)


def _has_dots(hints: Hints, limits: Thresholds) -> bool:
    """Whether a red, a yellow and a green dot stand in a row in the top left corner."""
    low, high = limits.dot
    dots = [
        rect
        for rect in hints.rects
        if rect.fill
        and rect.box.right <= limits.dots_within
        and rect.box.bottom <= limits.dots_within
        and low <= rect.box.width <= high
        and abs(rect.box.width - rect.box.height) <= limits.dot_sides
    ]
    dots.sort(key=lambda rect: rect.box.x)
    for red, yellow, green in zip(dots, dots[1:], dots[2:], strict=False):
        stray = max(abs(other.box.cy - yellow.box.cy) for other in (red, green))
        a, b, c = (parse_hex(one.fill or "#000000").astype(int) for one in (red, yellow, green))
        if (
            stray <= limits.dot_level
            and a[0] > a[1] + limits.red
            and b[0] > b[2] + limits.yellow
            and b[1] > b[2] + limits.green
            and c[1] > c[0] + limits.green
        ):
            return True
    return False


def _find_status_bar(hints: Hints, limits: Thresholds) -> float | None:
    """Return where a phone's status bar ends: its clock is in its middle, icons stand across from
    it.
    """
    if hints.width > limits.phone_width or hints.height < limits.phone_shape * hints.width:
        return None
    clock = next(
        (t for t in hints.texts if t.box.cy <= limits.status_depth and _CLOCK.search(t.text)), None
    )
    if clock is None:
        return None
    across = [
        box
        for box in _all_boxes(hints, limits)
        if box is not clock.box and _is_across(box, clock, hints.width, limits)
    ]
    if not across:
        return None
    below = min(
        (
            box.y
            for box in _all_boxes(hints, limits)
            if box.y > clock.box.bottom + limits.below_clock
        ),
        default=limits.most_status,
    )
    end = min(max(2 * clock.box.cy, limits.least_status), limits.most_status, below)
    return float(max(end, clock.box.bottom + limits.below_clock))


def _is_across(box: Box, clock: TextLine, width: int, limits: Thresholds) -> bool:
    level = abs(box.cy - clock.box.cy) <= clock.box.height
    is_low = box.height <= limits.across_height * clock.box.height
    return level and is_low and abs(box.cx - clock.box.cx) >= limits.across * width


def _find_clock_bar(
    hints: Hints, edges: Sequence[float], limits: Thresholds, *, at_top: bool
) -> float | None:
    """Return the height of a bar across the screen with a clock at its right end."""
    if hints.width < limits.desktop_width:
        return None
    low, high = limits.bar_height
    for line in hints.texts:
        depth = line.box.cy if at_top else hints.height - line.box.cy
        if (
            depth > high
            or line.box.right < limits.clock_from * hints.width
            or not _CLOCK.search(line.text)
        ):
            continue
        ends = [edge if at_top else hints.height - edge for edge in edges]
        heights = [end for end in ends if low <= end <= high and end > depth]
        if heights:
            return min(heights)
    return None


def _find_navigation_bar(hints: Hints, edges: Sequence[float], limits: Thresholds) -> float | None:
    """Return the height of a phone's own bar: three signs in a row at the bottom, the second in the
    middle, no word beside them.
    """
    if hints.width > limits.phone_width or hints.height < limits.phone_shape * hints.width:
        return None
    low = hints.height - limits.navigation_height[1]
    if any(
        line.box.cy > low and line.text.isalpha() and len(line.text) > 1 for line in hints.texts
    ):
        return None
    signs = _join_near(
        [
            box
            for box in _small_boxes(hints, limits)
            if box.y >= low and min(box.width, box.height) >= limits.least_sign
        ]
    )
    if len(signs) != limits.signs:
        return None
    left, middle, right = sorted(signs, key=lambda box: box.cx)
    apart = middle.cx - left.cx
    even = abs(right.cx - middle.cx - apart) <= limits.uneven * hints.width
    centered = abs(middle.cx - hints.width / 2) <= limits.uneven * hints.width
    level = max(box.cy for box in signs) - min(box.cy for box in signs) <= limits.level
    if not (even and centered and level) or apart < limits.signs_apart * hints.width:
        return None
    to_middle = hints.height - middle.cy
    ends = [hints.height - edge for edge in edges]
    least, most = limits.navigation_height
    heights = [end for end in ends if least <= end <= most and end > to_middle + middle.height / 2]
    return min(heights, default=min(2 * to_middle, most))


def _join_near(boxes: Sequence[Box]) -> list[Box]:
    """The boxes with those joined that overlap: a sign and its outline are one."""
    joined: list[Box] = []
    for box in sorted(boxes, key=lambda one: -one.area):
        near = next((i for i, other in enumerate(joined) if other.intersection(box)), None)
        if near is None:
            joined.append(box)
        else:
            joined[near] = joined[near].union(box)
    return joined


def _small_boxes(hints: Hints, limits: Thresholds) -> list[Box]:
    return [
        box for box in _all_boxes(hints, limits) if max(box.width, box.height) <= limits.button_side
    ]


def _all_boxes(hints: Hints, limits: Thresholds) -> list[Box]:
    found = [text.box for text in hints.texts] + [picture.box for picture in hints.pictures]
    return found + [
        rect.box for rect in hints.rects if rect.box.width < limits.widest * hints.width
    ]
