"""What a request carries to be believed: the title, the scores at each width, the code's measures,
pictures, the way to do it again. Words from a prompt or a page are quoted, so that they cannot be
markup.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from studio.pipeline.stacks.kinds import LABELS, parse_stack
from studio.runs.models import Attempt, Run

LONGEST_TITLE = 72


def make_title(run: Run) -> str:
    """From what was asked for, in one line."""
    words = " ".join(run.prompt.split())
    return f"Add page: {words[: LONGEST_TITLE - 10]}" if words else "Add page from a mockup"


def collect_pictures(attempt: Attempt) -> dict[str, bytes]:
    """mockup.png, render.png and heatmap.png, as far as there are any."""
    stored: dict[str, Any] = {"render": attempt.render, "heatmap": attempt.heatmap}
    if attempt.run.upload:
        stored = {"mockup": attempt.run.upload.file, **stored}
    out = {}
    for name, field in stored.items():
        if field:
            with field.open() as file:
                out[f"{name}.png"] = file.read()
    return out


def write_description(
    attempt: Attempt, shown: Mapping[str, str], address: str, conflicts: list[str]
) -> str:
    """Markdown; `shown`: picture → address; `address`: of the version in the studio."""
    run = attempt.run
    parts = [
        f"{LABELS[parse_stack(run.stack)]}, made by Likeness from a mockup and measured against it."
    ]
    if run.prompt.strip():
        parts.append("> " + quote_line(run.prompt))
    if shown:
        names = list(shown)
        rows = [names, ["---"] * len(names), [f"![{name}]({shown[name]})" for name in names]]
        parts.append("\n".join(f"| {' | '.join(row)} |" for row in rows))
    parts += [write_scores(attempt), write_quality(attempt)]
    if conflicts:
        kept = "\n".join(f"- `{path}`" for path in conflicts)
        parts.append(
            f"**Left as they are in the repository**, for both sides changed them:\n\n{kept}"
        )
    parts.append(write_reproduction(attempt, address))
    return "\n\n".join(part for part in parts if part) + "\n"


def write_scores(attempt: Attempt) -> str:
    """The likeness and its parts at each width a mockup was given for."""
    if attempt.likeness is None:
        return ""
    rows = {f"{attempt.width or '–'} px": (attempt.likeness, attempt.parts)}
    summary: dict[str, Any] = next(
        (a for a in attempt.run.report.get("attempts", []) if a["number"] == attempt.number), {}
    )
    for width, view in summary.get("widths", {}).items():
        rows[f"{width} px"] = (view["likeness"], view["parts"])
    names = list(attempt.parts)
    lines = [["Width", "Likeness", *names], ["---"] * (len(names) + 2)]
    lines += [
        [w, f"**{x:.3f}**", *(_number(p.get(name)) for name in names)] for w, (x, p) in rows.items()
    ]
    return "### Likeness to the mockup\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write_quality(attempt: Attempt) -> str:
    if attempt.quality is None:
        return ""
    lines = ["| Code | |", "| --- | --- |", f"| **quality** | **{attempt.quality:.3f}** |"]
    lines += [f"| {name} | {_number(value)} |" for name, value in attempt.quality_parts.items()]
    return "### Is it code to keep?\n\n" + "\n".join(lines)


def write_reproduction(attempt: Attempt, address: str) -> str:
    mockup = attempt.run.mockup_name
    command = (
        f"python manage.py compare {mockup} index.html" if mockup else "npm ci && npm run build"
    )
    return f"### To see for yourself\n\nThe version: {address}\n\n```sh\n{command}\n```"


def quote_line(text: str) -> str:
    """One line of plain words: no markup, no mention of anybody, no reference to an issue."""
    line = " ".join(text.split())[:500]
    return (
        re.sub(r"([\\`*_{}\[\]()<>#+\-.!|~@&])", r"\\\1", line)
        .replace("\\@", "@\u200b")
        .replace("\\#", "#\u200b")
    )


def _number(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float | int) else "–"
