"""Gives every line of a page its font, weight, size and baseline, letting lines that are sure help
those that are not.

A page uses few fonts and few sizes, so long lines vote first and short ones lean on the result.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from studio.pipeline.perception.candidates import LIMITS as CANDIDATES
from studio.pipeline.perception.candidates import Candidate, best_by_family, rank_candidates
from studio.pipeline.perception.fallback_fonts import (
    TELLING,
    UNSURE,
    choose_fallback_fonts,
    is_unknown_font,
)
from studio.pipeline.perception.families import find_stand_ins, find_web_families
from studio.pipeline.perception.font_unity import (
    agree_in_rows,
    tell_weights_apart,
    unify_families,
)
from studio.pipeline.perception.fonts import (
    Face,
    covers,
    faces_for,
    is_gridded,
    list_installed_faces,
    measure_extent,
)
from studio.pipeline.perception.hints import TextLine
from studio.pipeline.perception.ink_lines import InkLine
from studio.pipeline.perception.line_fit import (
    INK_MARGIN,
    FontMatch,
    find_baseline,
    measure_ink_likeness,
    round_font_size,
    spare_width,
)
from studio.pipeline.perception.scripts import LATIN, main_script
from studio.pipeline.perception.web_fonts import WEB_FONTS, list_web_faces

# Given the letter spacing, the width gives the size exactly.
SPACING_STEP = CANDIDATES.spacing_step
# What the page's favourite font is worth against a better picture.
PRIOR = 0.06
# And the web font in which most of the page was found to be: short lines look alike to others by
# chance.
PRIOR_GIVEN = 0.12
PRIOR_UNSURE = 0.2
PLAIN_IF_UNSURE = 0.06
# What a style of the page's sure lines is worth against a better picture in no style of the page's.
FOLLOW = 0.1
# What another family than the page's must draw a line in another script than Latin better by.
OTHER_SCRIPT = 0.15
# Lines of one family whose sizes are this near are one role; a weight that costs a line more than
# this is another.
SAME_ROLE, OTHER_WEIGHT = 1.05, 0.035


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Sizes and lengths in px, likenesses 0–1. Set on the development pages."""

    usual_weights: tuple[int, int] = (400, 700)  # of a font for another script that is asked for
    nearest_weight: int = 200  # by which a line's own weight may differ from its family's
    voting: float = 0.6  # likeness from which a line votes for a family
    # The ink's own error: px at either end, and a share of the size; and what of both is no spacing.
    ink_error: float = 0.9
    size_error: float = 0.001
    no_spacing: float = 1.5
    no_spacing_gridded: float = 0.01  # share of a line's width
    # Styles of the page: letters of a line that tells one, likeness of a sure line, characters that
    # a style has drawn, and how many styles are tried.
    telling_before: int = 4
    sure: float = 0.8
    used: int = 12
    styles: int = 24
    styles_before: int = 12
    # Letter spacing of several lines: letters and likeness of each, how many, sizes within so many
    # logarithms may be one size, what is left unexplained, the least size and spacing, the error of
    # the size and the parts of a px that spacing is rounded to.
    spaced_letters: int = 3
    spaced_likeness: float = 0.7
    spaced_lines: int = 3
    one_size: float = 0.15
    unexplained: float = 1.0
    least_size: float = 4
    least_spacing: float = 0.1
    spaced_error: float = 0.012
    spacing_parts: int = 20
    # A line in one of the page's styles: by how much its width and its height may be off, the width
    # also by a share; and how much of FOLLOW each style gets, however little it is used.
    width_off: float = 1.4
    width_off_share: float = 0.004
    height_off: float = 1.6
    any_style: float = 0.6


