"""The bench as a user runs it, and that llama.cpp really computes the same model."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from inference.__main__ import main
from inference.bench import builds
from inference.bench.gguf_file import write_gguf
from inference.bench.peer import Peer
from inference.checkpoint.load import load
from inference.checkpoint.make_random import make_random, sizes
from inference.engine.logits import compute_logits
from tests.inference.models.passes import words


@pytest.fixture(autouse=True)
def no_core_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test's process goes on with other tests: it must not stay bound to a core."""
    monkeypatch.setattr("inference.bench.bind", lambda core: core)


def test_rows_say_what_was_measured(
    random_checkpoint: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--batch", "1,2", "--context", "24", "--peer", "llama.cpp", "--json", "--clock", "cpu"]
    assert main(["bench", str(random_checkpoint), *asked]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [(row["phase"], row["batch"], row["context"]) for row in report["rows"]] == [
        ("prefill", 1, 24),
        ("decode", 1, 24),
        ("prefill", 2, 24),
        ("decode", 2, 24),
    ]
    assert all(
        row["tokens_per_s"] > 0 and row["peer_tokens_per_s"] > 0 and row["ratio"] > 0
        for row in report["rows"]
    )
    assert all(row["ttft_ms"] > 0 for row in report["rows"] if row["phase"] == "prefill")
    decoding = [row for row in report["rows"] if row["phase"] == "decode"]
    assert all(0 < row["inter_token_p50_ms"] <= row["inter_token_p99_ms"] for row in decoding)
    assert all(row["bytes_per_token"] > 0 and row["share_of_bandwidth"] > 0 for row in decoding)


def test_the_table_is_for_people(
    random_checkpoint: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", str(random_checkpoint), "--batch", "1", "--context", "8"]) == 0
    said = capsys.readouterr().out
    assert "prefill" in said
    assert "llama.cpp" not in said


def test_llama_cpp_computes_the_same_model(tmp_path: Path) -> None:
    """Within what int8 activations cost, when the router has no choice; see models/test_compiled.py
    for the bound.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(
            sizes.SIZES, "S", replace(sizes.SIZES["S"], n_routed_experts=4, num_experts_per_tok=4)
        )
        make_random(tmp_path / "S", seed=3)
    kimi, ids = load(tmp_path / "S"), words(40, 1)
    write_gguf(kimi, tmp_path / "S.gguf")
    with Peer(
        builds.find_wheel_build().library, tmp_path / "S.gguf", sequences=1, context=64, clock="cpu"
    ) as peer:
        peer.fill([ids.tolist()])
        theirs = torch.tensor(peer.logits())
    ours = compute_logits(kimi, ids)[-1]
    assert float((theirs - ours).norm() / ours.norm()) < 0.06


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--batch", "0"], "'0' is invalid; use whole numbers above 0"),
        (["--context", "many"], "'many' is invalid; use whole numbers above 0"),
    ],
)
def test_odd_options_are_one_sentence(
    options: list[str], sentence: str, random_checkpoint: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["bench", str(random_checkpoint), *options])
    assert sentence in capsys.readouterr().err


def test_more_is_measured_when_asked_for(
    random_checkpoint: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [
        "--batch",
        "1",
        "--context",
        "8",
        "--refine",
        "--quality",
        "--long",
        "3000",
        "--json",
        "--clock",
        "cpu",
    ]
    assert main(["bench", str(random_checkpoint), *asked]) == 0
    report = json.loads(capsys.readouterr().out)
    refine, long, memory = report["refine"], report["long"], report["memory"]
    assert refine["prompt_tokens_cached"] > 0.9 * refine["prompt_tokens"] - 32
    assert refine["passes"] < refine["answer_tokens"] / 4
    assert [row["layers"] for row in report["quality"]] == [1, 2, 3]
    assert all(0 < row["kl"] < 1 and row["top1"] > 0.5 for row in report["quality"])
    # 3 layers of 64 + 16 numbers in float16.
    assert long["cache_bytes_per_token"] == long["cache_bytes_per_token_by_formula"] == 480
    assert long["control_equal"]
    assert long["last_logits_finite"]
    assert long["memory_grown_bytes"] < long["cache_bytes"] + 64e6
    assert 0 < memory["resident_after_bytes"] <= memory["peak_of_loading_bytes"]


def test_a_context_beyond_the_checkpoints_is_refused(
    random_checkpoint: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", str(random_checkpoint), "--context", "300000"]) == 1
    assert (
        "--context is 300000; use at most 261983 with this checkpoint." in capsys.readouterr().err
    )


def test_a_missing_package_is_one_sentence(
    random_checkpoint: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(builds, "find_local_build", lambda *, build: None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert main(["bench", str(random_checkpoint), "--peer", "llama.cpp"]) == 1
    assert capsys.readouterr().err.strip() == (
        "--peer needs the package xllamacpp; install the extra bench (pip install gguf xllamacpp)."
    )
