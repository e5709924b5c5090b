"""A learner learns, goes on from its checkpoint, and what it exports is what the engine then says."""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from inference.chat.images import ImageLimits, cut_patches
from inference.chat.tokenizer import read_tokenizer
from inference.checkpoint.config import read_config
from inference.checkpoint.load import load
from inference.client.local import LocalClient
from inference.engine.logits import compute_logits
from kernels import fake_quant
from studio.pipeline.bundle import Bundle
from studio.pipeline.codegen.draft import Draft
from studio.pipeline.labelling.model.alphabet import KINDS, SAID
from studio.pipeline.labelling.model.label_page import label_with_model
from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.labelling.training.checkpoint_export import export_checkpoint
from studio.pipeline.labelling.training.dataset import (
    Sample,
    get_fields,
    include_labels,
    make_samples,
    pad_batch,
)
from studio.pipeline.labelling.training.learner import Learner, make_patch_batch
from studio.pipeline.labelling.training.pages import simulate_perception
from studio.pipeline.labelling.training.presets import write_files
from studio.pipeline.labelling.training.train import (
    TrainingPlan,
    compute_learning_rate,
    evaluate,
    learn_batch,
    make_optimizers,
    train,
)
from studio.pipeline.layout.tree import build_tree


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    write_files(folder, "tiny")
    return folder


@pytest.fixture(scope="module")
def samples(fact: dict[str, Any], picture: Image.Image, files: Path) -> list[Sample]:
    tokenizer = read_tokenizer(files)
    return [
        sample
        for seed in range(4)
        for sample in make_samples(fact, picture, tokenizer, random.Random(seed))
    ]


def test_labels_of_one_page_are_learnt_and_the_rules_are_counted_beside(
    files: Path, samples: list[Sample]
) -> None:
    learner = Learner(read_config(files), seed=0)
    before = evaluate(learner, samples)
    optimizers = make_optimizers(learner, 5e-3)
    for _ in range(40):
        learn_batch(learner, optimizers, samples)
    after = evaluate(learner, samples)
    assert after["val_loss"] < 0.3 * before["val_loss"]
    assert after["group"] >= 0.9 > before["group"]
    assert after["group_rules"] == before["group_rules"]


def test_a_label_is_guessed_from_what_is_before_it_alone(
    files: Path, samples: list[Sample]
) -> None:
    learner = Learner(read_config(files), seed=0).eval()
    batch = pad_batch(samples[:1])
    changed = batch.tokens.clone()
    changed[0, int(batch.labels[0, 1]) :] = 300
    assert torch.equal(learner.logits(batch)[0], learner.logits(replace(batch, tokens=changed))[0])


def test_what_was_said_before_is_not_heard_so_its_own_word_is_as_good_as_the_right_one(
    files: Path, samples: list[Sample]
) -> None:
    learner = Learner(read_config(files), seed=0).eval()
    batch = pad_batch(samples[:1])
    changed = batch.tokens.clone()
    for at in batch.labels[:, 1].tolist():
        changed[0, at] = learner.first + (int(batch.tokens[0, at]) - learner.first + 1) % SAID.count
    assert not torch.equal(batch.tokens, changed)
    assert torch.equal(learner.logits(batch), learner.logits(replace(batch, tokens=changed)))


def test_a_look_is_seen_by_its_own_node_and_by_none_before_it(
    files: Path, samples: list[Sample]
) -> None:
    learner = Learner(read_config(files), seed=0).eval()
    batch = pad_batch([include_labels(samples[0], learner.first)])
    looks = batch.looks.clone()
    looks[-1] = 255 - looks[-1]
    with torch.no_grad():
        before, after = learner.logits(batch), learner.logits(replace(batch, looks=looks))
    last = int((batch.tokens[0] == learner.media).nonzero()[-1])
    changed = ~torch.isclose(before, after, atol=1e-5).all(-1)
    assert set(batch.labels[changed, 1].tolist()) == {
        at for at in batch.labels[:, 1].tolist() if at > last
    }


def test_facts_are_left_out_while_it_learns_and_never_else(
    files: Path, samples: list[Sample]
) -> None:
    learner, batch = Learner(read_config(files), seed=0), pad_batch(samples[:1])
    assert not torch.equal(learner.table(batch.tokens), learner.table(batch.tokens))
    learner.eval()
    assert torch.equal(learner.table(batch.tokens), learner.table.settled()[batch.tokens])


def test_each_label_is_learnt_in_the_question_too_and_after_its_look(
    files: Path, samples: list[Sample]
) -> None:
    learner = Learner(read_config(files), seed=0)
    once, more = samples[0], include_labels(samples[0], learner.first)
    looked_at = sum(1 for *_, may in once.labels if may >> KINDS.index("button") & 1)
    assert 0 < looked_at <= len(once.looks)
    assert len(more.labels) == 2 * len(once.labels) + looked_at
    after = [at for at, *_ in more.labels if once.tokens[at - 1] == learner.media]
    assert len(after) == looked_at


