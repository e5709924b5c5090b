"""What a page makes a browser fetch: small enough for a slow line, and all of it ours."""

from __future__ import annotations

import gzip

from tests.processes import ROOT

MOST = 300_000  # bytes packed; the editor is most of it
MOST_EVERYWHERE = 40_000  # bytes packed, of the script that each page loads


def measure_packed(*names: str) -> int:
    """Return the bytes of built files as they are sent."""
    built = [ROOT / "static" / "dist" / name for name in names]
    return sum(len(gzip.compress(file.read_bytes())) for file in built)


def test_scripts_and_styles_are_light() -> None:
    assert measure_packed("app.js", "code-editor.js", "app.css") < MOST


def test_what_every_page_loads_is_without_the_editor() -> None:
    assert measure_packed("app.js") < MOST_EVERYWHERE


def test_the_script_in_a_previewed_page_is_tiny() -> None:
    assert len((ROOT / "static" / "frame" / "bridge.js").read_bytes()) < 10_000
