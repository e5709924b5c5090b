"""Pages of sites that were held back: which these are, what a checkpoint says of them, and what
more sites bring.
"""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image

from inference.chat.tokenizer import read_tokenizer
from inference.client.local import LocalClient
from studio.pipeline.labelling.training.checkpoint_export import export_checkpoint
from studio.pipeline.labelling.training.contact_sheets import draw_sheets
from studio.pipeline.labelling.training.dataset import get_fields, make_samples
from studio.pipeline.labelling.training.gates import measure_free_running
from studio.pipeline.labelling.training.harvest import read_facts, read_picture
from studio.pipeline.labelling.training.presets import write_files
from studio.pipeline.labelling.training.train import TrainingPlan, train
from studio.pipeline.labelling.training.unseen_pages import label_unseen_pages, map_kinds
from studio.pipeline.labelling.training.variety import measure_variety


@pytest.fixture(scope="module")
def folder(facts_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Samples of four sites, the northern one held back, and a checkpoint that learnt the others."""
    folder = tmp_path_factory.mktemp("training")
    (folder / "samples").mkdir()
    write_files(folder / "files", "tiny")
    tokenizer = read_tokenizer(folder / "files")
    pages = [
        make_samples(fact, read_picture(facts_file, fact), tokenizer, random.Random(0))
        for fact in read_facts(facts_file)
    ]
    told = [sample for page in pages for sample in page]
    told += [replace(told[0], site=site) for site in ("piers/east", "piers/west")]
    torch.save([get_fields(sample) for sample in told], folder / "samples" / "0000.pt")
    clusters = {"harbours/north": 0, "harbours/south": 1, "piers/east": 2, "piers/west": 3}
    (folder / "samples" / "clusters.json").write_text(json.dumps(clusters))
    train(folder / "samples", folder / "run", TrainingPlan("tiny", minutes=0.1, rate=5e-3))
    export_checkpoint(folder / "run", folder / "checkpoint", "tiny")
    return folder


def test_only_pages_of_sites_held_back_are_unseen(facts_file: Path, folder: Path) -> None:
    (page,) = label_unseen_pages(facts_file, folder / "samples", most=5)
    assert page.path.startswith("harbours/north/")
    assert set(page.author.values()) >= {"heading", "link", "card", "header"}


def test_the_engine_says_of_a_page_what_a_tree_can_be(facts_file: Path, folder: Path) -> None:
    (page,) = label_unseen_pages(facts_file, folder / "samples", most=1)
    after = page.walked(LocalClient(str(folder / "checkpoint")))
    assert after is not None
    assert map_kinds(after).keys() == map_kinds(page.tree).keys()
    found = measure_free_running(facts_file, folder / "samples", folder / "checkpoint")
    assert found["parsed"] == found["every line once"] == 1
    assert found["labels"] == len(page.author)


def test_a_sheet_shows_boxes_in_three_columns(
    facts_file: Path, folder: Path, tmp_path: Path
) -> None:
    (path,) = draw_sheets(facts_file, folder / "samples", folder / "checkpoint", tmp_path, count=1)
    with Image.open(path) as sheet:
        third = sheet.width // 3
        columns = [
            sheet.crop((i * third, 24, (i + 1) * third, sheet.height)).convert("RGB")
            for i in range(3)
        ]
    assert all(len(column.getcolors(1 << 20)) > 50 for column in columns)


def test_more_sites_and_one_author_less_are_told_apart(folder: Path) -> None:
    found = measure_variety(folder / "samples", folder / "files", minutes=0.02)
    assert list(found) == ["1 sites", "2 sites", "3 sites", "never saw piers"]
    assert found["1 sites"]["val_loss"] != found["3 sites"]["val_loss"]
