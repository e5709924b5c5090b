"""Gives every line of a page its font, weight, size and baseline, letting lines that are sure help
those that are not.

A page uses few fonts and few sizes, so long lines vote first and short ones lean on the result.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from studio.pipeline.perception.fallback_fonts import (
    TELLING,
    UNSURE,
    choose_fallback_fonts,
    is_unknown_font,
)
from studio.pipeline.perception.fonts import Face, list_installed_faces, measure_extent
from studio.pipeline.perception.hints import TextLine
from studio.pipeline.perception.line_fit import (
    INK_MARGIN,
    FontMatch,
    estimate_sizes,
    find_baseline,
    measure_ink_likeness,
    round_font_size,
)
from studio.pipeline.perception.text_ink import InkLine
from studio.pipeline.perception.web_fonts import WEB_FONTS, list_web_faces

# Only this many candidates are drawn: metrics alone rule out most.
DRAWN = 8
# A picture this alike needs no letter spacing to explain it.
SURE_PICTURE = 0.93
# Style sheets set letter spacing in quarter pixels or coarser; given the spacing, the width gives
# the size exactly.
SPACING_STEP = 0.25
# What the page's favourite font is worth against a better picture.
PRIOR = 0.06
# And the web font in which most of the page was found to be: short lines look alike to others by
# chance.
PRIOR_GIVEN = 0.12
PRIOR_UNSURE = 0.2
PLAIN_IF_UNSURE = 0.06
# Lines that are tried in web fonts; the share of them that no installed font may draw well, and
# what a web font must be better by: on a page in an installed font it must never win by chance.
SAMPLED = 12
MOSTLY = 0.5
CLEARLY = 0.03
# What a style of the page's sure lines is worth against a better picture in no style of the page's.
FOLLOW = 0.1


@dataclass(frozen=True, slots=True)
class _Candidate:
    face: Face
    size: float
    spacing: float
    score: float


@dataclass(frozen=True, slots=True)
class _Style:
    face: Face
    size: float
    spacing: float


def match_fonts(
    lines: Sequence[tuple[InkLine, str]], page: Sequence[TextLine] = ()
) -> list[FontMatch]:
    """One match per line, in the same order. `page` are lines matched before, whose styles these
    may follow.
    """
    faces = list_installed_faces()
    if not faces:
        raise RuntimeError(
            "No font is installed to compare text with; install one, such as Debian's fonts-liberation."
        )
    ranked = [_rank_candidates(ink, text, faces) for ink, text in lines]
    given = {line.font for line in page} & WEB_FONTS.keys() or _find_web_families(lines, ranked)
    if given:
        faces += tuple(face for face in list_web_faces() if face.family in given)
        ranked = [_rank_candidates(ink, text, faces) for ink, text in lines]
    votes = _count_votes(lines, ranked)
    chosen = [_choose(options, votes, PRIOR_GIVEN if given else PRIOR) for options in ranked]
    settled = [_settle(ink, text, best) for (ink, text), best in zip(lines, chosen, strict=True)]
    if is_unknown_font(lines, [options[0].score for options in ranked]):
        return choose_fallback_fonts(lines, settled)
    styles = _find_page_styles(lines, settled) | _count_styles(page, faces)
    return [
        _follow(ink, text, own, styles) for (ink, text), own in zip(lines, settled, strict=True)
    ]


def find_best_score(ink: InkLine, text: str) -> float:
    """How well the best installed font explains the ink as this text."""
    return max(option.score for option in _rank_candidates(ink, text, list_installed_faces()))


def _rank_candidates(ink: InkLine, text: str, faces: Sequence[Face]) -> list[_Candidate]:
    """The faces whose proportions fit, best picture first."""
    options = _list_plain_options(ink, text, faces, WEB_FONTS)
    if len(text) >= 4 and max(option.score for option in options) < SURE_PICTURE:
        # A web font is taken because it fits as it is; letters pushed about would only fit noise.
        options += _list_spaced_options(
            ink, text, [face for face in faces if face.family not in WEB_FONTS]
        )
    return sorted(options, key=lambda option: -option.score)


def _list_plain_options(
    ink: InkLine, text: str, faces: Sequence[Face], always: Collection[str] = ()
) -> list[_Candidate]:
    """The faces whose proportions fit best, and those of the families that are tried always."""
    rated = sorted((_measure_misfit(ink, text, face), i) for i, face in enumerate(faces))
    chosen = rated[:DRAWN] + [
        (misfit, i) for misfit, i in rated[DRAWN:] if faces[i].family in always
    ]
    return [_make_plain_candidate(ink, text, faces[i], misfit) for misfit, i in chosen]


def _find_web_families(
    lines: Sequence[tuple[InkLine, str]], ranked: Sequence[Sequence[_Candidate]]
) -> set[str]:
    """The open web fonts that draw the page's longest lines clearly better than any installed font
    does, and than those that were taken before them.
    """
    longest = sorted(range(len(lines)), key=lambda i: (-len(lines[i][1]), i))[:SAMPLED]
    poor = [i for i in longest if ranked[i][0].score < SURE_PICTURE and len(lines[i][1]) >= TELLING]
    if len(poor) < MOSTLY * len(longest):
        return set()
    drawn = [_find_best_by_family(_list_plain_options(*lines[i], list_web_faces())) for i in poor]
    best, taken = [ranked[i][0].score for i in poor], set[str]()
    while True:
        wins: Counter[str] = Counter()
        for so_far, families in zip(best, drawn, strict=True):
            family = max(families, key=lambda name: families[name], default="")
            wins[family] += families.get(family, 0.0) > max(so_far + CLEARLY, UNSURE)
        family, count = max(wins.items(), key=lambda item: item[1], default=("", 0))
        if count < max(2, 0.2 * len(poor)):
            return taken
        taken.add(family)
        best = [
            max(score, families.get(family, 0.0))
            for score, families in zip(best, drawn, strict=True)
        ]


def _find_best_by_family(options: Sequence[_Candidate]) -> dict[str, float]:
    best: dict[str, float] = {}
    for option in options:
        best[option.face.family] = max(best.get(option.face.family, 0.0), option.score)
    return best


def _measure_misfit(ink: InkLine, text: str, face: Face) -> float:
    """How much more the two sizes disagree than rounding to pixels explains."""
    by_width, by_height = estimate_sizes(ink, text, face)
    blur = 0.7 / ink.height + 0.7 / ink.width
    return max(0.0, abs(math.log(by_width / by_height)) - blur) + (0.01 if face.italic else 0.0)


def _make_plain_candidate(ink: InkLine, text: str, face: Face, misfit: float) -> _Candidate:
    size, _ = estimate_sizes(ink, text, face)
    if not 4 <= size <= 400:
        return _Candidate(face, size, 0.0, 0.0)
    return _Candidate(
        face, size, 0.0, measure_ink_likeness(ink, text, face, size, 0.0) - 1.5 * misfit
    )


def _list_spaced_options(ink: InkLine, text: str, faces: Sequence[Face]) -> list[_Candidate]:
    """Upright faces at the size their height asks for, letters set apart (or closer) to fill the
    width.
    """
    first = [(face, _measure_wanted_spacing(ink, text, face)) for face in faces if not face.italic]
    options = [
        option
        for face, spacing in first
        if (option := _make_spaced_candidate(ink, text, face, spacing)) is not None
    ]
    options.sort(key=lambda option: -option.score)
    # The height is a whole number of pixels, so the spacing it asks for may be off by two steps.
    finer = [
        option
        for best in options[:2]
        for steps in (-2, -1, 1, 2)
        if (
            option := _make_spaced_candidate(
                ink, text, best.face, best.spacing + steps * SPACING_STEP
            )
        )
        is not None
    ]
    return options + finer


def _measure_wanted_spacing(ink: InkLine, text: str, face: Face) -> float:
    _, by_height = estimate_sizes(ink, text, face)
    wanted = (ink.width - INK_MARGIN - measure_extent(face, text).width * by_height) / (
        len(text) - 1
    )
    return round(wanted / SPACING_STEP) * SPACING_STEP


def _make_spaced_candidate(
    ink: InkLine, text: str, face: Face, spacing: float
) -> _Candidate | None:
    size = (ink.width - INK_MARGIN - spacing * (len(text) - 1)) / measure_extent(face, text).width
    if spacing == 0 or not 4 <= size <= 200 or not -0.06 * size < spacing < 0.4 * size:
        return None
    _, by_height = estimate_sizes(ink, text, face)
    misfit = max(0.0, abs(math.log(size / by_height)) - 0.9 / ink.height)
    return _Candidate(
        face,
        size,
        spacing,
        measure_ink_likeness(ink, text, face, size, spacing) - 0.03 - 1.5 * misfit,
    )


def _count_votes(
    lines: Sequence[tuple[InkLine, str]], ranked: Sequence[Sequence[_Candidate]]
) -> dict[str, float]:
    """How much of the page's text each family draws well, as a share of the best family's."""
    votes: defaultdict[str, float] = defaultdict(float)
    for (_, text), options in zip(lines, ranked, strict=True):
        for family, score in _find_best_by_family(options).items():
            votes[family] += len(text) * max(0.0, score - 0.6) ** 2
    top = max(votes.values(), default=0.0) or 1.0
    return {family: count / top for family, count in votes.items()}


def _choose(options: Sequence[_Candidate], votes: dict[str, float], prior: float) -> _Candidate:
    unsure = options[0].score < UNSURE
    prior = PRIOR_UNSURE if unsure else prior
    # A font that is not installed is better replaced plainly than with letters pushed about.
    plain = PLAIN_IF_UNSURE if unsure else 0.0
    return max(
        options,
        key=lambda o: (
            o.score + prior * votes.get(o.face.family, 0.0) + (0.0 if o.spacing else plain)
        ),
    )


def _estimate_error(ink: InkLine, size: float) -> float:
    """How far off the size may be: the ink's own error at either end."""
    return size * 0.9 / ink.width + 0.001 * size


