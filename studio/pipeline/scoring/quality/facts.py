"""Facts about a page's code, as counted in the browser. `parts.py` judges them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Reflow:
    """How the page looks at one width; letters are counted over all lines of text."""

    overflow: float  # px wider than the window
    letters: float
    cut: float  # letters beyond the window's edges
    covered: float  # letters that lie on others
    crushed: float  # letters in columns of a word or two
    edge: float = 0.0  # letters that touch the window's edge
    gaps: float = 0.0  # px of emptiness between one thing and the next, beyond what is usual
    height: float = 1.0  # px of the page


@dataclass(frozen=True, slots=True)
class KeepFacts:
    """Facts about a page's code.

    `code`: the counts of keep.js, elements.js and components.js. `broken`: accessibility rule →
    (impact, elements). `reflow`: by width.
    """

    code: Mapping[str, Any]
    broken: Mapping[str, tuple[str, int]]
    reflow: Mapping[int, Reflow]
    size: int  # characters of HTML and CSS
    faults: tuple[str, ...] = ()  # of the HTML as written
