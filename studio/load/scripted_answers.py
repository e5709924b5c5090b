"""What a scripted model says in measurements: the page of the sample `harbour`, as a developer would write it.

A change is kept only if the code gets no worse, so the sample's own page will not do.
"""

from __future__ import annotations

from pathlib import Path

SAMPLE = "harbour"
FOLDER = Path(__file__).parent / SAMPLE


def make_answers() -> tuple[str, str]:
    """Return the page without its footer, then all of it."""
    page = (FOLDER / "index.html").read_text("utf-8")
    sheet = (FOLDER / "styles.css").read_text("utf-8")
    before, _, rest = page.partition("<footer")
    without_footer = before.rstrip() + rest.partition("</footer>")[2]
    return _make_answer(without_footer, sheet), _make_answer(page, sheet)


def _make_answer(page: str, sheet: str) -> str:
    return f"```html index.html\n{page}\n```\n\n```css styles.css\n{sheet}\n```\n"