LIMITS = Thresholds()


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
    installed = list_installed_faces()
    if not installed:
        raise RuntimeError(
            "No font is installed to compare text with; install one, such as Debian's fonts-liberation."
        )
    faces = installed + _other_faces(lines)
    ranked = [rank_candidates(ink, text, faces) for ink, text in lines]
    given = {line.font for line in page} & WEB_FONTS.keys() or find_web_families(lines, ranked)
    if given:
        faces = _with_web_faces(faces, given)
        ranked = [
            _of_the_page(rank_candidates(ink, text, faces, given), text, given)
            for ink, text in lines
        ]
    votes = _count_votes(lines, ranked)
    chosen = [
        _choose(options, votes, PRIOR_GIVEN if given or main_script(text) is not LATIN else PRIOR)
        for options, (_, text) in zip(ranked, lines, strict=True)
    ]
    settled = [_settle(ink, text, best) for (ink, text), best in zip(lines, chosen, strict=True)]
    if is_unknown_font(lines, [options[0].score for options in ranked]):
        faces = _with_web_faces(faces, given | find_stand_ins(lines))
        stand_ins = unify_families(lines, choose_fallback_fonts(lines, settled, faces), faces)
        return tell_weights_apart(lines, agree_in_rows(lines, stand_ins, faces), faces)
    styles = _find_page_styles(lines, settled) | _count_styles(page, faces)
    followed = [
        _follow(ink, text, own, styles) for (ink, text), own in zip(lines, settled, strict=True)
    ]
    unified = unify_families(lines, followed, faces)
    return agree_on_weights(lines, agree_in_rows(lines, unified, faces))


def _of_the_page(options: list[Candidate], text: str, given: Collection[str]) -> list[Candidate]:
    """Of a line in another script than Latin, only what the page's families draw: a script has one
    font on a page.
    """
    own = [option for option in options if option.face.family in given]
    if main_script(text) is LATIN or not own or own[0].score < options[0].score - OTHER_SCRIPT:
        return options
    return own


def _with_web_faces(faces: tuple[Face, ...], families: Collection[str]) -> tuple[Face, ...]:
    own = {face.family for face in faces}
    return faces + tuple(
        face for face in list_web_faces() if face.family in families and face.family not in own
    )


def _other_faces(lines: Sequence[tuple[InkLine, str]]) -> tuple[Face, ...]:
    """Faces for scripts that none of the usual fonts holds: the installed ones, else open fonts
    that can be given.
    """
    found: dict[Face, None] = {}
    for _, text in lines:
        letters = "".join(sorted({c for c in text if c.isalpha() and not c.isascii()}))
        if not letters or any(covers(face, letters) for face in (*list_installed_faces(), *found)):
            continue
        own = [
            face
            for face in list_web_faces()
            if not face.italic and covers(face, letters) and face.weight in LIMITS.usual_weights
        ]
        found |= dict.fromkeys([*faces_for(letters), *own])
    return tuple(found)


def find_best_score(ink: InkLine, text: str) -> float:
    """How well the best installed font explains the ink as this text."""
    return max(option.score for option in rank_candidates(ink, text, list_installed_faces()))


def agree_on_weights(
    lines: Sequence[tuple[InkLine, str]], matches: Sequence[FontMatch]
) -> list[FontMatch]:
    """One weight for the lines of a role: those of a family, a slant and a size, where their ink
    allows it.
    """
    out = list(matches)
    roles: defaultdict[tuple[str, bool, int], list[int]] = defaultdict(list)
    for i, match in enumerate(matches):
        roles[
            match.face.family, match.face.italic, round(math.log(match.size) / math.log(SAME_ROLE))
        ].append(i)
    for members in roles.values():
        faces = {out[i].face for i in members}
        while len(faces) > 1:
            best = max(
                faces, key=lambda face: (_letters_in(lines, out, members, face), -face.weight)
            )
            for i in members:
                if out[i].face != best and out[i].face in faces:
                    out[i] = _in_weight(*lines[i], out[i], best)
            faces -= {best}
    return out


def _letters_in(
    lines: Sequence[tuple[InkLine, str]],
    matches: Sequence[FontMatch],
    members: Sequence[int],
    face: Face,
) -> int:
    return sum(len(lines[i][1]) for i in members if matches[i].face == face)


def _in_weight(ink: InkLine, text: str, own: FontMatch, face: Face) -> FontMatch:
    """The line in another weight of its family, unless its ink says otherwise."""
    score = measure_ink_likeness(ink, text, face, own.size, own.spacing)
    is_far = abs(face.weight - own.face.weight) > LIMITS.nearest_weight
    if score < own.score - OTHER_WEIGHT or is_far:
        return own
    return replace(own, face=face, score=score, baseline=find_baseline(ink, text, face, own.size))


def _count_votes(
    lines: Sequence[tuple[InkLine, str]], ranked: Sequence[Sequence[Candidate]]
) -> dict[str, float]:
    """How much of the page's text each family draws well, as a share of the best family's."""
    votes: defaultdict[str, float] = defaultdict(float)
    for (_, text), options in zip(lines, ranked, strict=True):
        for family, score in best_by_family(options).items():
            votes[family] += len(text) * max(0.0, score - LIMITS.voting) ** 2
    top = max(votes.values(), default=0.0) or 1.0
    return {family: count / top for family, count in votes.items()}


