"""What `likeness compare` prints and writes: lines, JSON, a table in Markdown, pictures."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.cli.errors import make_printable
from studio.cli.page_checks import PageCheck

SHOWN = 5  # differences and problems of a page, each, in the table's details
MARK = "<!-- likeness-compare -->"  # by which a later run finds its comment


@dataclass(frozen=True, slots=True)
class CheckedPage:
    """One page's outcome: `scores` as the tool gives them, or `error`."""

    check: PageCheck
    scores: Mapping[str, Any]
    error: str = ""
    pictures: tuple[tuple[str, bytes], ...] = ()  # (file name, PNG)

    @property
    def likeness(self) -> float:
        return float(self.scores.get("likeness", 0.0))

    @property
    def problems(self) -> list[str]:
        """Return what is wrong with the page itself: files not loaded, script errors, overflow."""
        found = [str(problem) for problem in self.scores.get("problems", [])]
        overflow = self.scores.get("overflow", 0)
        if overflow >= 1:  # px; less is rounding
            found.insert(0, f"the page is {overflow:.0f} px wider than the viewport")
        return found

    @property
    def passes(self) -> bool:
        return not self.error and self.likeness >= self.check.least


def write_lines(pages: Sequence[CheckedPage]) -> str:
    """Return the outcome for a terminal."""
    lines = []
    for page in pages:
        word = "pass" if page.passes else "FAIL"
        if page.error:
            lines.append(f"{word}  {_flatten(page.check.name)}: {_flatten(page.error)}")
            continue
        width = page.scores["width"]
        lines.append(
            f"{word}  {_flatten(page.check.name)} at {width} px: likeness {page.likeness:.4f}, "
            f"at least {page.check.least:g}"
        )
        if not page.passes:
            lines += [
                f"      {_flatten(one['words'])}" for one in page.scores["differences"][:SHOWN]
            ]
        lines += [f"      problem: {_flatten(problem)}" for problem in page.problems[:SHOWN]]
    return "\n".join(lines)


def list_outcomes(pages: Sequence[CheckedPage]) -> dict[str, Any]:
    """Return the outcome as JSON values."""
    return {
        "passes": all(page.passes for page in pages),
        "pages": [
            {
                "name": page.check.name,
                "mockup": page.check.mockup,
                "page": page.check.page,
                "min": page.check.least,
                "passes": page.passes,
                "error": page.error,
                **page.scores,
                "pictures": [name for name, _ in page.pictures],
            }
            for page in pages
        ],
    }


def write_markdown(pages: Sequence[CheckedPage], picture_base: str = "") -> str:
    """Return a table for a pull request; pictures are linked below `picture_base` if there is one."""
    failed = sum(not page.passes for page in pages)
    head = "All pages look like their mockups." if not failed else f"{failed} of {len(pages)} fail."
    rows = [
        MARK,
        f"### Likeness: {head}",
        "",
        "| | page | width | likeness | at least | worst difference |",
        "|---|---|---|---|---|---|",
        *(_write_row(page) for page in pages),
    ]
    for page in pages:
        rows += _write_details(page, picture_base)
    return "\n".join(rows) + "\n"


def write_folder(pages: Sequence[CheckedPage], folder: Path, picture_base: str = "") -> None:
    """Write report.json, report.md and the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_text(json.dumps(list_outcomes(pages), indent=2) + "\n")
    (folder / "report.md").write_text(write_markdown(pages, picture_base))
    for page in pages:
        for name, data in page.pictures:
            (folder / name).write_bytes(data)


def make_file_name(number: int, name: str, what: str) -> str:
    """Return '01-pricing-1.png': unique, and of letters that every address takes."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "page"
    return f"{number:02}-{plain}-{what}.png"


def _write_row(page: CheckedPage) -> str:
    mark = "✅" if page.passes else "❌"
    if page.error:
        return f"| {mark} | {_escape(page.check.name)} | – | – | {page.check.least:g} | {_escape(page.error)} |"
    differences = page.scores["differences"]
    worst = _escape(differences[0]["words"]) if differences else "none"
    return (
        f"| {mark} | {_escape(page.check.name)} | {page.scores['width']} | {page.likeness:.4f} "
        f"| {page.check.least:g} | {worst} |"
    )


def _write_details(page: CheckedPage, picture_base: str) -> list[str]:
    if page.error:
        return []
    parts = ", ".join(f"{name} {value:.3f}" for name, value in page.scores["parts"].items())
    lines = [
        "",
        f"<details><summary>{_escape(page.check.name)}</summary>",
        "",
        f"Parts: {parts}",
        "",
    ]
    lines += [f"- {_escape(one['words'])}" for one in page.scores["differences"][:SHOWN]]
    lines += [f"- Problem: {_escape(problem)}" for problem in page.problems[:SHOWN]]
    if picture_base:
        lines.append("")
        base = picture_base.rstrip("/")
        lines += [f"![{_escape(name)}]({base}/{name})" for name, _ in page.pictures]
    return [*lines, "", "</details>"]


def _flatten(text: str) -> str:
    """Return text as one line without what a terminal would obey."""
    return make_printable(" ".join(text.split()))


def _escape(text: str) -> str:
    """Return text that ends no cell and makes no markup: it was read from a page or a picture."""
    plain = " ".join(text.split())
    return re.sub(r"([\\`*_{}\[\]<>()#|!@])", r"\\\1", plain)
