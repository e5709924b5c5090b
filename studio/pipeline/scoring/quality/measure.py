"""Code quality: one score with named parts, from facts counted in the browser.

It looks at the code and at how it behaves at other widths, never at the mockup. `collect_facts`
counts; the functions below it judge. Each part is a pure function of the facts, 1 if there is nothing
to correct.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.pipeline.bundle import ENTRY, Bundle
from studio.pipeline.rendering.browser_page import ask, read_script
from studio.pipeline.rendering.page_files import Site, make_bundle_site
from studio.pipeline.scoring.quality.html_validity import find_html_faults
from studio.pipeline.types import RenderError

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from studio.pipeline.rendering.render import Renderer

FIRST = 1280  # px; the width at which the code is read
WIDTHS = (390, 768, 1440)  # a phone and a tablet, upright; a wide screen
HEIGHT = 844
TIME_LIMIT = 20.0  # seconds; an ordinary page takes one
FOLDER = Path(__file__).parent
AXE = Path(__file__).resolve().parents[4] / "node_modules" / "axe-core" / "axe.min.js"

# The weight of each part. What people complain about first has the highest: pages that break on a
# phone, and markup of divs only.
WEIGHTS = {
    "responsive": 0.22,
    "semantics": 0.20,
    "layout": 0.16,
    "reuse": 0.14,
    "tokens": 0.12,
    "clean": 0.10,
    "flow": 0.06,
}
# What a failed accessibility rule costs, by axe's own impact.
COSTS = {"critical": 0.12, "serious": 0.08, "moderate": 0.05, "minor": 0.02}
# What failed contrast costs; it is the mockup's choice, not the code's.
CONTRAST = 0.02


@dataclass(frozen=True, slots=True)
class Reflow:
    """How the page looks at one width; letters are counted over all lines of text."""

    overflow: float  # px wider than the window
    letters: float
    cut: float  # letters beyond the window's edges
    covered: float  # letters that lie on others
    crushed: float  # letters in columns of a word or two


@dataclass(frozen=True, slots=True)
class KeepFacts:
    """Facts about a page's code.

    `code`: the counts of keep.js. `broken`: accessibility rule → (impact, elements). `reflow`: by width.
    """

    code: Mapping[str, Any]
    broken: Mapping[str, tuple[str, int]]
    reflow: Mapping[int, Reflow]
    size: int  # characters of HTML and CSS
    faults: tuple[str, ...] = ()  # of the HTML as written


@dataclass(frozen=True, slots=True)
class CodeQuality:
    """A score in 0–1 with its named parts, each in 0–1, and the facts behind them.

    1 means nothing to correct.
    """

    score: float
    parts: Mapping[str, float]
    facts: KeepFacts


def measure_quality(renderer: Renderer, bundle: Bundle) -> CodeQuality:
    """Return the bundle's code quality; raises RenderError."""
    if ENTRY not in bundle.files:
        raise RenderError(f"The bundle has no {ENTRY}.")
    size = sum(len(text) for name, text in bundle.files.items() if name.endswith((".html", ".css")))
    return score_facts(collect_facts(renderer, make_bundle_site(bundle), bundle.files[ENTRY], size))


def score_facts(facts: KeepFacts) -> CodeQuality:
    parts = {
        "responsive": score_responsive(facts),
        "semantics": score_semantics(facts),
        "layout": score_layout(facts),
        "reuse": score_reuse(facts),
        "tokens": score_tokens(facts),
        "clean": score_cleanliness(facts),
        "flow": score_flow(facts),
    }
    return CodeQuality(sum(WEIGHTS[name] * value for name, value in parts.items()), parts, facts)


def collect_facts(renderer: Renderer, site: Site, html: str, size: int) -> KeepFacts:
    """Return the facts about the page's code; `size` in characters of HTML and CSS.

    Raises RenderError.
    """
    faults = tuple(find_html_faults(html))

    def look(page: Page) -> KeepFacts:
        code = ask(page, read_script(FOLDER / "keep.js"))
        broken = {rule: (impact, count) for rule, impact, count in ask(page, _read_axe())}
        reflow = {}
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            counts = ask(page, read_script(FOLDER / "reflow.js"))
            reflow[width] = Reflow(**{name: float(counts[name]) for name in Reflow.__slots__})
        return KeepFacts(code, broken, reflow, size, faults)

    return renderer.visit(site, look, width=FIRST, height=800, time_limit=TIME_LIMIT)


def score_responsive(facts: KeepFacts) -> float:
    """Score how little overflows at every width.

    Letters that are cut off, covered or squeezed lower the score too.
    """
    scores = [_score_width(width, reflow) for width, reflow in facts.reflow.items()]
    return sum(scores) / len(scores)


