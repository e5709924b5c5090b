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
    "path",
    ["../x.html", "//etc/x.html", "/../x.html", "a/../../x.css", "run.sh", "x.exe", "a\\b.html"],
)
def test_paths_out_of_bounds_are_refused(path: str) -> None:
    with pytest.raises(BundleError, match=r"allowed|use the types"):
        parse(f"```html {path}\nx\n```")


REACT = "import React from 'react';\n\nexport default function App() {\n  return <main/>;\n}\n"
CARD = "import './card.css';\n\nexport default function Card() {\n  return <div/>;\n}\n"


@pytest.mark.parametrize(
    ("text", "files"),
    [
        pytest.param(
            f"I will write one `<html>` page and a sheet.\n\n```html\n{PAGE}```\n```css\np{{}}\n```",
            {"index.html": PAGE, "styles.css": "p{}\n"},
            id="a preamble names the element in backticks",
        ),
        pytest.param(
            f"The <html> element gets a lang, as it should.\n```html index.html\n{PAGE}```\n",
            {"index.html": PAGE},
            id="a preamble names the element without quotes",
        ),
        pytest.param(f"```html (index.html)\n{PAGE}```", {"index.html": PAGE}, id="in brackets"),
        pytest.param(f"```html /index.html\n{PAGE}```", {"index.html": PAGE}, id="from the root"),
        pytest.param(
            f"### File: `index.html`\n\n```html\n{PAGE}```\n**css/site.css**\n```css\np{{}}\n```",
            {"index.html": PAGE, "css/site.css": "p{}\n"},
            id="named above the fence",
        ),
        pytest.param(
            f"```html\n{PAGE}```\n```css\np{{}}\n```\nOn phones:\n```css\n@media{{}}\n```",
            {"index.html": PAGE, "styles.css": "p{}\n@media{}\n"},
            id="two sheets without names are one",
        ),
        pytest.param(
            f"```html\n{PAGE}```\nFor a card use\n```html\n<div></div>\n```",
            {"index.html": PAGE, "note-2.txt": "<div></div>\n"},
            id="a piece of markup is no second page",
        ),
        pytest.param(
            f"```html\n<html>old</html>\n```\nBetter:\n```html\n{PAGE}```",
            {"index.html": PAGE},
            id="of two pages the later one",
        ),
        pytest.param(
            f"```jsx\n// src/components/Card.jsx\n{CARD}```\n```jsx\n/* src/App.jsx */\n{REACT}```",
            {
                "src/components/Card.jsx": f"// src/components/Card.jsx\n{CARD}",
                "src/App.jsx": f"/* src/App.jsx */\n{REACT}",
            },
            id="components named by a comment",
        ),
        pytest.param(
            f"```jsx\n{CARD}```\n```jsx\n{REACT}```",
            {"src/components/Card.jsx": CARD, "src/App.jsx": REACT},
            id="components named by their functions",
        ),
        pytest.param(
            f"<!-- made by a model -->\n{PAGE}\n```css styles.css\np{{}}\n```",
            {"index.html": PAGE, "styles.css": "p{}\n"},
            id="a bare page and a fenced sheet",
        ),
    ],
)
def test_answers_as_models_really_write_them(text: str, files: dict[str, str]) -> None:
    bundle = parse(text)
    assert bundle is not None
    assert bundle.files == files


def test_an_endless_answer_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "MOST_CHARACTERS", 1000)
    with pytest.raises(BundleError, match="1000 characters"):
        parse("```html\n" + "x\n" * 600)


def test_a_bundle_is_written_to_a_folder(tmp_path) -> None:
    write_bundle(Bundle({"index.html": PAGE}, {"assets/a.png": b"\x89PNG"}), tmp_path)
    assert (tmp_path / "index.html").read_text() == PAGE
    assert (tmp_path / "assets/a.png").read_bytes() == b"\x89PNG"
