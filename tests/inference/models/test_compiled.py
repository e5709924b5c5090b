"""The compiled decoder: near the exact one, and every sequence computed as if it were alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from inference.checkpoint.json_fields import CheckpointError
from inference.checkpoint.load import load
from inference.checkpoint.make_random import make_random, sizes
from inference.engine.engine import Engine
from inference.engine.sequence import Request, Sampling
from inference.engine.service import load_for_cpu
from inference.models.compiled import Compiled
from tests.inference.models.passes import Run, words


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint whose router has no choice: with random weights its choices turn on the last
    digit.
    """
    from dataclasses import replace

    folder = tmp_path_factory.mktemp("decided") / "S"
    whole = replace(sizes.SIZES["S"], n_routed_experts=4, num_experts_per_tok=4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sizes.SIZES, "S", whole)
        make_random(folder, seed=3)
    return folder


# One product rounds activations (0.55 %) and weights (0.5 %) to int8: 0.75 % together. A token
# passes seven of them in a row in each of three layers and the head: 22, and errors that know
# nothing of each other add up to √22 · 0.75 % = 3.5 %, or half as much again where softmax and silu
# are steep. Two distributions whose logits differ by noise of variance v differ by a KL of v / 2.
FARTHEST = 0.06


def off(wanted: dict[str, torch.Tensor], got: dict[str, torch.Tensor]) -> tuple[float, float]:
    """(relative error, KL as a share of what the bound on the error allows), the worst of all
    sequences.
    """
    errors, kls = [], []
    for name, logits in wanted.items():
        errors.append(float((got[name] - logits).norm() / logits.norm()))
        ours, theirs = got[name].log_softmax(-1), logits.log_softmax(-1)
        kls.append(
            float(
                (theirs.exp() * (theirs - ours)).sum(-1).mean() / (FARTHEST**2 * logits.var() / 2)
            )
        )
    return max(errors), max(kls)


def test_logits_are_near_the_exact_ones(decided: Path) -> None:
    exact, fast = Run(load(decided)), Run(Compiled(load(decided)))  # type: ignore[arg-type]
    for pieces in (
        {"a": words(37, 1), "b": words(5, 2)},
        {"a": words(1, 3), "b": words(30, 4), "c": words(1, 5)},
    ):
        error, kl = off(exact.feed(**pieces), fast.feed(**pieces))
        assert error < FARTHEST
        assert kl < 1


def test_a_single_wrong_weight_matrix_is_seen(decided: Path) -> None:
    """One expert of four in one of three layers without its last projection."""
    damaged = load(decided)
    last = damaged.get_submodule("language_model.model.layers.2.mlp.experts.1.down_proj")
    last.weight_scale = torch.zeros_like(last.weight_scale)
    piece = {"a": words(37, 1)}
    error, kl = off(Run(load(decided)).feed(**piece), Run(Compiled(damaged)).feed(**piece))  # type: ignore[arg-type]
    assert error > FARTHEST
    assert kl > 1


def test_a_sequence_is_computed_the_same_alone_in_pieces_and_among_others(
    random_checkpoint: Path,
) -> None:
    model = Compiled(load(random_checkpoint))
    alone, pieces, among = (Run(model) for _ in range(3))  # type: ignore[arg-type]
    whole = words(41, 1)
    wanted = alone.feed(a=whole)["a"]
    parts = [pieces.feed(a=part)["a"] for part in whole.split([17, 1, 1, 22])]
    assert torch.equal(torch.cat(parts), wanted)
    assert torch.equal(among.feed(b=words(9, 2), a=whole, c=words(1, 3))["a"], wanted)


def test_sixteen_streams_say_what_each_says_alone(random_checkpoint: Path) -> None:
    model = Compiled(load(random_checkpoint))
    prompts = [tuple(words(5 + 3 * n, n).tolist()) for n in range(16)]

    def answers(*asked: tuple[int, ...]) -> list[list[int]]:
        engine = Engine(model)
        ids = [
            engine.add(Request(prompt=p, sampling=Sampling(temperature=0.0), max_tokens=12))
            for p in asked
        ]
        said: dict[int, list[int]] = {id: [] for id in ids}
        while engine.sequences:
            for update in engine.step():
                said[update.id] += [token.id for token in update.tokens]
        return [said[id] for id in ids]

    together = answers(*prompts)
    assert together == [answers(prompt)[0] for prompt in prompts]


def test_what_cannot_be_compiled_falls_back_and_says_why(
    random_checkpoint: Path, tmp_path: Path
) -> None:
    model, choice = load_for_cpu(random_checkpoint, "auto")
    assert isinstance(model, Compiled)
    assert "compiled" in choice.why
    from dataclasses import replace

    odd = tmp_path / "odd"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sizes.SIZES, "S", replace(sizes.SIZES["S"], q_lora_rank=48))
        make_random(odd)
    model, choice = load_for_cpu(odd, "auto")
    assert not isinstance(model, Compiled)
    assert "q_lora_rank is 48" in choice.why
    with pytest.raises(CheckpointError, match="q_lora_rank is 48"):
        load_for_cpu(odd, "compiled")
