"""Lines that another family draws a little better by chance: a few words in Arial among many in
Inter, one link of a menu in a serif. They are set in the family of the page, or of their row.

A second family that the page really has draws more of its letters, or draws them much better, or is
of another class.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from studio.pipeline.perception.candidates import Candidate, family_candidates
from studio.pipeline.perception.fonts import Face, covers, measure_extent
from studio.pipeline.perception.ink_lines import InkLine
from studio.pipeline.perception.line_fit import (
    INK_MARGIN,
    FontMatch,
    find_baseline,
    ink_share,
)
from studio.pipeline.perception.scripts import LATIN, main_script


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Shares are of a page's letters in Latin script."""

    main: float = 0.4  # that the page's family has at least
    stray: float = 0.25  # that a family has at most whose lines may be there by chance
    # What the page's family may draw a line less alike by, where its font is known and where not.
    worse: float = 0.06
    worse_unknown: float = 0.2
    unknown: float = 0.85  # how alike the page's own lines are drawn where their font is known
    fewest: int = 24  # letters of a page that tell its family
    # The logarithm of how many times more ink than the lines of its style a line has from which it
    # is in a heavier face, or in a lighter one.
    heavier: float = 0.16
    telling: int = 3  # letters of such a line
    # Words of a row are peers if there are so many of them, their baselines lie within so many px
    # and their sizes within this factor; a link that is on has another color.
    peers: int = 3
    row: float = 2.5
    same_size: float = 1.12


LIMITS = Thresholds()


def unify_families(
    lines: Sequence[tuple[InkLine, str]], matches: Sequence[FontMatch], faces: Sequence[Face]
) -> list[FontMatch]:
    """Return the matches with stray lines in the page's family, at the weight of their ink."""
    main = _find_main_family(lines, matches)
    if main is None:
        return list(matches)
    members = [face for face in faces if face.family == main.family]
    count = _count_letters(lines, matches)
    total = sum(count.values())
    own = [m.score for m in matches if m.face.family == main.family]
    known = sum(own) / len(own) >= LIMITS.unknown
    out = list(matches)
    for i, (match, (ink, text)) in enumerate(zip(matches, lines, strict=True)):
        stray = count[match.face.family] <= LIMITS.stray * total
        alike = match.face.generic == main.generic and main_script(text) is LATIN
        if match.face.family == main.family or not stray or not alike:
            continue
        if best := _draw_best(ink, text, members):
            worse = LIMITS.worse if known else LIMITS.worse_unknown
            if best.score >= match.score - worse:
                out[i] = _set_in(ink, text, best)
    return out


def _find_main_family(
    lines: Sequence[tuple[InkLine, str]], matches: Sequence[FontMatch]
) -> Face | None:
    """Return a face of the family that most letters are in; None where no family has many."""
    count = _count_letters(lines, matches)
    if sum(count.values()) < LIMITS.fewest:
        return None
    family, letters = count.most_common(1)[0]
    if letters < LIMITS.main * sum(count.values()):
        return None
    return next(match.face for match in matches if match.face.family == family)


def _count_letters(
    lines: Sequence[tuple[InkLine, str]], matches: Sequence[FontMatch]
) -> Counter[str]:
    count: Counter[str] = Counter()
    for (_, text), match in zip(lines, matches, strict=True):
        if main_script(text) is LATIN:
            count[match.face.family] += len(text)
    return count


def _set_in(ink: InkLine, text: str, best: Candidate) -> FontMatch:
    size = round(best.size, 1)
    spare = ink.width - INK_MARGIN - size * measure_extent(best.face, text).width
    gaps = max(1, len(text) - 1)
    spacing = round(spare / gaps, 2) if abs(spare) > 1.5 else 0.0
    baseline = find_baseline(ink, text, best.face, size)
    return FontMatch(best.face, size, baseline, spacing, best.score)


def agree_in_rows(
    lines: Sequence[tuple[InkLine, str]], matches: Sequence[FontMatch], faces: Sequence[Face]
) -> list[FontMatch]:
    """Return the matches with the peers of a row in the one family that draws all of them best: the
    links of a menu, the keys of a calculator.

    A word that its own family draws much better keeps it.
    """
    out = list(matches)
    main = _find_main_family(lines, matches)
    for row in _find_rows(lines, matches):
        families = {matches[i].face.family for i in row}
        if len(row) < LIMITS.peers or len(families) < 2:
            continue
        drawn = [_draw_in(lines, row, family, faces) for family in sorted(families)]
        usable = [options for options in drawn if len(options) == len(row)]
        if not usable:
            continue
        best = max(usable, key=lambda options: _rate_row(lines, options, main))
        face, size = _find_row_style(lines, best)
        for i in row:
            own, other = matches[i], best[i]
            worse = LIMITS.worse if own.score >= LIMITS.unknown else LIMITS.worse_unknown
            if own.face.family != face.family and other.score >= own.score - worse:
                out[i] = _set_in(*lines[i], replace(other, face=face, size=size))
    return out


