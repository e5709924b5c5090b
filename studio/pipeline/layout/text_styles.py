"""Few styles instead of many: similar lines get the same font, weight, size and color.

This removes the noise of measuring. It works on lines of hints and on font widths, and knows no
layout beyond 'beside' and 'below'.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import replace
from statistics import median

from studio.pipeline.layout.font_metrics import measure_ink_width
from studio.pipeline.perception.hints import Family, TextLine

Face = tuple[str, int, bool, Family]
NEAR_COLOR = 20  # of 255 per channel: what antialiasing changes in thin strokes
BOLD = 600  # the weight from which text counts as bold
# Share by which a line's width in another font or size may be off, because it was measured to a pixel.
FITS = 0.025
LARGE = 1.25  # times the median size, from which text counts as headings
# The same where the fonts differ in slant or family only, which are more often misread than intended.
SLIPS = 0.06
MINOR = 0.15  # share of the page's text below which a family is a misreading
# Times the larger size: lines of one style farther apart down the page need not be peers.
PEER_PITCH = 3.2
MAJORITY = 0.5  # share of the votes that a face needs
STEPS = (1.0, 0.5, 0.2)  # px; font sizes are rounded to the first that is near


def settle_styles(lines: tuple[TextLine, ...]) -> list[TextLine]:
    """Return the lines with settled styles, in the same order."""
    settled = _settle_families(list(lines))
    settled = _settle_colors(settled)
    settled = _settle_peers(settled)
    return _settle_sizes(settled)


def find_natural_size(line: TextLine, face: Face) -> float:
    """Return the font size at which the face gives the line its measured width."""
    width = measure_ink_width(line.text, face[0], face[1], face[2])
    return line.box.width / width if width else line.size


def find_line_face(line: TextLine) -> Face:
    return line.font, line.weight, line.italic, line.family


def _get_weight(line: TextLine) -> float:
    return line.box.width * (0.3 if len(line.text) < 4 else 1.0)


def _find_majority(
    lines: list[TextLine], key: Callable[[TextLine], Hashable]
) -> tuple[Hashable, float]:
    votes: dict[Hashable, float] = defaultdict(float)
    for line in lines:
        votes[key(line)] += _get_weight(line)
    best = max(votes, key=lambda k: (votes[k], str(k)))
    return best, votes[best] / (sum(votes.values()) or 1.0)


def _settle_families(lines: list[TextLine]) -> list[TextLine]:
    """Return the lines with rare families replaced by the main family of their class.

    Headings and body text vote separately.
    """
    if not lines:
        return lines
    body = _compute_weighted_median([(line.size, _get_weight(line)) for line in lines])
    votes = {
        large: _count_family_votes([x for x in lines if (x.size >= LARGE * body) == large])
        for large in (False, True)
    }
    main = {large: _find_main_families(votes[large]) for large in (False, True)}
    large = [line.size >= LARGE * body for line in lines]
    return [
        _move_to_main_family(line, votes[big], main[big], main)
        for line, big in zip(lines, large, strict=True)
    ]


Votes = dict[tuple[str, Family], float]


def _count_family_votes(lines: list[TextLine]) -> Votes:
    votes: Votes = defaultdict(float)
    for line in lines:
        votes[line.font, line.family] += _get_weight(line)
    return votes


def _find_main_families(votes: Votes) -> set[tuple[str, Family]]:
    return {family for family, count in votes.items() if count >= MINOR * sum(votes.values())}


def _move_to_main_family(
    line: TextLine,
    votes: Votes,
    main: set[tuple[str, Family]],
    everywhere: dict[bool, set[tuple[str, Family]]],
) -> TextLine:
    """Return the line in a main family of its class.

    A family that is a main one of either class is not a misreading.
    """
    if not main or any((line.font, line.family) in families for families in everywhere.values()):
        return line
    candidates = [k for k in main if k[1] == line.family] or list(main)
    return _set_family(line, *max(candidates, key=lambda k: (votes[k], k)))


def _set_family(line: TextLine, font: str, family: Family) -> TextLine:
    if font == line.font:
        return line
    moved = replace(line, font=font, family=family, letter_spacing=0.0)
    return replace(moved, size=find_natural_size(moved, find_line_face(moved)))


def _settle_colors(lines: list[TextLine]) -> list[TextLine]:
    """Return the lines with nearly equal colors made equal to the most frequent one.

    Antialiasing shifts the color of thin text.
    """
    votes: dict[str, float] = defaultdict(float)
    for line in lines:
        votes[line.color] += line.box.area
    chosen: list[str] = []
    common: dict[str, str] = {}
    for color in sorted(votes, key=lambda c: (-votes[c], c)):
        common[color] = next((c for c in chosen if _are_near(c, color)), color)
        if common[color] == color:
            chosen.append(color)
    return [replace(line, color=common[line.color]) for line in lines]


def _are_near(a: str, b: str) -> bool:
    return max(abs(int(a[i : i + 2], 16) - int(b[i : i + 2], 16)) for i in (1, 3, 5)) <= NEAR_COLOR


def _settle_peers(lines: list[TextLine]) -> list[TextLine]:
    """Return the lines with the face and size that their neighbors of one look vote for.

    A line that the winner does not fit keeps its own.
    """
    settled = list(lines)
    for group in _find_peers(lines):
        members = [lines[i] for i in group]
        if len(members) < 2:
            continue
        face, share = _find_majority(members, find_line_face)
        if share < MAJORITY:
            continue
        assert isinstance(face, tuple)
        size = _compute_weighted_median(
            [(m.size, _get_weight(m)) for m in members if find_line_face(m) == face]
        )
        for i in group:
            differs_in_weight = (lines[i].weight >= BOLD) != (face[1] >= BOLD)
            slack = FITS if differs_in_weight else SLIPS
            slack = max(slack, 1.5 / max(lines[i].box.width, 1.0))
            if abs(find_natural_size(lines[i], face) / size - 1) <= slack:
                font, weight, italic, family = face
                settled[i] = replace(
                    lines[i],
                    font=font,
                    weight=weight,
                    italic=italic,
                    family=family,
                    size=size,
                    letter_spacing=0.0,
                )
    return settled


def _find_peers(lines: list[TextLine]) -> list[list[int]]:
    parent = list(range(len(lines)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    by_baseline = sorted(range(len(lines)), key=lambda i: lines[i].baseline)
    farthest = PEER_PITCH * max((line.size for line in lines), default=0.0)
    for place, i in enumerate(by_baseline):
        for j in by_baseline[place + 1 :]:
            if lines[j].baseline - lines[i].baseline > farthest:
                break
            if lines[i].color == lines[j].color and _are_peers(lines[i], lines[j]):
                parent[root(j)] = root(i)
    groups: dict[int, list[int]] = defaultdict(list)
    for i in range(len(lines)):
        groups[root(i)].append(i)
    return list(groups.values())


def _are_peers(a: TextLine, b: TextLine) -> bool:
    if not 0.85 < a.size / max(b.size, 1.0) < 1.18:
        return False
    if abs(a.baseline - b.baseline) <= 2:
        return True
    are_aligned = (
        abs(a.box.x - b.box.x) <= 3
        or abs(a.box.cx - b.box.cx) <= 3
        or abs(a.box.right - b.box.right) <= 2
    )
    return are_aligned and abs(a.baseline - b.baseline) <= PEER_PITCH * max(a.size, b.size)


def _compute_weighted_median(values: list[tuple[float, float]]) -> float:
    ordered = sorted(values)
    half = sum(weight for _, weight in ordered) / 2
    total = 0.0
    for value, weight in ordered:
        total += weight
        if total >= half:
            return value
    return ordered[-1][0]


def _settle_sizes(lines: list[TextLine]) -> list[TextLine]:
    """Return the lines with close sizes of one face made equal, and round where that is near."""
    settled = list(lines)
    groups: dict[Face, list[int]] = defaultdict(list)
    for i, line in enumerate(lines):
        groups[find_line_face(line)].append(i)
    for group in groups.values():
        for cluster in _cluster_sizes(group, lines):
            widest = max(lines[i].box.width for i in cluster)
            size = round_font_size(
                _compute_weighted_median([(lines[i].size, _get_weight(lines[i])) for i in cluster]),
                widest,
            )
            for i in cluster:
                settled[i] = replace(
                    lines[i], size=size, letter_spacing=_find_letter_spacing(lines[i], size)
                )
    return _share_letter_spacing(settled)


def _cluster_sizes(group: list[int], lines: list[TextLine]) -> list[list[int]]:
    ordered = sorted(group, key=lambda i: lines[i].size)
    clusters: list[list[int]] = []
    for i in ordered:
        if clusters and lines[i].size <= lines[clusters[-1][0]].size * 1.05 + 0.2:
            clusters[-1].append(i)
        else:
            clusters.append([i])
    return clusters


def round_font_size(size: float, widest: float) -> float:
    """Return the roundest size that fits the measured width, which is exact to about a pixel."""
    for step in STEPS:
        near = round(round(size / step) * step, 2)
        if abs(near - size) <= max(0.004, 1.2 / widest) * size:
            return near
    return round(size * 10) / 10


def _find_letter_spacing(line: TextLine, size: float) -> float:
    """Return the letter spacing, in px, that gives the line its measured width.

    0 if the line has it within the error.
    """
    missing_width = (
        line.box.width - measure_ink_width(line.text, line.font, line.weight, line.italic) * size
    )
    if len(line.text) < 4 or abs(missing_width) <= max(1.5, 0.015 * line.box.width):
        return 0.0
    return round(missing_width / (len(line.text) - 1), 2)


def _share_letter_spacing(lines: list[TextLine]) -> list[TextLine]:
    """Return the lines with one spacing for all of one look.

    It is the median, so that a single misread line changes nothing.
    """
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for i, line in enumerate(lines):
        groups[find_line_face(line), line.size, line.color, line.text.isupper()].append(i)
    shared = list(lines)
    for group in groups.values():
        spacing = round(median(lines[i].letter_spacing for i in group), 1)
        for i in group:
            shared[i] = replace(lines[i], letter_spacing=spacing)
    return shared