def _settle(ink: InkLine, text: str, best: _Candidate) -> FontMatch:
    size = round_font_size(best.size, _estimate_error(ink, best.size))
    e = measure_extent(best.face, text)
    spare = ink.width - INK_MARGIN - e.width * size
    spacing = round(spare / (len(text) - 1), 2) if len(text) > 1 else 0.0
    # Less than the ink's own error over the whole line is no spacing at all.
    if not best.spacing and abs(spare) <= 1.5:
        spacing = 0.0
    return FontMatch(
        best.face, size, find_baseline(ink, text, best.face, size), spacing, best.score
    )


def _count_styles(page: Sequence[TextLine], faces: Sequence[Face]) -> dict[_Style, int]:
    by_name = {(face.family, face.weight, face.italic): face for face in faces}
    styles: Counter[_Style] = Counter()
    for line in page:
        if len(line.text) >= 4:
            face = by_name[line.font, line.weight, line.italic]
            styles[_Style(face, line.size, line.letter_spacing)] += len(line.text)
    return dict(styles.most_common(12))


def _find_page_styles(
    lines: Sequence[tuple[InkLine, str]], settled: Sequence[FontMatch]
) -> dict[_Style, int]:
    """Face, size and spacing that sure lines agree on, and how many characters each has drawn."""
    spaced = _find_spaced_styles(lines, settled)
    settled_faces = {style.face for style in spaced}
    count: Counter[_Style] = Counter(spaced)
    for (_, text), match in zip(lines, settled, strict=True):
        if (
            len(text) >= TELLING
            and match.score > 0.8
            and not (match.spacing and match.face in settled_faces)
        ):
            spacing = round(match.spacing / SPACING_STEP) * SPACING_STEP
            count[_Style(match.face, match.size, spacing)] += len(text)
    return {style: used for style, used in count.most_common(24) if used >= 12}


