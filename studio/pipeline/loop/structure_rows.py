"""Pages compared with their authors' own code, as rows for `manage.py evaluate`."""

from __future__ import annotations

import hashlib
import json
import os
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from studio.pipeline.bundle import Bundle
from studio.pipeline.codegen.draft import make_draft
from studio.pipeline.perception.assets import crop_assets
from studio.pipeline.perception.hints import Hints
from studio.pipeline.perception.perceive import find_hints
from studio.pipeline.rendering.page_files import make_bundle_site, make_folder_site
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.likeness.compare import compare
from studio.pipeline.scoring.structure.compare import compare_structures
from studio.pipeline.scoring.structure.outline import read_structure
from studio.pipeline.types import Render

STRUCTURE_MEASURES = (
    "texts",
    "kinds",
    "heading_order",
    "landmarks",
    "components",
    "component_precision",
    "component_recall",
    "reflow",
    "numbered_names",
)
COUNTS = ("once", "alone", "offScale", "negative", "far", "emptyDivs", "rules", "iconCrops")


@dataclass(frozen=True, slots=True)
class DraftStructure:
    """A page's row, and the draft and the render that it was measured on."""

    row: dict[str, Any]
    bundle: Bundle
    render: Render


def compare_with_author(
    renderer: Renderer, page: Path, bundle: Bundle, width: int
) -> dict[str, Any]:
    """Return the comparison of our page with the author's as a row; raises RenderError."""
    author = read_structure(renderer, make_folder_site(page), width)
    ours = read_structure(renderer, make_bundle_site(bundle), width)
    comparison = asdict(compare_structures(author, ours))
    measures = {name: _round(comparison.pop(name)) for name in STRUCTURE_MEASURES}
    return {**measures, **comparison}


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def evaluate_draft_structure(
    page: Path, mockup: Image.Image, renderer: Renderer, hints_folder: Path | None = None
) -> DraftStructure:
    """Return the unfitted layout draft's likeness and its comparison with the author's page.

    `hints_folder` keeps what perception found between calls.
    """
    started = time.monotonic()
    hints = load_hints(mockup, hints_folder)
    bundle = make_draft(hints, crop_assets(mockup, hints)).bundle
    render = renderer.render(bundle, width=hints.width, height=min(hints.height, 800))
    likeness = compare(mockup, hints, render).likeness
    structure = compare_with_author(renderer, page, bundle, hints.width)
    row = {
        "name": page.parent.name,
        "likeness": round(likeness, 4),
        "seconds": round(time.monotonic() - started, 2),
        "structure": structure,
    }
    return DraftStructure(row, bundle, render)


def load_hints(mockup: Image.Image, folder: Path | None) -> Hints:
    """Return what perception finds in the mockup, from the folder where it was kept before."""
    if folder is None:
        return find_hints(mockup)
    digest = hashlib.sha256(f"{mockup.size}".encode() + mockup.tobytes()).hexdigest()
    kept = folder / f"{digest}.json"
    if kept.exists():
        return Hints.from_json(json.loads(kept.read_text("utf-8")))
    hints = find_hints(mockup)
    folder.mkdir(parents=True, exist_ok=True)
    # Written aside first, because several evaluations may share the folder.
    partial = kept.with_suffix(f".{os.getpid()}")
    partial.write_text(json.dumps(hints.to_json()), "utf-8")
    partial.replace(kept)
    return hints


def make_structure_mean(pages: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return each measure's mean over the pages that have it, and the sums of the counts."""
    rows = [page["structure"] for page in pages if page.get("structure")]
    means: dict[str, Any] = {}
    for name in STRUCTURE_MEASURES:
        values = [row[name] for row in rows if row[name] is not None]
        means[name] = round(statistics.fmean(values), 4) if values else None
    for name in ("counts", "author_counts"):
        keys = rows[0][name] if rows else ()
        means[name] = {key: sum(row[name][key] for row in rows) for key in keys}
    return means
