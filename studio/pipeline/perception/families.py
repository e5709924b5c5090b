"""Which open families a page is set in: those whose widths fit its lines are drawn, and what they
draw is compared.

Body text and large lines are asked apart, for a page often sets its headings in a family of their
own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.candidates import LIMITS as CANDIDATES
from studio.pipeline.perception.candidates import (
    Candidate,
    best_by_family,
    family_candidates,
    probe_family,
)
from studio.pipeline.perception.font_table import load_table
from studio.pipeline.perception.fonts import Face, covers
from studio.pipeline.perception.ink_lines import InkLine, parted_columns
from studio.pipeline.perception.line_fit import INK_MARGIN
from studio.pipeline.perception.scripts import LATIN, main_script
from studio.pipeline.perception.web_fonts import list_web_faces


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Measured on pages in installed fonts, where no open family may win, and on pages in open
    families.
    """

    sampled: int = 8  # of the page's longest lines
    telling: int = 8  # letters from which a line tells its font
    large: float = 1.3  # times the median height of ink: headings
    large_telling: int = 5  # letters from which a large line does: it has more pixels a letter
    mostly: float = 0.5  # share of the lines that no installed font may draw well
    clearly: float = 0.03  # what an open family must draw better by
    alike: float = 0.85  # and how alike it must be
    tried: int = 12  # families that are probed: those whose widths fit best over all lines,
    few_lines: int = 2  # where so few tell little, more families are probed:
    tried_of_few: int = 16
    of_script: int = 12  # families with the letters of a script that are probed
    tried_each: int = 5  # for each line,
    most_tried: int = 30  # and in all
    probed: int = 3  # lines by which they are probed, and the tallest one
    drawn: int = 6  # families that then draw every line: the best over the probed lines,
    drawn_each: int = 2  # and for each of them
    sizes: int = 2  # sizes in which a family is drawn
    most_worse: float = 1.0  # px; a line in another family must not outweigh the rest
    height: float = 20.0  # px that a height off by a factor of e counts
    tie: float = 2.0  # px that a height off by a factor of e counts where widths say nothing
    most_off: float = 4.0  # px; a word that was split elsewhere must not outweigh the rest
    gridded: float = (
        64.0  # px: below this size, whole pixels change a word's width more than another font does
    )
    stand_ins: int = 3  # families that may stand in for a font that is not there


LIMITS = Thresholds()
# Noto's families for one script each: their Latin letters are those of Noto Sans.
SCRIPT_FONTS = "Noto Sans "
Lines = Sequence[tuple[InkLine, str]]


def find_web_families(lines: Lines, ranked: Sequence[Sequence[Candidate]]) -> set[str]:
    """The families that draw lines clearly better than any installed font does, and than those
    taken before them.
    """
    if not list_web_faces():
        return set()
    taken: set[str] = set()
    for sample in (_body(lines), _large(lines)):
        poor = [i for i in sample if ranked[i][0].score < CANDIDATES.sure]
        if not poor or len(poor) < LIMITS.mostly * len(sample):
            continue
        taken |= _winners([lines[i] for i in poor], [ranked[i][0].score for i in poor])
    return taken


def find_stand_ins(lines: Lines) -> set[str]:
    """The families most like the page's, where none of those at hand is the right one."""
    sample = [lines[i] for i in _body(lines)]
    if not sample or not list_web_faces():
        return set()
    totals: Counter[str] = Counter()
    for line in _drawn(sample):
        totals.update(line)
    return {family for family, _ in totals.most_common(LIMITS.stand_ins)}


def _body(lines: Lines) -> list[int]:
    longest = sorted(range(len(lines)), key=lambda i: (-len(lines[i][1]), i))[: LIMITS.sampled]
    return [i for i in longest if len(lines[i][1]) >= LIMITS.telling]


