"""A learner learns, goes on from its checkpoint, and what it exports is what the engine then says."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Any

import pytest
import torch

from inference.checkpoint import load
from inference.client.local import LocalClient
from inference.config import read_config
from inference.logits import whole_logits
from inference.task.bundle import Bundle
from inference.task.draft import Draft
from inference.task.rules import label_tree
from inference.task.tree import build_tree
from inference.task.walk.ask import walked
from inference.tokenizer import read_tokenizer
from inference.training.dataset import Sample, padded, samples_of, vars_of
from inference.training.export import export
from inference.training.learner import Learner, fake_int4
from inference.training.pages import see
from inference.training.presets import write_files
from inference.training.train import Plan, evaluate, learn, make_optimizers, pace, train


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    write_files(folder, "tiny")
    return folder


@pytest.fixture(scope="module")
def samples(fact: dict[str, Any], files: Path) -> list[Sample]:
    tokenizer = read_tokenizer(files)
    return [sample for seed in range(4) for sample in samples_of(fact, tokenizer, random.Random(seed))]


def test_labels_of_one_page_are_learnt_and_the_rules_are_counted_beside(files: Path, samples: list[Sample]) -> None:
    learner = Learner(read_config(files), seed=0)
    before = evaluate(learner, samples)
    optimizers = make_optimizers(learner, 5e-3)
    for _ in range(40):
        learn(learner, optimizers, samples)
    after = evaluate(learner, samples)
    assert after["val_loss"] < 0.3 * before["val_loss"]
    assert after["group"] >= 0.9 > before["group"]
    assert after["group_rules"] == before["group_rules"]


def test_a_label_is_guessed_from_what_is_before_it_alone(files: Path, samples: list[Sample]) -> None:
    learner = Learner(read_config(files), seed=0)
    tokens, learnt = padded(samples[:1])
    first = int(learnt[0].nonzero()[0])
    changed = tokens.clone()
    changed[0, first:] = 300
    assert learner.guesses(tokens, learnt)[0][0][first] == learner.guesses(changed, learnt)[0][0][first]


def test_int4_in_the_loop_holds_what_the_checkpoint_can_and_lets_gradients_pass() -> None:
    weights = torch.randn(2, 64, 64, requires_grad=True)
    held = fake_int4(weights)
    assert 0 < float((held - weights).detach().abs().max()) < 0.5
    assert len(held.detach()[0, 0, :32].unique()) <= 16
    held.sum().backward()
    assert torch.equal(weights.grad, torch.ones_like(weights))


def test_the_pace_warms_up_stays_and_falls() -> None:
    assert pace(0.0) == 0.0
    assert pace(0.03) == pace(0.5) == 1.0
    assert 0.04 < pace(1.0) < 0.06


@pytest.fixture(scope="module")
def run(samples: list[Sample], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    rows = [vars_of(sample) for sample in samples]
    torch.save({"train": rows, "valid": rows[:1]}, folder / "samples.pt")
    train(folder / "samples.pt", folder, Plan("tiny", minutes=0.1))
    return folder


def test_a_training_goes_on_from_its_checkpoint(run: Path) -> None:
    first = torch.load(run / "last.pt", weights_only=True)
    train(run / "samples.pt", run, Plan("tiny", minutes=0.15))
    again = torch.load(run / "last.pt", weights_only=True)
    assert again["step"] > first["step"]
    with (run / "metrics.csv").open(newline="") as file:
        seconds = [float(row["seconds"]) for row in csv.DictReader(file)]
    assert seconds == sorted(seconds)
    assert len(seconds) == 2


def test_what_is_exported_is_what_was_learnt(
    run: Path, samples: list[Sample], tmp_path: Path, fact: dict[str, Any]
) -> None:
    export(run, tmp_path, "tiny")
    learner = Learner(read_config(tmp_path), seed=0)
    learner.load_state_dict(torch.load(run / "last.pt", weights_only=True)["learner"])
    learner.kimi.bfloat16().float()
    learner.quantized = True
    learner.eval()
    tokens, learnt = padded(samples[:1])
    with torch.no_grad():
        wanted = learner(tokens[:, :-1], learnt[:, 1:])
    got = whole_logits(load(tmp_path), tokens[0, :-1])[learnt[0, 1:]]
    assert float((got - wanted).abs().max()) < 0.02 * float(wanted.abs().max())
    tree = label_tree(build_tree(see(fact, random.Random(9)).hints))
    client = LocalClient(str(tmp_path))
    assert client.task == "walk"
    *_, last = walked(Draft(Bundle({}), tree), client)
    assert isinstance(last, Draft)
    assert [n.text for n in last.tree.walk() if n.flow == "text"] == [n.text for n in tree.walk() if n.flow == "text"]