def _find_row_style(
    lines: Sequence[tuple[InkLine, str]], best: dict[int, Candidate]
) -> tuple[Face, float]:
    """Return the face of most of the row's letters and their middle size."""
    letters: Counter[Face] = Counter()
    for i, candidate in best.items():
        letters[candidate.face] += len(lines[i][1])
    face = max(letters, key=lambda one: (letters[one], -one.weight))
    return face, float(np.median([candidate.size for candidate in best.values()]))


def _find_rows(
    lines: Sequence[tuple[InkLine, str]], matches: Sequence[FontMatch]
) -> list[list[int]]:
    """Return the lines of Latin letters or digits that stand beside each other and look alike."""
    rows: list[list[int]] = []
    for i, (_, text) in enumerate(lines):
        if main_script(text) is not LATIN:
            continue
        for row in rows:
            first = matches[row[0]]
            sizes = sorted((first.size, matches[i].size))
            if (
                abs(first.baseline - matches[i].baseline) <= LIMITS.row
                and sizes[1] <= LIMITS.same_size * sizes[0]
            ):
                row.append(i)
                break
        else:
            rows.append([i])
    return rows


def _draw_in(
    lines: Sequence[tuple[InkLine, str]], row: Sequence[int], family: str, faces: Sequence[Face]
) -> dict[int, Candidate]:
    """Return the family's best candidate of each line of the row that it has the letters of."""
    members = [face for face in faces if face.family == family]
    best = {i: _draw_best(*lines[i], members) for i in row}
    return {i: candidate for i, candidate in best.items() if candidate}


def _draw_best(ink: InkLine, text: str, members: Sequence[Face]) -> Candidate | None:
    """Return how a family draws the line best; None where it lacks letters of it."""
    usable = [face for face in members if covers(face, text)]
    if not usable:
        return None
    return max(family_candidates(ink, text, usable), key=lambda one: one.score)


def _rate_row(
    lines: Sequence[tuple[InkLine, str]], options: dict[int, Candidate], main: Face | None
) -> float:
    """Return how well a family draws the row's letters; the page's family may draw them less well."""
    rate = 0.0
    for i, candidate in options.items():
        is_main = main is not None and candidate.face.family == main.family
        rate += len(lines[i][1]) * (candidate.score + (LIMITS.worse if is_main else 0.0))
    return rate


def tell_weights_apart(
    lines: Sequence[tuple[InkLine, str]], matches: Sequence[FontMatch], faces: Sequence[Face]
) -> list[FontMatch]:
    """Return the matches of a page in stand-ins with those lines in a heavier or lighter face that
    have more or less ink than the others of their style: a bold word of the text's size.
    """
    out = list(matches)
    styles: defaultdict[tuple[Face, float], list[int]] = defaultdict(list)
    for i, match in enumerate(matches):
        if len(lines[i][1]) >= LIMITS.telling:
            styles[match.face, match.size].append(i)
    for (face, size), members in styles.items():
        siblings = [one for one in faces if one.family == face.family and not one.italic]
        if len(members) < 2 or len(siblings) < 2:
            continue
        shares = {i: ink_share(*lines[i], face, size, matches[i].spacing) for i in members}
        usual = _find_usual(lines, shares)
        for i, share in shares.items():
            if abs(share - usual) < LIMITS.heavier:
                continue
            ink, text = lines[i]
            off = {
                one: abs(ink_share(ink, text, one, size, matches[i].spacing) - usual)
                for one in siblings
                if covers(one, text)
            }
            best = min(off, key=lambda one: (off[one], one.weight), default=face)
            if best != face:
                spare = ink.width - INK_MARGIN - size * measure_extent(best, text).width
                spacing = round(spare / max(1, len(text) - 1), 1)
                baseline = find_baseline(ink, text, best, size)
                out[i] = replace(out[i], face=best, spacing=spacing, baseline=baseline)
    return out


def _find_usual(lines: Sequence[tuple[InkLine, str]], shares: dict[int, float]) -> float:
    """Return the ink that most letters of a style have."""
    ordered = sorted(shares, key=lambda i: shares[i])
    half = sum(len(lines[i][1]) for i in ordered) / 2
    seen = 0
    for i in ordered:
        seen += len(lines[i][1])
        if seen >= half:
            return shares[i]
    return shares[ordered[-1]]
