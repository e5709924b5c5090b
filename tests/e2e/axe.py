"""Asks axe-core what a page keeps from people who cannot see it well, or use no mouse; in both
themes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
BAD = {"serious", "critical"}

# Evaluated by the debugger, so the page's own policy (no foreign scripts) stays as it is. Previews
# are not ours to judge.
RUN = """async () => {
    const found = await axe.run({ exclude: [["iframe"]] });
    return found.violations.map((one) => ({ ...one, where: one.nodes.map((node) => node.html) }));
}"""


def violations(page: Page) -> list[str]:
    """What is serious or critical on the page as it stands, as 'theme, rule: help, at markup'; []
    is what we want.
    """
    found = []
    for theme in THEMES:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        if not page.evaluate("typeof axe !== 'undefined'"):
            page.evaluate(AXE.read_text())
        for one in page.evaluate(RUN):
            if one["impact"] in BAD:
                found += [
                    f"{theme}, {one['id']}: {one['help']}, at {markup[:200]}"
                    for markup in one["where"]
                ]
    return found
