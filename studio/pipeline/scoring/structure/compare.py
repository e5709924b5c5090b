"""Generated code compared with the author's own for the same picture.

Only texts that both pages show are compared. A measure is None where the author's page says nothing
about it: no headings, no landmarks, no components, or a page that does not fit a phone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

from studio.pipeline.scoring.structure.outline import NARROW, PageOutline, PageStructure
from studio.pipeline.scoring.structure.pairing import TextPair, pair_texts

SAME = 0.12  # of the window's width (of the page's height for tops): the same place at a phone's
OVERLAP = 0.5  # of two landmarks' texts (Jaccard), from which they are one landmark
NO_HEADING = 7  # the level of a text in no heading: below h6


@dataclass(frozen=True, slots=True)
class StructureComparison:
    """How far our code says the same as the author's, each measure in 0–1."""

    texts: float  # share of the author's texts that were found in ours
    kinds: float | None
    heading_order: float | None
    landmarks: float | None
    components: float | None
    component_precision: float | None
    component_recall: float | None
    reflow: float | None
    numbered_names: float  # share of our class names that end in a number
    counts: Mapping[str, int]  # of our code
    author_counts: Mapping[str, int]


def compare_structures(author: PageStructure, ours: PageStructure) -> StructureComparison:
    """Return the comparison of our page with the author's."""
    pairs = pair_texts(author.wide.texts, ours.wide.texts)
    precision, recall, components = compare_components(pairs)
    classes = ours.counts["classes"]
    return StructureComparison(
        texts=len(pairs) / max(1, len(author.wide.texts)),
        kinds=compare_kinds(pairs),
        heading_order=compare_heading_order(pairs),
        landmarks=compare_landmarks(author.wide, ours.wide, pairs),
        components=components,
        component_precision=precision,
        component_recall=recall,
        reflow=compare_reflow(author.narrow, ours.narrow, pairs),
        numbered_names=ours.counts["numbered"] / classes if classes else 0.0,
        counts=ours.counts,
        author_counts=author.counts,
    )


def compare_kinds(pairs: Sequence[TextPair]) -> float | None:
    """Return the share of texts in the same kind of element.

    A link that a class calls a button may be either: the picture does not tell.
    """
    if not pairs:
        return None
    same = [pair for pair in pairs if set(pair.author.kind.split()) & set(pair.ours.kind.split())]
    return len(same) / len(pairs)


def compare_heading_order(pairs: Sequence[TextPair]) -> float | None:
    """Return the share of pairs of the author's headings whose levels have the same order in ours."""
    headings = [pair for pair in pairs if pair.author.level]
    couples = list(combinations(headings, 2))
    if not couples:
        return None
    return sum(_have_same_order(one, other) for one, other in couples) / len(couples)


def _have_same_order(one: TextPair, other: TextPair) -> bool:
    author = one.author.level - other.author.level
    ours = (one.ours.level or NO_HEADING) - (other.ours.level or NO_HEADING)
    if not one.ours.level and not other.ours.level:
        return False
    return (author > 0, author < 0) == (ours > 0, ours < 0)


def compare_landmarks(
    author: PageOutline, ours: PageOutline, pairs: Sequence[TextPair]
) -> float | None:
    """Return the F1 of our landmarks: same kind, and half of the texts in both are in each.

    What only a class of the author's calls a landmark need not be one of ours, and may be.
    """
    wanted = _collect_landmarks(author, [(p.author.landmarks, n) for n, p in enumerate(pairs)])
    found = _collect_landmarks(ours, [(p.ours.landmarks, n) for n, p in enumerate(pairs)])
    stated = [place for place in wanted if author.landmarks[place].stated]
    claimed = [place for place in found if ours.landmarks[place].stated]
    graded = []
    for one in wanted:
        for other in claimed:
            if author.landmarks[one].kind == ours.landmarks[other].kind:
                both = wanted[one] & found[other]
                overlap = len(both) / len(wanted[one] | found[other])
                if overlap >= OVERLAP:
                    graded.append((not author.landmarks[one].stated, -overlap, one, other))
    hits, taken, excused = 0, set[tuple[str, int]](), 0
    for is_named, _, one, other in sorted(graded):
        if ("author", one) in taken or ("ours", other) in taken:
            continue
        taken |= {("author", one), ("ours", other)}
        hits += not is_named
        excused += is_named
    total = len(stated) + len(claimed) - excused
    return 2 * hits / total if stated else None


def _collect_landmarks(
    outline: PageOutline, owners: Sequence[tuple[frozenset[int], int]]
) -> dict[int, set[int]]:
    """Return each landmark's texts, by their places in the pairs; empty landmarks are left out."""
    texts: dict[int, set[int]] = {}
    for places, number in owners:
        for place in places:
            texts.setdefault(place, set()).add(number)
    return texts


def compare_components(
    pairs: Sequence[TextPair],
) -> tuple[float | None, float | None, float | None]:
    """Return precision, recall and F1 over pairs of texts with one tag and class.

    None where the author gave no two texts the same.
    """
    wanted = Counter(pair.author.component for pair in pairs)
    found = Counter(pair.ours.component for pair in pairs)
    shared = Counter((pair.author.component, pair.ours.component) for pair in pairs)
    together, ours, both = (
        sum(comb(count, 2) for count in counter.values()) for counter in (wanted, found, shared)
    )
    if not together:
        return None, None, None
    precision = both / ours if ours else None
    return precision, both / together, 2 * both / (ours + together)


def compare_reflow(
    author: PageOutline, ours: PageOutline, pairs: Sequence[TextPair]
) -> float | None:
    """Return the share of texts at the same place and of the same width on a phone.

    Texts that the author hides there do not count. None where the author's page does not fit.
    """
    if author.overflow > SAME * NARROW:
        return None
    wanted = {text.id: text.box for text in author.texts}
    found = {text.id: text.box for text in ours.texts}
    asked = [pair for pair in pairs if pair.author.id in wanted]
    if not asked:
        return None
    same = 0
    for pair in asked:
        one, other = wanted[pair.author.id], found.get(pair.ours.id)
        if other is None:
            continue
        across = max(abs(one.x - other.x), abs(one.width - other.width)) / NARROW
        down = abs(one.y / author.height - other.y / ours.height)
        same += across <= SAME and down <= SAME
    return same / len(asked)
