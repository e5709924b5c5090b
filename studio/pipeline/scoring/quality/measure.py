"""Code quality: one score with named parts, from facts counted in the browser.

It looks at the code and at how it behaves at other widths, never at the mockup. `collect_facts`
counts, `parts.py` judges.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.pipeline.bundle import ENTRY, Bundle
from studio.pipeline.rendering.browser_page import ask, read_script
from studio.pipeline.rendering.page_files import Site, make_bundle_site
from studio.pipeline.scoring.quality.facts import KeepFacts, Reflow
from studio.pipeline.scoring.quality.html_validity import find_html_faults
from studio.pipeline.scoring.quality.parts import PARTS, WEIGHTS
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
    parts = {name: score(facts) for name, score in PARTS.items()}
    return CodeQuality(sum(WEIGHTS[name] * value for name, value in parts.items()), parts, facts)


def collect_facts(renderer: Renderer, site: Site, html: str, size: int) -> KeepFacts:
    """Return the facts about the page's code; `size` in characters of HTML and CSS.

    Raises RenderError.
    """
    faults = tuple(find_html_faults(html))

    def look(page: Page) -> KeepFacts:
        code: dict[str, Any] = {}
        for script in ("keep.js", "elements.js", "components.js"):
            code |= ask(page, read_script(FOLDER / script))
        broken = {rule: (impact, count) for rule, impact, count in ask(page, _read_axe())}
        reflow = {}
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            counts = ask(page, read_script(FOLDER / "reflow.js"))
            reflow[width] = Reflow(**{name: float(counts[name]) for name in Reflow.__slots__})
        return KeepFacts(code, broken, reflow, size, faults)

    return renderer.visit(site, look, width=FIRST, height=800, time_limit=TIME_LIMIT)


@cache
def _read_axe() -> str:
    try:
        source = AXE.read_text("utf-8")
    except OSError:
        raise RenderError("axe-core is not installed: run `make setup`.") from None
    options = "{ resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'best-practice'], elementRef: false }"
    found = "(r) => r.violations.map((v) => [v.id, v.impact ?? 'minor', v.nodes.length])"
    return f"(() => {{ {source}\nreturn axe.run(document, {options}).then({found}); }})()"
