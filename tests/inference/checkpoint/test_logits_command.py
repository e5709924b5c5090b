"""`python -m inference logits`: inputs to logits, and the one sentence each wrong input gets."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from inference.__main__ import COMMANDS, main
from inference.checkpoint.load import load
from inference.checkpoint.make_random import make_random
from inference.engine.logits import compute_logits

PLACEHOLDER = 768 + 21
PIXELS = torch.arange(24 * 3 * 14 * 14).remainder(97).float().view(24, 3, 14, 14) / 48 - 1
GRID = torch.tensor([[1, 4, 6]])
GOLDEN = json.loads(Path(__file__).with_name("golden_logits.json").read_text())


def prompt(pictures: int = 1) -> Tensor:
    return torch.tensor([5, 300, 7, *[PLACEHOLDER] * 6 * pictures, 11, 400, 13])


def ask(checkpoint: Path, tmp_path: Path, inputs: dict[str, Tensor]) -> tuple[int, Path]:
    save_file(inputs, tmp_path / "in.safetensors")
    out = tmp_path / "out.safetensors"
    return main(
        ["logits", str(checkpoint), str(tmp_path / "in.safetensors"), "--out", str(out)]
    ), out


def test_logits_of_text_and_a_picture_are_written_in_float32(
    random_checkpoint: Path, tmp_path: Path
) -> None:
    inputs = {"input_ids": prompt(), "pixel_values": PIXELS, "grid_thws": GRID}
    status, out = ask(random_checkpoint, tmp_path, inputs)
    assert status == 0
    logits = load_file(out)["logits"]
    assert (logits.dtype, logits.shape) == (torch.float32, (12, 1024))
    assert torch.equal(logits, compute_logits(load(random_checkpoint), **inputs))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.safetensors", "out.safetensors"]


def test_logits_are_those_transformers_gave_once(tmp_path: Path) -> None:
    """Kept numbers, so that this holds without transformers; `make parity` compares afresh, and far
    more closely.

    The bound leaves room for another machine's random numbers to differ in a last bit, and so in a
    rare INT4 code; any slip in the arithmetic moves these logits by 0.1 and more.
    """
    make_random(tmp_path / "S", seed=7)
    model = load(tmp_path / "S")
    seen = compute_logits(model, prompt(), PIXELS, GRID)
    text = compute_logits(model, torch.arange(0, 64), positions=torch.arange(0, 64) * 3000)
    for ours, kept in ((seen, GOLDEN["picture"]), (text, GOLDEN["far"])):
        for row, values in kept.items():
            assert ours[int(row), :8].tolist() == pytest.approx(values, abs=2e-2)


WRONG = {
    "nothing": (
        {"x": torch.zeros(1)},
        "holds x; it must hold input_ids and, for pictures, pixel_values and grid_thws",
    ),
    "half a picture": (
        {"input_ids": prompt(), "pixel_values": PIXELS},
        "holds input_ids, pixel_values; it must hold",
    ),
    "narrow ids": (
        {"input_ids": prompt().int()},
        r"input_ids is torch.int32; it must be torch.int64",
    ),
    "a batch": (
        {"input_ids": prompt()[None]},
        r"input_ids is \[1, 12\]; it must be \[tokens\] with at least one",
    ),
    "no ids": ({"input_ids": prompt()[:0]}, r"input_ids is \[0\]"),
    "unknown id": ({"input_ids": torch.tensor([1, 1024])}, "input_ids has ids outside 0 … 1023"),
    "negative id": ({"input_ids": torch.tensor([1, -1])}, "input_ids has ids outside 0 … 1023"),
    "too few places": (
        {"input_ids": prompt()[:7], "pixel_values": PIXELS, "grid_thws": GRID},
        "input_ids has 4 image placeholders; the pictures need 6",
    ),
    "odd grid": (
        {"input_ids": prompt(), "pixel_values": PIXELS, "grid_thws": torch.tensor([[1, 3, 8]])},
        "grid_thws has 1 × 3 × 8; use",
    ),
    "flat pixels": (
        {"input_ids": prompt(), "pixel_values": PIXELS.flatten(1), "grid_thws": GRID},
        r"pixel_values is \[24, 588\]; it must be \[patches, 3, 14, 14\]",
    ),
    "flat grid": (
        {"input_ids": prompt(), "pixel_values": PIXELS, "grid_thws": GRID[0]},
        r"grid_thws is \[3\]; it must be \[images, 3\]",
    ),
}


@pytest.mark.parametrize(("inputs", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_input_gets_one_sentence(
    random_checkpoint: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    inputs: dict[str, Tensor],
    sentence: str,
) -> None:
    status, out = ask(random_checkpoint, tmp_path, inputs)
    said = capsys.readouterr().err
    assert status == 1
    assert re.search(sentence, said), said
    assert said.count("\n") == 1
    assert not out.exists()


def test_inputs_that_are_no_safetensors_are_named(
    random_checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in.safetensors").write_text("hello")
    command = [
        "logits",
        str(random_checkpoint),
        str(tmp_path / "in.safetensors"),
        "--out",
        str(tmp_path / "out"),
    ]
    assert main(command) == 1
    assert "in.safetensors cannot be read as safetensors" in capsys.readouterr().err


def test_an_unknown_command_is_told_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["logit"]) == 2
    assert f"Unknown command 'logit'; use {', '.join(COMMANDS)}." in capsys.readouterr().err
