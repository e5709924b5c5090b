"""Few styles instead of many: lines that look alike share font, weight, size and colour. Undoes the
noise of measuring.

Works on hints' lines and fonts' widths; knows no layout beyond 'beside' and 'below'.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import replace
from statistics import median

from studio.pipeline.layout.font_metrics import measure_ink_width
from studio.pipeline.medians import compute_weighted_median
from studio.pipeline.perception.hints import Family, TextLine

Face = tuple[str, int, bool, Family]
NEAR_COLOR = 20  # per channel: what antialiasing does to thin strokes
# a line's width in another font or size may be off by this much: it was measured to a pixel
FITS = 0.025
LARGE = 1.25  # times the median size: headings
# the same where the winner differs in slant or family only: those are misread more often than meant
SLIPS = 0.06
CODE = 6  # letters from which a line in a mono face is code and no misreading
MINOR = 0.15  # a family that sets less of the page's text than this is a misreading
PEER_PITCH = (
    3.2  # times the larger size: lines of one style further apart down the page need not be peers
)
STEPS = (1.0, 0.5, 0.2)


def settle_styles(lines: tuple[TextLine, ...]) -> list[TextLine]:
    """The lines with settled styles, in the same order."""
    found = _settle_families(list(lines))
    found = _settle_colors(found)
    found = _settle_peers(found)
    return _settle_sizes(found)


def find_natural_size(line: TextLine, face: Face) -> float:
    """The font size at which the face sets the line in its measured width."""
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
    """Families that set only a few words go to the main family of their class: headings and body
    text vote apart.
    """
    if not lines:
        return lines
    body = compute_weighted_median([(line.size, _get_weight(line)) for line in lines])
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
    """A family that is a main one of either class is no misreading."""
    if not main or any((line.font, line.family) in families for families in everywhere.values()):
        return line
    kin = [k for k in main if k[1] == line.family]
    if not kin and line.family == "mono" and (line.chip is not None or len(line.text) >= CODE):
        return line
    kin = kin or list(main)
    return _set_family(line, *max(kin, key=lambda k: (votes[k], k)))


def _set_family(line: TextLine, font: str, family: Family) -> TextLine:
    if font == line.font:
        return line
    moved = replace(line, font=font, family=family, letter_spacing=0.0)
    return replace(moved, size=find_natural_size(moved, find_line_face(moved)))


def _settle_colors(lines: list[TextLine]) -> list[TextLine]:
    """Antialiasing shifts thin text's colour: near colours become the one that most text has."""
    votes: dict[str, float] = defaultdict(float)
    for line in lines:
        votes[line.color] += line.box.area
    chosen: list[str] = []
    home: dict[str, str] = {}
    for color in sorted(votes, key=lambda c: (-votes[c], c)):
        home[color] = next((c for c in chosen if _are_near(c, color)), color)
        if home[color] == color:
            chosen.append(color)
    return [replace(line, color=home[line.color]) for line in lines]


def _are_near(a: str, b: str) -> bool:
    return max(abs(int(a[i : i + 2], 16) - int(b[i : i + 2], 16)) for i in (1, 3, 5)) <= NEAR_COLOR


def _settle_peers(lines: list[TextLine]) -> list[TextLine]:
    """Neighbours of one look vote on face and size; a line that the winner does not fit keeps its
    own.
    """
    out = list(lines)
    for group in _find_peers(lines):
        members = [lines[i] for i in group]
        if len(members) < 2:
            continue
        face, share = _find_majority(members, find_line_face)
        if share < 0.5:
            continue
        assert isinstance(face, tuple)
        size = compute_weighted_median(
            [(m.size, _get_weight(m)) for m in members if find_line_face(m) == face]
        )
        for i in group:
            slack = FITS if (lines[i].weight >= 600) != (face[1] >= 600) else SLIPS
            if abs(find_natural_size(lines[i], face) / size - 1) <= max(
                slack, 1.5 / max(lines[i].box.width, 1.0)
            ):
                font, weight, italic, family = face
                out[i] = replace(
                    lines[i],
                    font=font,
                    weight=weight,
                    italic=italic,
                    family=family,
                    size=size,
                    letter_spacing=0.0,
                )
    return out


