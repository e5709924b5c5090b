"""What a page makes a browser fetch: small enough for a slow line, and all of it ours."""

from __future__ import annotations

import gzip

import pytest

from tests.processes import ROOT

MOST = 300_000  # bytes packed; the editor is most of it


@pytest.mark.parametrize("name", ["app.js", "app.css"])
def test_scripts_and_styles_are_light(name: str) -> None:
    built = ROOT / "static" / "dist" / name
    assert len(gzip.compress(built.read_bytes())) < MOST


def test_the_script_in_a_previewed_page_is_tiny() -> None:
    assert len((ROOT / "static" / "frame" / "bridge.js").read_bytes()) < 10_000
