"""Small surfaces around words within a line become part of the words: inline code, highlighted
words.

Works on hints before anything is nested: such a surface would cut its paragraph in three.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from studio.pipeline.perception.hints import Chip, Hints, Rect, TextLine


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What makes a surface a chip, in font sizes of its word unless said otherwise."""

    height: float = 1.9  # of the surface
    wider: float = 1.6  # than the word, in all
    gap: float = 0.7  # to the next word of the line
    level: float = 2.0  # px between the baselines of the two
    smaller: float = 0.75  # the word's size over its neighbor's


LIMITS = Thresholds()


def absorb_chips(hints: Hints) -> Hints:
    """The hints without the surfaces of chips; their words know them."""
    texts, rects = list(hints.texts), []
    for rect in hints.rects:
        inside = [i for i, line in enumerate(texts) if rect.box.contains(line.box)]
        if len(inside) == 1 and _is_chip(rect, texts[inside[0]], hints):
            word = texts[inside[0]]
            texts[inside[0]] = replace(
                word, chip=Chip(rect.box.width, rect.radius, rect.fill or word.background)
            )
        else:
            rects.append(rect)
    return replace(hints, texts=tuple(texts), rects=tuple(rects))


def _is_chip(rect: Rect, word: TextLine, hints: Hints) -> bool:
    if rect.fill is None or rect.shadow or rect.box.height > LIMITS.height * word.size:
        return False
    if rect.box.width - word.box.width > LIMITS.wider * word.size:
        return False
    return any(_is_neighbor(rect, word, other) for other in hints.texts if other.id != word.id)


def _is_neighbor(rect: Rect, word: TextLine, other: TextLine) -> bool:
    """Whether the other line goes on right beside the surface, on the same baseline, as prose does."""
    gap = max(other.box.x - rect.box.right, rect.box.x - other.box.right)
    level = abs(other.baseline - word.baseline) <= LIMITS.level
    size = word.size / other.size
    prose = len(other.text.split()) >= 2
    return (
        level
        and prose
        and -1 <= gap <= LIMITS.gap * other.size
        and LIMITS.smaller <= size <= 1 / LIMITS.smaller
    )
