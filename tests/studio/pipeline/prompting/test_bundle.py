"""Files out of a model's stream, however it is cut into pieces."""

from __future__ import annotations

import random

import pytest

from studio.pipeline import bundle as bundles
from studio.pipeline.bundle import (
    Bundle,
    BundleError,
    BundleParser,
    FileEnded,
    FileGrew,
    FileStarted,
    write_bundle,
)

PAGE = "<!doctype html>\n<html>\n<body>`hi`</body>\n</html>\n"
TWO = f"Here you are:\n\n```html index.html\n{PAGE}```\nand\n~~~css css/site.css\np {{ margin: 0 }}\n~~~\nDone."


def parse(text: str) -> Bundle | None:
    parser = BundleParser()
    parser.feed(text)
    return parser.finish()


def test_fenced_files_become_a_bundle() -> None:
    bundle = parse(TWO)
    assert bundle is not None
    assert bundle.files == {"index.html": PAGE, "css/site.css": "p { margin: 0 }\n"}


@pytest.mark.parametrize("seed", range(30))
def test_where_the_stream_is_cut_does_not_matter(seed: int) -> None:
    rng = random.Random(seed)
    cuts = sorted(rng.sample(range(1, len(TWO)), rng.randint(1, 40)))
    parser, grown = BundleParser(), {}
    for start, end in zip([0, *cuts], [*cuts, len(TWO)], strict=True):
        for event in parser.feed(TWO[start:end]):
            if isinstance(event, FileGrew):
                grown[event.path] = grown.get(event.path, "") + event.text
    assert parser.finish() == parse(TWO)
    assert grown == {"index.html": PAGE, "css/site.css": "p { margin: 0 }\n"}


def test_events_tell_a_file_from_beginning_to_end() -> None:
    events = BundleParser().feed("```css styles.css\na{}\n```\n")
    assert events == [
        FileStarted("styles.css"),
        FileGrew("styles.css", "a{}\n"),
        FileEnded("styles.css"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"```html\n{PAGE}```", id="no path"),
        pytest.param(f"```\n{PAGE}```", id="neither path nor language"),
        pytest.param(f'```html title="index.html"\n{PAGE}```', id="title"),
        pytest.param(f"```html:index.html\n{PAGE}```", id="colon"),
        pytest.param(f"```html home.html\n{PAGE}```", id="another name"),
        pytest.param(f"Sure! {PAGE}I hope you like it.", id="no fence"),
        pytest.param(f"```html index.html\n{PAGE}", id="never closed"),
        pytest.param(f"````html index.html\n{PAGE}````", id="longer fence"),
    ],
)
def test_the_ways_models_write_one_page(text: str) -> None:
    bundle = parse(text)
    assert bundle is not None
    assert bundle.files["index.html"].strip() == PAGE.strip()


def test_a_fence_inside_a_longer_fence_is_text() -> None:
    bundle = parse("````html index.html\n<pre>\n```\ncode\n```\n</pre>\n````\n")
    assert bundle is not None
    assert bundle.files["index.html"].count("```") == 2


@pytest.mark.parametrize(
    "text", ["", "I cannot do that.", "```css\np{}\n```", "```python\nprint()\n```"]
)
def test_an_answer_without_a_page_is_no_bundle(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    "path", ["../x.html", "/etc/x.html", "a/../../x.css", "run.sh", "x.exe", "a\\b.html"]
)
def test_paths_out_of_bounds_are_refused(path: str) -> None:
    with pytest.raises(BundleError, match=r"allowed|use the types"):
        parse(f"```html {path}\nx\n```")


def test_an_endless_answer_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "MOST_CHARACTERS", 1000)
    with pytest.raises(BundleError, match="1000 characters"):
        parse("```html\n" + "x\n" * 600)


def test_a_bundle_is_written_to_a_folder(tmp_path) -> None:
    write_bundle(Bundle({"index.html": PAGE}, {"assets/a.png": b"\x89PNG"}), tmp_path)
    assert (tmp_path / "index.html").read_text() == PAGE
    assert (tmp_path / "assets/a.png").read_bytes() == b"\x89PNG"