def _find_peers(lines: list[TextLine]) -> list[list[int]]:
    home = list(range(len(lines)))

    def root(i: int) -> int:
        while home[i] != i:
            home[i] = home[home[i]]
            i = home[i]
        return i

    down = sorted(range(len(lines)), key=lambda i: lines[i].baseline)
    farthest = PEER_PITCH * max((line.size for line in lines), default=0.0)
    for place, i in enumerate(down):
        for j in down[place + 1 :]:
            if lines[j].baseline - lines[i].baseline > farthest:
                break
            if lines[i].color == lines[j].color and _are_peers(lines[i], lines[j]):
                home[root(j)] = root(i)
    groups: dict[int, list[int]] = defaultdict(list)
    for i in range(len(lines)):
        groups[root(i)].append(i)
    return list(groups.values())


def _are_peers(a: TextLine, b: TextLine) -> bool:
    if not 0.85 < a.size / max(b.size, 1.0) < 1.18:
        return False
    if abs(a.baseline - b.baseline) <= 2:
        return True
    aligned = (
        abs(a.box.x - b.box.x) <= 3
        or abs(a.box.cx - b.box.cx) <= 3
        or abs(a.box.right - b.box.right) <= 2
    )
    return aligned and abs(a.baseline - b.baseline) <= PEER_PITCH * max(a.size, b.size)


def _settle_sizes(lines: list[TextLine]) -> list[TextLine]:
    """Sizes of one face that lie close together become one, on a round number where that is near."""
    out = list(lines)
    groups: dict[Face, list[int]] = defaultdict(list)
    for i, line in enumerate(lines):
        groups[find_line_face(line)].append(i)
    for group in groups.values():
        for cluster in _cluster_sizes(group, lines):
            widest = max(lines[i].box.width for i in cluster)
            size = round_font_size(
                compute_weighted_median([(lines[i].size, _get_weight(lines[i])) for i in cluster]),
                widest,
            )
            for i in cluster:
                out[i] = replace(
                    lines[i], size=size, letter_spacing=_find_letter_spacing(lines[i], size)
                )
    return _share_letter_spacing(out)


def _cluster_sizes(group: list[int], lines: list[TextLine]) -> list[list[int]]:
    ordered = sorted(group, key=lambda i: lines[i].size)
    out: list[list[int]] = []
    for i in ordered:
        if out and lines[i].size <= lines[out[-1][0]].size * 1.05 + 0.2:
            out[-1].append(i)
        else:
            out.append([i])
    return out


def round_font_size(size: float, widest: float) -> float:
    """The roundest size that the measured width allows: a line is measured to about a pixel."""
    for step in STEPS:
        near = round(round(size / step) * step, 2)
        if abs(near - size) <= max(0.004, 1.2 / widest) * size:
            return near
    return round(size * 10) / 10


def _find_letter_spacing(line: TextLine, size: float) -> float:
    """The letter spacing, in px, that takes the line to its measured width; 0 when it is there
    within the error.
    """
    off = line.box.width - measure_ink_width(line.text, line.font, line.weight, line.italic) * size
    if len(line.text) < 4 or abs(off) <= max(1.5, 0.015 * line.box.width):
        return 0.0
    return round(off / (len(line.text) - 1), 2)


def _share_letter_spacing(lines: list[TextLine]) -> list[TextLine]:
    """One spacing for all lines of one look: the median, so that a single misread line changes
    nothing.
    """
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for i, line in enumerate(lines):
        groups[find_line_face(line), line.size, line.color, line.text.isupper()].append(i)
    out = list(lines)
    for group in groups.values():
        spacing = round(median(lines[i].letter_spacing for i in group), 1)
        for i in group:
            out[i] = replace(lines[i], letter_spacing=spacing)
    return out
