"""`manage.py evaluate` over a folder of real pages, and `manage.py generate` on one mockup."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from studio.pipeline.loop.evaluation import MEASURES, make_interval_row, make_mean_row

PAGE = """<!doctype html><html lang="en"><head><title>Tea</title><style>
body{margin:0;font:16px/24px "Liberation Sans",sans-serif;color:#222;background:#fff}
header{background:#1d4ed8;color:#fff;padding:24px 40px}h1{margin:0;font-size:32px;line-height:40px}p{margin:32px 40px}
</style></head><body><header><h1>North Street Tea</h1></header><p>Leaves from three gardens.</p></body></html>"""


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    (tmp_path / "tea").mkdir()
    (tmp_path / "tea" / "index.html").write_text(PAGE)
    return tmp_path


def test_a_folder_of_pages_is_measured(pages: Path) -> None:
    out, report = StringIO(), pages / "report.html"
    call_command("evaluate", pages, "--model-url", "", "--json", "--html", report, stdout=out)
    account = json.loads(out.getvalue())
    (row,) = account["pages"]
    assert account["interval"]["likeness"] == [row["likeness"], row["likeness"]]
    assert report.read_text().count("data:image/webp;base64,") == 3
    assert row["name"] == "tea"
    assert {"block", "text", "position", "color", "likeness", "ssim", "seconds"} <= set(
        account["mean"]
    )
    assert "name" not in account["mean"]
    assert row["block"] > 0.9
    assert row["likeness"] > 0.9
    assert row["code"]["inline_styles"] == 0
    assert row["structure"]["texts"] == 1.0
    assert account["structure"]["texts"] == 1.0
    assert [attempt["source"] for attempt in row["attempts"]] == ["draft"]


def test_the_draft_alone_is_compared_with_the_authors_page(pages: Path, tmp_path: Path) -> None:
    hints, written = tmp_path / "cache" / "hints", tmp_path / "cache" / "out"
    first, second = StringIO(), StringIO()
    for out in (first, second):
        call_command(
            "evaluate",
            pages,
            "--set",
            "structure",
            "--hints",
            hints,
            "--out",
            written,
            "--json",
            stdout=out,
        )
    account, again = json.loads(first.getvalue()), json.loads(second.getvalue())
    (row,) = account["pages"]
    assert row["structure"]["texts"] == 1.0
    assert row["structure"]["kinds"] == 1.0
    assert (
        row["structure"]["counts"]["headers"] == row["structure"]["author_counts"]["headers"] == 1
    )
    assert account["structure"]["kinds"] == 1.0
    assert len(list(hints.glob("*.json"))) == 1
    assert again["pages"][0]["structure"] == row["structure"]
    assert {"index.html", "render.png"} <= {path.name for path in (written / "tea").iterdir()}


def test_a_page_that_breaks_costs_its_own_row_only(pages: Path) -> None:
    (pages / "broken").mkdir()
    (pages / "broken" / "index.html").write_text(PAGE)
    Image.new("RGB", (1280, 1)).save(pages / "broken" / "mockup.png")
    (pages / "broken" / "index.html").write_bytes(b"\xff\xfe\x00bad")
    out = StringIO()
    call_command("evaluate", pages, "--model-url", "", "--json", stdout=out)
    assert [row["name"] for row in json.loads(out.getvalue())["pages"]] == ["broken", "tea"]


def test_options_that_do_not_go_together_are_refused(pages: Path) -> None:
    with pytest.raises(CommandError, match="--hints works with --set structure"):
        call_command("evaluate", pages, "--hints", pages / "hints", "--model-url", "")
    with pytest.raises(CommandError, match="--set structure writes no report"):
        call_command("evaluate", pages, "--set", "structure", "--html", pages / "report.html")


def test_what_measures_a_model_needs_one(pages: Path) -> None:
    with pytest.raises(CommandError, match="--set best-of-n requires a model"):
        call_command("evaluate", pages, "--set", "best-of-n", "--model-url", "")


def test_the_interval_is_narrower_than_the_spread_and_holds_the_mean() -> None:
    rows = [dict.fromkeys(MEASURES, 0.5 + 0.04 * step) for step in range(10)]
    low, high = make_interval_row(rows)["likeness"]
    assert 0.5 < low < make_mean_row(rows)["likeness"] < high < 0.86


def test_a_folder_without_pages_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"No <page>/index\.html in"):
        call_command("evaluate", tmp_path)


def test_a_mockup_becomes_a_folder_with_the_proof_in_it(tmp_path: Path) -> None:
    mockup = tmp_path / "blue.png"
    Image.new("RGB", (640, 200), "#1d4ed8").save(mockup)
    out = StringIO()
    call_command(
        "generate", mockup, "--model-url", "", "--out", tmp_path / "page", "--json", stdout=out
    )
    assert json.loads(out.getvalue())["stop_reason"] == "no model"
    written = {path.name for path in (tmp_path / "page").iterdir()}
    assert {"index.html", "styles.css", "render.png", "heatmap.png", "report.json"} <= written


def test_it_becomes_a_project_of_the_stack_that_is_asked_for(tmp_path: Path) -> None:
    mockup, page = tmp_path / "blue.png", tmp_path / "page"
    Image.new("RGB", (640, 200), "#1d4ed8").save(mockup)
    out = StringIO()
    call_command(
        "generate", mockup, "--model-url", "", "--stack", "react", "--out", page, stdout=out
    )
    assert "npm ci && npm run dev" in out.getvalue()
    assert {"package.json", "package-lock.json", "src", "render.png"} <= {
        path.name for path in page.iterdir()
    }
    assert "--color-ground: #1d4ed8;" in (page / "src" / "styles.css").read_text()


@pytest.mark.parametrize("content", [None, b"", b"GIF89a but no more", b"<svg/>"])
def test_what_is_no_picture_is_said_in_one_sentence(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "mockup.png"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match=r"(give the path of|send) a PNG"):
        call_command("generate", path, "--out", tmp_path / "page")