def _score_width(width: int, reflow: Reflow) -> float:
    if not reflow.letters:
        return 0.0
    # Any horizontal scroll bar is a fault; 1 px is rounding.
    fits = 1.0 if reflow.overflow <= 1 else 0.6 * max(0.0, 1 - reflow.overflow / width)
    lost = (reflow.cut + reflow.covered + 0.5 * reflow.crushed) / reflow.letters
    return fits * max(0.0, 1 - 2 * lost)


def score_semantics(facts: KeepFacts) -> float:
    """Score semantic elements, and the accessibility rules (axe-core's) that hold."""
    meant: float = facts.code["meantLetters"] / max(1, facts.code["letters"])
    cost = sum(_compute_cost(rule, impact, count) for rule, (impact, count) in facts.broken.items())
    kinds = sum(bool(facts.code["kinds"][kind]) for kind in ("heading", "landmark", "link")) / 3
    return 0.45 * meant + 0.4 * max(0.0, 1 - cost) + 0.15 * kinds


def _compute_cost(rule: str, impact: str, count: int) -> float:
    full = CONTRAST if rule == "color-contrast" else COSTS.get(impact, COSTS["minor"])
    # The first element costs as much as the next five together.
    return full * min(1.0, 0.5 + count / 10)


def score_layout(facts: KeepFacts) -> float:
    """Score the share of positions that layout or a scale of 4 px explains.

    Fixed widths that do not fit a phone lower it.
    """
    offsets = facts.code["offsets"]
    known = offsets["explained"] + offsets["magic"]
    share: float = offsets["explained"] / known if known else 1.0
    rigid: float = min(1.0, 6 * facts.code["fixed"] / max(1, facts.code["elements"]))
    return share * (1 - 0.5 * rigid)


def score_reuse(facts: KeepFacts) -> float:
    """Score shared classes of repeated parts, classes used more than once, and no inline styles."""
    code = facts.code
    twins: float = code["alike"] / code["twins"] if code["twins"] else 1.0
    shared: float = min(1.0, code["classUses"] / (2 * code["classes"])) if code["classes"] else 1.0
    inline: float = code["inlineStyles"] / max(1, code["elements"])
    return (0.6 * twins + 0.4 * shared) * (1 - min(1.0, 1.5 * inline))


def score_tokens(facts: KeepFacts) -> float:
    """Score how few distinct colors, font sizes and spaces there are for the page's size.

    Colors used by name raise the score.
    """
    code = facts.code
    room = 1 + code["elements"] / 400  # a long page may have more of each
    few = (
        _score_count(code["colors"], 9 * room, 30 * room)
        + _score_count(code["sizes"], 6 * room, 16 * room)
        + _score_count(code["spacings"], 10 * room, 40 * room)
    ) / 3
    used = code["named"] + code["literal"]
    named: float = code["named"] / used if used else 1.0
    return 0.7 * few + 0.3 * named


def _score_count(count: float, enough: float, many: float) -> float:
    return min(1.0, max(0.0, (many - count) / (many - enough)))


def score_cleanliness(facts: KeepFacts) -> float:
    """Score the absence of dead rules, outdated code, invalid HTML and excess length."""
    code = facts.code
    alive: float = 1 - code["dead"] / code["rules"] if code["rules"] else 1.0
    faults = code["quirks"] + min(1.0, code["old"] / 3) + min(1.0, code["twiceIds"] / 2)
    # The first fault costs most, the hundredth hardly anything.
    faults += 2 * (1 - exp(-len(facts.faults) / 12))
    valid: float = max(0.0, 1 - 0.4 * faults)
    # Up to 200 characters of HTML and CSS per element, beside its text, are fine; 700 are far too
    # many.
    short = _score_count((facts.size - code["letters"]) / max(1, code["elements"]), 200, 700)
    return 0.35 * alive + 0.3 * valid + 0.35 * short


def score_flow(facts: KeepFacts) -> float:
    """Score the share of letters that are in the page's flow."""
    return float(1 - facts.code["absoluteLetters"] / max(1, facts.code["letters"]))


@cache
def _read_axe() -> str:
    try:
        source = AXE.read_text("utf-8")
    except OSError:
        raise RenderError("axe-core is not installed: run `make setup`.") from None
    options = "{ resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'best-practice'], elementRef: false }"
    found = "(r) => r.violations.map((v) => [v.id, v.impact ?? 'minor', v.nodes.length])"
    return f"(() => {{ {source}\nreturn axe.run(document, {options}).then({found}); }})()"