def _large(lines: Lines) -> list[int]:
    if not lines:
        return []
    high = LIMITS.large * float(np.median([ink.height for ink, _ in lines]))
    large = [
        i
        for i, (ink, text) in enumerate(lines)
        if ink.height >= high and len(text) >= LIMITS.large_telling
    ]
    return sorted(large, key=lambda i: (-lines[i][0].width, i))[: LIMITS.sampled // 2]


def _winners(poor: Lines, best: list[float]) -> set[str]:
    drawn, taken = _drawn(poor), set[str]()
    while True:
        wins: Counter[str] = Counter()
        gains: defaultdict[str, float] = defaultdict(float)
        for (_, text), so_far, families in zip(poor, best, drawn, strict=True):
            for family, score in families.items():
                if score > max(so_far + LIMITS.clearly, LIMITS.alike):
                    wins[family] += 1
                    gains[family] += len(text) * (score - so_far)
        if not wins:
            return taken
        family = max(gains, key=lambda name: (gains[name], name))
        if wins[family] < min(max(2, 0.2 * len(poor)), len(poor)):
            return taken
        taken.add(family)
        best = [
            max(score, families.get(family, 0.0))
            for score, families in zip(best, drawn, strict=True)
        ]


def _drawn(lines: Lines) -> list[dict[str, float]]:
    """How alike each family of those that fit draws each line."""
    families = _by_family()
    families = {name: families[name] for name in _likely(lines, families, _fitting(lines))}
    out = []
    for ink, text in lines:
        options: list[Candidate] = []
        for members in families.values():
            if covers(members[0], text):
                options += family_candidates(ink, text, members, most_sizes=LIMITS.sizes)
        out.append(best_by_family(options))
    return out


def _likely(lines: Lines, families: Mapping[str, Sequence[Face]], fitting: set[str]) -> list[str]:
    """Those of the fitting families that draw the longest lines best: over all of them, and for
    each.
    """
    longest = sorted(lines, key=lambda line: -len(line[1]))[: LIMITS.probed]
    tallest = max(lines, key=lambda line: line[0].height)
    scores = [
        {
            name: probe_family(*line, families[name])
            for name in sorted(fitting)
            if covers(families[name][0], line[1])
        }
        for line in [*longest, *([] if any(line is tallest for line in longest) else [tallest])]
    ]
    total: Counter[str] = Counter()
    for one in scores:
        total.update(one)
    found = [name for name, _ in total.most_common(LIMITS.drawn)]
    for one in scores:
        found += sorted(one, key=lambda name: (-one[name], name))[: LIMITS.drawn_each]
    return list(dict.fromkeys(found))


def _by_family() -> dict[str, list[Face]]:
    families: defaultdict[str, list[Face]] = defaultdict(list)
    for face in list_web_faces():
        families[face.family].append(face)
    return families


def _fitting(lines: Lines) -> set[str]:
    """The families whose word widths agree best with the ink, over all lines and for each: a page
    may mix families.
    """
    table = load_table()
    there = {face.family for face in list_web_faces()}
    others = [text for _, text in lines if main_script(text) is not LATIN]
    apart = [_residual(ink, text) for ink, text in lines if main_script(text) is LATIN]
    relative = [np.minimum(off - off.min(), LIMITS.most_worse) for off in apart]
    total = np.sum(relative, axis=0) if relative else np.zeros(len(table.families))
    found: dict[str, None] = dict.fromkeys(name for text in others for name in _holding(text))
    over_all = LIMITS.tried if len(lines) > LIMITS.few_lines else LIMITS.tried_of_few
    for off, count in ((total, over_all), *((one, LIMITS.tried_each) for one in apart)):
        order = [table.families[i] for i in np.argsort(off, kind="stable")]
        fitting = (name for name in order if name in there and not name.startswith(SCRIPT_FONTS))
        found |= dict.fromkeys(list(dict.fromkeys(fitting))[:count])
    return set(list(found)[: LIMITS.most_tried])


def _holding(text: str) -> list[str]:
    """The families with the letters of a text in another script than Latin: Noto's own ones first."""
    names = [name for name, members in _by_family().items() if covers(members[0], text)]
    return sorted(names, key=lambda name: (not name.startswith(SCRIPT_FONTS), name))[
        : LIMITS.of_script
    ]


def _residual(ink: InkLine, text: str) -> NDArray[np.float64]:
    """How far the words' widths are off in every face at the size that suits them best, in pixels."""
    table = load_table()
    words = text.split()
    columns = parted_columns(ink, len(words))
    pairs = [(ink.width, text)]
    if len(columns) == len(words) > 1:
        pairs += [(end - start, word) for (start, end), word in zip(columns, words, strict=True)]
    measured = np.array([width for width, _ in pairs], np.float64) - INK_MARGIN
    natural = np.stack([table.extents(words)[0] for _, words in pairs], axis=1)
    size = (natural @ measured) / (natural**2).sum(axis=1)
    off = np.sqrt(((measured - size[:, None] * natural) ** 2).mean(axis=1))
    if np.median(size) < LIMITS.gridded:
        middle = float(np.median(size))
        sizes = np.arange(np.floor(1.7 * middle), np.ceil(2.3 * middle) + 1) / 2
        drawn = np.stack([table.grid_widths(words, sizes) for _, words in pairs], axis=2)
        gridded = np.sqrt(((measured - drawn) ** 2).mean(axis=2))
        best = gridded.argmin(axis=1)
        least = gridded[np.arange(len(best)), best]
        size = np.where(least < off, sizes[best], size)
        off = np.minimum(off, least)
    high = np.abs(np.log(size * table.extents(text)[1] / ink.height))
    too_high = np.maximum(0.0, high - 1.0 / ink.height)
    return np.asarray(
        np.minimum(off + LIMITS.height * too_high, LIMITS.most_off) + LIMITS.tie * high
    )
