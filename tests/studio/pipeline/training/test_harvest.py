"""Pages become facts, facts become hints and labels: what the author called each thing, where
pixels show it.
"""

from __future__ import annotations

import json
import random
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from inference.chat.tokenizer import Tokenizer, read_tokenizer
from studio.pipeline.labelling.model import list_steps
from studio.pipeline.labelling.model.alphabet import KINDS, SAID
from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.labelling.training.dataset import cluster_sites, make_samples
from studio.pipeline.labelling.training.dom_labels import Author, read_labels
from studio.pipeline.labelling.training.harvest import find_pages, harvest_pages, read_facts
from studio.pipeline.labelling.training.libraries import find_sheet
from studio.pipeline.labelling.training.pages import simulate_perception
from studio.pipeline.labelling.training.presets import write_files
from studio.pipeline.layout.tree import build_tree


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    folder = tmp_path_factory.mktemp("files")
    write_files(folder, "tiny")
    return read_tokenizer(folder)


def said_of(fact: dict[str, Any]) -> dict[str, str]:
    """Each node's first words, with what its author called it."""
    seen = simulate_perception(fact, random.Random(0), noise=False)
    out = {}
    for steps in list_steps(label_tree(build_tree(seen.hints))):
        for step, said in zip(steps, read_labels(Author(seen), steps), strict=True):
            first = next((n.text for n in step.node.walk() if n.flow == "text"), "")
            if said is not None and len(step.kinds) > 1:
                out[f"{step.node.flow}: {first}"] = said
    return out


def test_a_harvest_goes_on_where_it_stopped_and_leaves_held_out_families_out(
    facts_file: Path, tmp_path: Path
) -> None:
    assert [fact["path"] for fact in read_facts(facts_file)].count("harbours/north/index.html") == 1
    assert not any("sb-admin" in str(page) for page in find_pages(facts_file.parent))
    again = tmp_path / "facts.jsonl"
    shutil.copyfile(facts_file, again)
    assert harvest_pages(facts_file.parent, again, widths=(1280,)) == 0


def test_sheets_on_other_machines_are_answered_from_packages(tmp_path: Path) -> None:
    assert find_sheet("https://cdn.example/bootstrap@5.3.3/dist/css/bootstrap.min.css").startswith(
        "bootstrap5/"
    )
    assert find_sheet("https://cdn.example/bootstrap/3.4.1/css/bootstrap.min.css").startswith(
        "bootstrap3/"
    )
    assert find_sheet("https://cdn.example/unknown.css") is None


def test_a_page_is_given_a_package_s_sheet_whatever_digest_it_names(tmp_path: Path) -> None:
    sheet = tmp_path / "packages" / "bulma" / "css" / "bulma.min.css"
    sheet.parent.mkdir(parents=True)
    sheet.write_text("p { font-family: monospace }")
    page = tmp_path / "pages" / "site" / "index.html"
    page.parent.mkdir(parents=True)
    digest = 'integrity="sha384-AAAA" crossorigin="anonymous"'
    link = f'<link rel="stylesheet" href="https://cdn.example/bulma.min.css" {digest}>'
    page.write_text(
        f"<!doctype html><head>{link}</head><body>{'<p>A line of its own</p>' * 40}</body>"
    )
    out = tmp_path / "facts.jsonl"
    assert (
        harvest_pages(tmp_path / "pages", out, widths=(1280,), packages=tmp_path / "packages") == 1
    )
    assert {line["family"] for line in json.loads(out.read_text())["lines"]} == {"monospace"}


def test_labels_are_what_the_author_wrote(fact: dict[str, Any]) -> None:
    said = said_of(fact)
    assert said["text: A quiet place to moor"] == "heading"
    assert said["text: Boats"] == "link"
    assert (
        next(kind for name, kind in said.items() if name.startswith("text: There is room"))
        == "text"
    )
    assert "button" in {kind for name, kind in said.items() if "Ask for a berth" in name}
    kinds = Counter(said.values())
    assert kinds["card"] == 3
    assert kinds["nav"] == kinds["header"] == kinds["cards"] == 1


def test_noise_moves_boxes_by_pixels_and_keeps_the_words(fact: dict[str, Any]) -> None:
    clean, noisy = (
        simulate_perception(fact, random.Random(0), noise=False).hints,
        simulate_perception(fact, random.Random(3)).hints,
    )
    words = {t.text for t in clean.texts}
    assert {t.text for t in noisy.texts} <= words
    assert len(noisy.texts) >= 0.8 * len(clean.texts)
    places = {t.text: t.box for t in clean.texts}
    moved = [abs(t.box.x - places[t.text].x) for t in noisy.texts]
    assert 0 < max(moved) <= 3


def test_two_sites_that_share_their_lines_are_one_cluster(facts_file: Path) -> None:
    groups = cluster_sites(read_facts(facts_file))
    assert groups["harbours/north"] == groups["harbours/south"]


def test_nothing_is_learnt_from_a_page_whose_sheets_are_not_there(
    fact: dict[str, Any], picture: Image.Image, tokenizer: Tokenizer
) -> None:
    bare = {**fact, "lines": [{**line, "family": '"Times New Roman"'} for line in fact["lines"]]}
    assert make_samples(bare, picture, tokenizer, random.Random(0)) == []


def test_a_sample_is_what_the_engine_is_asked_and_answers(
    fact: dict[str, Any], picture: Image.Image, tokenizer: Tokenizer
) -> None:
    (sample,) = make_samples(fact, picture, tokenizer, random.Random(0))
    assert sample.tokens[-1] == tokenizer.special("<|im_end|>")
    places = [at for at, *_ in sample.labels]
    assert places == sorted(set(places))
    for at, kind, _, _, allowed in sample.labels:
        assert tokenizer.decode([sample.tokens[at]]) == SAID(kind)
        assert allowed >> kind & 1
    assert {KINDS[kind] for _, kind, *_ in sample.labels} >= {
        "heading",
        "link",
        "card",
        "header",
        "field",
        "select",
    }
    assert sample.tokens.count(tokenizer.special("<|media_pad|>")) == 2 * len(sample.looks) > 0
