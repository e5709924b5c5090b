"""The faces that may have drawn one line of ink, each with the size and spacing it needs and how
alike it then looks.

Works on one line at a time; what the page's lines agree on is decided elsewhere.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from studio.pipeline.perception.fonts import Face, covers, is_gridded, measure_extent
from studio.pipeline.perception.ink_lines import InkLine
from studio.pipeline.perception.line_fit import (
    INK_MARGIN,
    estimate_sizes,
    ink_share,
    measure_ink_likeness,
    plain_sizes,
    round_font_size,
)
from studio.pipeline.perception.web_fonts import WEB_FONTS


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Measured on the dev pages and on lines drawn in the open families at 12 to 48 px."""

    drawn: int = 8  # candidates that are drawn: metrics alone rule out most
    sure: float = 0.93  # a picture this alike needs no letter spacing to explain it
    spacing_step: float = 0.25  # px: style sheets set letter spacing in quarter pixels or coarser
    slant: float = 0.01  # what an italic face must be better by
    slant_of_few: float = 0.04  # the same for a line of fewer letters than
    telling: int = 8
    spaced: float = 0.03  # and letters set apart
    odd: float = 0.012  # what a size that is no whole number must be better by
    sizes: int = 4  # sizes of one width that are drawn
    upright: float = 0.92  # an upright face this alike needs no italic one beside it
    # Weights that are drawn first, to see how heavy the line is; those nearest to it; and those that
    # are drawn with letter spacing.
    probe: tuple[int, int] = (400, 700)
    nearest: int = 2
    spaced_weights: tuple[int, ...] = (400, 600, 700)
    lightest: float = 100.0
    heaviest: float = 900.0
    same_ink: float = 0.02  # share of ink by which two weights differ that tell nothing
    shortest_spaced: int = 4  # letters of a line whose letters may be set apart
    # px of the ink's box by which a size may be off: of the width and the height, and of the height
    # alone; what a misfit costs, and the error of a size that is rounded.
    blur: float = 0.7
    blur_of_height: float = 0.9
    misfit: float = 1.5
    size_error: float = 0.004
    # px that a size is at least, and at most without and with letter spacing; the spacing in sizes.
    least_size: float = 4
    most_size: float = 400
    most_spaced_size: float = 200
    spacing: tuple[float, float] = (-0.06, 0.6)
    # The height is a whole number of pixels, so the spacing it asks for may be off by two steps.
    finer: int = 2  # candidates that are drawn again with
    finer_steps: tuple[int, ...] = (-2, -1, 1, 2)


LIMITS = Thresholds()


@dataclass(frozen=True, slots=True)
class Candidate:
    face: Face
    size: float
    spacing: float
    score: float


def rank_candidates(
    ink: InkLine, text: str, faces: Sequence[Face], given: Collection[str] = ()
) -> list[Candidate]:
    """The faces whose proportions fit, best picture first. `given`: web families that the page is
    set in.
    """
    own = [face for face in faces if face.family not in given and covers(face, text)]
    options = plain_candidates(
        ink, text, own or [face for face in faces if face.family not in given]
    )
    families: defaultdict[str, list[Face]] = defaultdict(list)
    for face in faces:
        if face.family in given and covers(face, text):
            families[face.family].append(face)
    for members in families.values():
        options += family_candidates(ink, text, members)
    if (
        len(text) >= LIMITS.shortest_spaced
        and max(option.score for option in options) < LIMITS.sure
    ):
        # A web font is taken because it fits as it is; letters pushed about would only fit noise.
        spaced = [face for face in own if face.family not in WEB_FONTS or face.family in given]
        spaced += [
            face
            for members in families.values()
            for face in members
            if face.weight in LIMITS.spaced_weights
        ]
        options += _spaced_candidates(ink, text, spaced)
    return sorted(options, key=lambda option: -option.score)


def plain_candidates(ink: InkLine, text: str, faces: Sequence[Face]) -> list[Candidate]:
    """The faces whose proportions fit best, without letter spacing."""
    rated = sorted((_misfit(ink, text, face), i) for i, face in enumerate(faces))
    return [_plain(ink, text, faces[i], misfit) for misfit, i in rated[: LIMITS.drawn]]


def family_candidates(
    ink: InkLine, text: str, faces: Sequence[Face], *, most_sizes: int = LIMITS.sizes
) -> list[Candidate]:
    """One family's faces near the line's weight: two are drawn to see how heavy it is, then the
    nearest two.

    `most_sizes`: how many sizes of the line's width are drawn.
    """

    def tried(face: Face) -> Candidate:
        return _plain(ink, text, face, _misfit(ink, text, face), most_sizes)

    upright = [face for face in faces if not face.italic] or list(faces)
    probes = {_nearest(upright, weight) for weight in LIMITS.probe}
    found = {face: tried(face) for face in probes}
    if len(upright) > len(probes):
        wanted = _weight_of(ink, text, sorted(found.values(), key=lambda c: c.face.weight))
        near = sorted(upright, key=lambda face: abs(face.weight - wanted))[: LIMITS.nearest]
        found |= {face: tried(face) for face in near if face not in found}
    best = max(found.values(), key=lambda candidate: candidate.score)
    if best.score < LIMITS.upright:
        found |= {
            face: tried(face) for face in faces if face.italic and face.weight == best.face.weight
        }
    return list(found.values())