def _choose(options: Sequence[Candidate], votes: dict[str, float], prior: float) -> Candidate:
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
    return size * LIMITS.ink_error / ink.width + LIMITS.size_error * size


def _settle(ink: InkLine, text: str, best: Candidate) -> FontMatch:
    size = (
        best.size
        if is_gridded(best.face) and not best.spacing
        else round_font_size(best.size, _estimate_error(ink, best.size))
    )
    spare = spare_width(ink, text, best.face, size)
    spacing = round(spare / (len(text) - 1), 2) + 0.0 if len(text) > 1 else 0.0
    # Less than the ink's own error over the whole line is no spacing at all.
    gridded = LIMITS.no_spacing_gridded * ink.width if is_gridded(best.face) else 0.0
    if not best.spacing and abs(spare) <= max(LIMITS.no_spacing, gridded):
        spacing = 0.0
    return FontMatch(
        best.face, size, find_baseline(ink, text, best.face, size), spacing, best.score
    )


def _count_styles(page: Sequence[TextLine], faces: Sequence[Face]) -> dict[_Style, int]:
    by_name = {(face.family, face.weight, face.italic): face for face in faces}
    styles: Counter[_Style] = Counter()
    for line in page:
        face = by_name.get((line.font, line.weight, line.italic))
        if face is not None and len(line.text) >= LIMITS.telling_before:
            styles[_Style(face, line.size, line.letter_spacing)] += len(line.text)
    return dict(styles.most_common(LIMITS.styles_before))


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
            and match.score > LIMITS.sure
            and not (match.spacing and match.face in settled_faces)
        ):
            spacing = round(match.spacing / SPACING_STEP) * SPACING_STEP
            count[_Style(match.face, match.size, spacing)] += len(text)
    usual = count.most_common(LIMITS.styles)
    return {style: used for style, used in usual if used >= LIMITS.used}


def _find_spaced_styles(
    lines: Sequence[tuple[InkLine, str]], settled: Sequence[FontMatch]
) -> dict[_Style, int]:
    """Styles with letter spacing. One line cannot tell a larger size from wider spacing; several of
    one face can, since each line's width is size × its natural width + spacing × its gaps.
    """
    groups: defaultdict[tuple[Face, int], list[tuple[float, int, float]]] = defaultdict(list)
    for (ink, text), match in zip(lines, settled, strict=True):
        is_telling = len(text) >= LIMITS.spaced_letters and match.score > LIMITS.spaced_likeness
        if match.spacing and is_telling:
            row = (measure_extent(match.face, text).width, len(text) - 1, ink.width - INK_MARGIN)
            groups[match.face, round(math.log(match.size) / LIMITS.one_size)].append(row)
    styles: dict[_Style, int] = {}
    for (face, _), rows in groups.items():
        if len(rows) < LIMITS.spaced_lines:
            continue
        table = np.array(rows)
        (size, spacing), *_ = np.linalg.lstsq(table[:, :2], table[:, 2], rcond=None)
        off = np.abs(table[:, :2] @ np.array([size, spacing]) - table[:, 2])
        is_spaced = size > LIMITS.least_size and abs(spacing) >= LIMITS.least_spacing
        if is_spaced and np.median(off) < LIMITS.unexplained:
            plain = _Style(
                face,
                round_font_size(float(size), LIMITS.spaced_error * float(size)),
                round(float(spacing) * LIMITS.spacing_parts) / LIMITS.spacing_parts,
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
        spare = spare_width(ink, text, style.face, style.size, style.spacing)
        width_off = LIMITS.width_off + LIMITS.width_off_share * ink.width
        height_off = abs(e.height * style.size - ink.height)
        if abs(spare) > width_off or height_off > LIMITS.height_off:
            continue
        picture = measure_ink_likeness(ink, text, style.face, style.size, style.spacing)
        share = LIMITS.any_style + (1 - LIMITS.any_style) * used / total
        score = picture + FOLLOW * share
        if score > best_score:
            baseline = find_baseline(ink, text, style.face, style.size)
            best, best_score = (
                FontMatch(style.face, style.size, baseline, style.spacing, picture),
                score,
            )
    return best