def test_a_look_is_cut_up_as_the_engine_cuts_it(samples: list[Sample]) -> None:
    looks = samples[0].looks
    values, grids = make_patch_batch(looks)
    for look, cells, grid in zip(looks, values.split(8), grids, strict=True):
        wanted = cut_patches(Image.fromarray(look.numpy()), ImageLimits())
        assert tuple(grid.tolist()) == wanted.grid
        assert torch.allclose(cells, torch.from_numpy(wanted.values), atol=1e-6)


def test_int4_in_the_loop_holds_what_the_checkpoint_can_and_lets_gradients_pass() -> None:
    weights = torch.randn(2, 64, 64, requires_grad=True)
    held = fake_quant(weights)
    assert 0 < float((held - weights).detach().abs().max()) < 0.5
    assert len(held.detach()[0, 0, :32].unique()) <= 16
    held.sum().backward()
    assert torch.equal(weights.grad, torch.ones_like(weights))


def test_the_pace_warms_up_stays_and_falls() -> None:
    assert compute_learning_rate(0.0) == 0.0
    assert compute_learning_rate(0.03) == compute_learning_rate(0.5) == 1.0
    assert 0.04 < compute_learning_rate(1.0) < 0.06


@pytest.fixture(scope="module")
def run(samples: list[Sample], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    (folder / "samples").mkdir()
    told = [replace(sample, site="ours") for sample in samples] + [
        replace(samples[0], site="theirs")
    ]
    torch.save([get_fields(sample) for sample in told], folder / "samples" / "0000.pt")
    (folder / "samples" / "clusters.json").write_text(json.dumps({"ours": 1, "theirs": 0}))
    train(folder / "samples", folder, TrainingPlan("tiny", minutes=0.1))
    return folder


def test_a_training_goes_on_from_its_checkpoint(run: Path) -> None:
    first = torch.load(run / "last.pt", weights_only=True)
    train(run / "samples", run, TrainingPlan("tiny", minutes=0.15))
    again = torch.load(run / "last.pt", weights_only=True)
    assert again["step"] > first["step"]
    with (run / "metrics.csv").open(newline="") as file:
        seconds = [float(row["seconds"]) for row in csv.DictReader(file)]
    assert seconds == sorted(seconds)
    assert len(seconds) == 2


PEER = """
import sys
from pathlib import Path
from studio.pipeline.labelling.training import train

folder = Path(sys.argv[2])

def learn(learner, optimizers, batch):
    loss = learn_alone(learner, optimizers, batch)
    with (folder / f"{train.dist.get_rank()}.txt").open("a") as file:
        print(float(learner.table.weight.sum()), float(learner.kimi.mm_projector.proj[2].weight.sum()), file=file)
    return loss

learn_alone, train.learn_batch = train.learn_batch, learn
train.train(Path(sys.argv[1]), folder / "run", train.TrainingPlan("tiny", minutes=0.1, batch_tokens=1500))
"""


def test_two_processes_learn_one_model_from_batches_of_their_own(run: Path, tmp_path: Path) -> None:
    (tmp_path / "peer.py").write_text(PEER)
    command = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--nproc-per-node",
        "2",
        "--standalone",
    ]
    there = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[4])}
    subprocess.run(
        [*command, tmp_path / "peer.py", run / "samples", tmp_path],
        env=there,
        check=True,
        timeout=300,
    )
    first, second = ((tmp_path / f"{rank}.txt").read_text().split("\n") for rank in (0, 1))
    assert len(first) > 2
    assert first == second  # the weights after each step
    assert (tmp_path / "run" / "last.pt").exists()


def test_what_is_exported_is_what_was_learnt(
    run: Path, samples: list[Sample], tmp_path: Path, fact: dict[str, Any], picture: Image.Image
) -> None:
    export_checkpoint(run, tmp_path, "tiny")
    learner = Learner(read_config(tmp_path), seed=0)
    learner.load_state_dict(torch.load(run / "last.pt", weights_only=True)["learner"])
    learner.bfloat16().float()
    learner.quantized = True
    learner.eval()
    batch = pad_batch(samples[:1])
    with torch.no_grad():
        wanted = learner(batch.tokens[:, :-1], batch.looks, batch.labels[:, 1] - 1)
    first = read_tokenizer(tmp_path).encode(SAID(0))[0]
    got = compute_logits(load(tmp_path), batch.tokens[0, :-1], *make_patch_batch(batch.looks))
    got = got[batch.labels[:, 1] - 1, first : first + SAID.count]
    assert float((got - wanted).abs().max()) < 0.03 * float(wanted.abs().max())
    tree = label_tree(build_tree(simulate_perception(fact, random.Random(9)).hints))
    client = LocalClient(str(tmp_path))
    assert client.task == "walk"
    *_, last = label_with_model(Draft(Bundle({}), tree), client, picture)
    assert isinstance(last, Draft)
    assert [n.text for n in last.tree.walk() if n.flow == "text"] == [
        n.text for n in tree.walk() if n.flow == "text"
    ]
