"""The README of a project that a person takes away."""

from __future__ import annotations

from collections.abc import Mapping

from studio.pipeline.stacks.kinds import LABELS, Stack

SOURCES: Mapping[Stack, str] = {
    "html-css": "`index.html` is the page, `styles.css` its style sheet.",
    "tailwind": "`index.html` is the page, `src/styles.css` holds its theme.",
    "react": "`src/App.jsx` is the page, `src/components` its parts, `src/styles.css` its theme.",
    "vue": "`src/App.vue` is the page, `src/components` its parts, `src/styles.css` its theme.",
    "bootstrap": "`index.html` is the page, `src/styles.css` holds what Bootstrap does not say.",
}


def write_readme(stack: Stack, page: str, *, has_fonts: bool) -> str:
    """Return the text; `page` is the file that opens by a double click."""
    pictures = "assets" if stack == "html-css" else "public/assets"
    lines = [
        f"# Page ({LABELS[stack]})",
        "",
        f"Open `{page}` in a browser to see the page; it needs no server and no network.",
    ]
    if page != "index.html":
        lines.append("The files beside it are built: change the sources, not them.")
    lines += [
        "",
        "## Sources",
        "",
        f"{SOURCES[stack]} Pictures are in `{pictures}`.",
        "",
        "    npm ci",
        "    npm run dev      # shows the page and follows changes",
        "    npm run build    # writes dist/",
        "",
        "Node.js 20.19 or newer is needed.",
    ]
    if has_fonts:
        lines += ["", f"Fonts are in `{pictures}/fonts`, each with its licence beside it."]
    lines += [
        "",
        "## Proof",
        "",
        "`render.png` is what the page was measured by, `heatmap.png` shows where it differs from",
        "the mockup, and `report.json` has the figures.",
    ]
    return "\n".join(lines) + "\n"