def _find_spaced_styles(
    lines: Sequence[tuple[InkLine, str]], settled: Sequence[FontMatch]
) -> dict[_Style, int]:
    """Styles with letter spacing. One line cannot tell a larger size from wider spacing; several of
    one face can, since each line's width is size × its natural width + spacing × its gaps.
    """
    groups: defaultdict[tuple[Face, int], list[tuple[float, int, float]]] = defaultdict(list)
    for (ink, text), match in zip(lines, settled, strict=True):
        if match.spacing and len(text) >= 3 and match.score > 0.7:
            row = (measure_extent(match.face, text).width, len(text) - 1, ink.width - INK_MARGIN)
            # Sizes within about 15 % may be one size.
            groups[match.face, round(math.log(match.size) / 0.15)].append(row)
    styles: dict[_Style, int] = {}
    for (face, _), rows in groups.items():
        if len(rows) < 3:
            continue
        table = np.array(rows)
        (size, spacing), *_ = np.linalg.lstsq(table[:, :2], table[:, 2], rcond=None)
        off = np.abs(table[:, :2] @ np.array([size, spacing]) - table[:, 2])
        if size > 4 and abs(spacing) >= 0.1 and np.median(off) < 1.0:
            plain = _Style(
                face,
                round_font_size(float(size), 0.012 * float(size)),
                round(float(spacing) * 20) / 20,
            )
            styles[plain] = int(2 * table[:, 1].sum())
    return styles


def _follow(ink: InkLine, text: str, own: FontMatch, styles: dict[_Style, int]) -> FontMatch:
    """The line in one of the page's styles where that explains its ink about as well as its own
    best guess.
    """
    best, best_score = own, own.score
    total = sum(styles.values()) or 1
    for style, used in styles.items():
        e = measure_extent(style.face, text)
        width = e.width * style.size + style.spacing * (len(text) - 1) + INK_MARGIN
        if (
            abs(width - ink.width) > 1.4 + 0.004 * width
            or abs(e.height * style.size - ink.height) > 1.6
        ):
            continue
        picture = measure_ink_likeness(ink, text, style.face, style.size, style.spacing)
        score = picture + FOLLOW * (0.6 + 0.4 * used / total)
        if score > best_score:
            baseline = find_baseline(ink, text, style.face, style.size)
            best, best_score = (
                FontMatch(style.face, style.size, baseline, style.spacing, picture),
                score,
            )
    return best
