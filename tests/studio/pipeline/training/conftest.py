"""One small site, harvested once by the real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from studio.pipeline.labelling.training.harvest import harvest_pages, read_facts, read_picture

PAGE = """<!doctype html><meta charset="utf-8"><title>Harbour</title>
<style>
  body { margin: 0; font: 16px/1.5 "Liberation Sans"; color: #222 }
  header { background: #123; padding: 16px 40px; display: flex; justify-content: space-between }
  header * { color: #fff; margin: 0 } nav { display: flex; gap: 24px }
  main { padding: 40px } h1 { margin: 0 0 16px; font-size: 40px; line-height: 48px }
  p { margin: 0 0 24px; max-width: 700px }
  .tiles { display: flex; gap: 24px } .card { flex: 1; background: #eef; border-radius: 8px; padding: 24px }
  .btn { display: inline-block; background: #06c; color: #fff; padding: 10px 24px; border-radius: 4px }
  input, select { width: 240px; height: 40px; padding: 0 12px; background: #fff; border: 1px solid #889 }
  footer { background: #eee; padding: 24px 40px } h3 { margin: 0 0 8px }
</style>
<header><strong>Harbour</strong><nav><a>Boats</a><a>Berths</a><a>Weather</a><a>Contact</a></nav></header>
<main><h1>A quiet place to moor</h1>
<p>There is room for forty boats behind the old mole, and the water is deep enough at any tide for most of them.</p>
<a class="btn">Ask for a berth</a>
<form><input placeholder="Name of the boat"> <select><option>Eight metres</option></select></form>
<h2>What we have</h2>
<div class="tiles">
  <article class="card"><h3>Water</h3><p>Fresh water at every berth, all the year round.</p></article>
  <article class="card"><h3>Power</h3><p>Sixteen amperes, counted and paid by the day.</p></article>
  <article class="card"><h3>A crane</h3><p>Ten tons, with somebody who knows how to use it.</p></article>
</div></main>
<footer><p>Harbour office, open from eight to six</p></footer>"""


@pytest.fixture(scope="session")
def facts_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sites")
    for site in ("north", "south"):
        (root / "harbours" / site).mkdir(parents=True)
        (root / "harbours" / site / "index.html").write_text(PAGE, "utf-8")
    (root / "harbours" / "sb-admin").mkdir()
    (root / "harbours" / "sb-admin" / "index.html").write_text(
        PAGE.replace("Harbour", "SB Admin"), "utf-8"
    )
    out = root / "facts.jsonl"
    assert harvest_pages(root, out, widths=(1280,)) == 2
    return out


@pytest.fixture(scope="session")
def fact(facts_file: Path) -> dict[str, Any]:
    return next(read_facts(facts_file))


@pytest.fixture(scope="session")
def picture(facts_file: Path, fact: dict[str, Any]) -> Image.Image:
    return read_picture(facts_file, fact)