def probe_family(ink: InkLine, text: str, faces: Sequence[Face]) -> float:
    """About how alike the family draws the line: its regular and its bold face, at the size of the
    line's width.
    """
    upright = [face for face in faces if not face.italic] or list(faces)
    probes = {_nearest(upright, weight) for weight in LIMITS.probe}
    return max(_plain(ink, text, face, _misfit(ink, text, face), 1).score for face in probes)


def _nearest(faces: Sequence[Face], weight: int) -> Face:
    return min(faces, key=lambda face: (abs(face.weight - weight), face.weight))


def _weight_of(ink: InkLine, text: str, probes: Sequence[Candidate]) -> float:
    """The weight at which the family would lay down as much ink as the line has."""
    light, heavy = probes[0], probes[-1]
    low, high = (ink_share(ink, text, one.face, one.size, 0.0) for one in (light, heavy))
    if light.face.weight == heavy.face.weight or abs(low - high) < LIMITS.same_ink:
        return float(light.face.weight)
    step = (heavy.face.weight - light.face.weight) / (low - high)
    return min(LIMITS.heaviest, max(LIMITS.lightest, light.face.weight + low * step))


def best_by_family(options: Sequence[Candidate]) -> dict[str, float]:
    best: dict[str, float] = {}
    for option in options:
        best[option.face.family] = max(best.get(option.face.family, 0.0), option.score)
    return best


def _misfit(ink: InkLine, text: str, face: Face) -> float:
    """How much more the two sizes disagree than rounding to pixels explains."""
    by_width, by_height = estimate_sizes(ink, text, face)
    blur = LIMITS.blur / ink.height + LIMITS.blur / ink.width
    off = max(0.0, abs(math.log(by_width / by_height)) - blur)
    if not face.italic:
        return off
    return off + (LIMITS.slant if len(text) >= LIMITS.telling else LIMITS.slant_of_few)


def _plain(
    ink: InkLine, text: str, face: Face, misfit: float, most_sizes: int = LIMITS.sizes
) -> Candidate:
    size, _ = estimate_sizes(ink, text, face)
    if not LIMITS.least_size <= size <= LIMITS.most_size:
        return Candidate(face, size, 0.0, 0.0)
    sizes = [size]
    if is_gridded(face):
        linear = round_font_size(size, LIMITS.size_error * size)
        sizes = list(dict.fromkeys([*plain_sizes(ink, text, face), linear]))[:most_sizes]
    cost = LIMITS.misfit * misfit
    scores = {one: measure_ink_likeness(ink, text, face, one, 0.0) - cost for one in sizes}
    if is_gridded(face):
        scores = {one: score - (LIMITS.odd if one % 1 else 0.0) for one, score in scores.items()}
    best = max(scores, key=lambda one: scores[one])
    return Candidate(face, best, 0.0, scores[best])


def _spaced_candidates(ink: InkLine, text: str, faces: Sequence[Face]) -> list[Candidate]:
    """Upright faces at the size their height asks for, letters set apart (or closer) to fill the
    width.
    """
    first = [(face, _wanted_spacing(ink, text, face)) for face in faces if not face.italic]
    options = [
        option
        for face, spacing in first
        if (option := _spaced(ink, text, face, spacing)) is not None
    ]
    options.sort(key=lambda option: -option.score)
    finer = [
        option
        for best in options[: LIMITS.finer]
        for steps in LIMITS.finer_steps
        if (option := _spaced(ink, text, best.face, best.spacing + steps * LIMITS.spacing_step))
        is not None
    ]
    return options + finer


def _wanted_spacing(ink: InkLine, text: str, face: Face) -> float:
    _, by_height = estimate_sizes(ink, text, face)
    wanted = (ink.width - INK_MARGIN - measure_extent(face, text).width * by_height) / (
        len(text) - 1
    )
    return round(wanted / LIMITS.spacing_step) * LIMITS.spacing_step


def _spaced(ink: InkLine, text: str, face: Face, spacing: float) -> Candidate | None:
    size = (ink.width - INK_MARGIN - spacing * (len(text) - 1)) / measure_extent(face, text).width
    closest, widest = (share * size for share in LIMITS.spacing)
    is_sized = LIMITS.least_size <= size <= LIMITS.most_spaced_size
    if spacing == 0 or not is_sized or not closest < spacing < widest:
        return None
    _, by_height = estimate_sizes(ink, text, face)
    misfit = max(0.0, abs(math.log(size / by_height)) - LIMITS.blur_of_height / ink.height)
    likeness = measure_ink_likeness(ink, text, face, size, spacing)
    score = likeness - LIMITS.spaced - LIMITS.misfit * misfit
    return Candidate(face, size, spacing, score)
