"""Experts that have no room on a GPU stay with the CPU. No GPU is needed to say which."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from inference.checkpoint.config import read_config
from inference.checkpoint.load import load
from inference.models.placement import count_layer_bytes, make_placement


def test_a_layers_experts_take_what_the_files_say(random_checkpoint: Path) -> None:
    text = read_config(random_checkpoint).text
    held = [
        *load(random_checkpoint)
        .get_submodule("language_model.model.layers.1.mlp.experts")
        .buffers()
    ]
    assert count_layer_bytes(text, packed=True) == sum(one.nbytes for one in held)
    assert count_layer_bytes(text, packed=False) == 3 * 128 * 64 * 8 * 2


@pytest.mark.parametrize(
    ("layers", "on_the_gpu"), [(0, []), (0.9, []), (1, [1]), (1.5, [1]), (2, [1, 2]), (99, [1, 2])]
)
def test_as_many_layers_as_the_budget_has_room_for(
    layers: float, on_the_gpu: list[int], random_checkpoint: Path
) -> None:
    """Of three layers the first is dense."""
    text = read_config(random_checkpoint).text
    home = make_placement(
        text, "cuda", int(layers * count_layer_bytes(text, packed=True)), packed=True
    )
    name = "language_model.model.layers.{}.mlp.experts.3.up_proj.weight_packed"
    assert [layer for layer in (1, 2) if home(name.format(layer)) == "cuda"] == on_the_gpu
    for always in (
        "mlp.shared_experts.up_proj.weight",
        "mlp.gate.weight",
        "self_attn.o_proj.weight",
    ):
        assert home(f"language_model.model.layers.2.{always}") == "cuda"
    assert home("language_model.lm_head.weight") == "cuda"


def test_without_a_budget_all_is_in_one_place(random_checkpoint: Path) -> None:
    text = read_config(random_checkpoint).text
    name = "language_model.model.layers.2.mlp.experts.3.up_proj.weight_packed"
    assert make_placement(text, "cuda", None, packed=True)(name) == "cuda"
    assert make_placement(text, "cpu", 0, packed=True)(name) == "cpu"


def test_files_are_opened_on_the_device_of_what_is_read(
    random_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: dict[str, set[str]] = {}
    from inference.checkpoint import load as checkpoint

    usual = checkpoint._open_file

    def recorded(path: Path, device: str = "cpu"):  # type: ignore[no-untyped-def]
        opened.setdefault(device, set()).add(path.name)
        return usual(path, "cpu")

    monkeypatch.setattr(checkpoint, "_open_file", recorded)
    text = read_config(random_checkpoint).text
    model = load(
        random_checkpoint, device="cuda", expert_budget=count_layer_bytes(text, packed=True)
    )
    assert "model-00003-of-000006.safetensors" in opened["cpu"] & opened["cuda"]
    assert len(opened["cuda"]) == 6
    assert not any(tensor.is_meta for tensor in (*model.parameters(), *model.buffers()))


def test_rows_go_to_experts_elsewhere_and_come_back(
    random_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moe = load(random_checkpoint).get_submodule("language_model.model.layers.1.mlp")
    x = torch.randn(5, 128, generator=torch.Generator().manual_seed(1))
    here = moe(x)
    # A device that is not x's by name, though it is by nature: the way there and back is taken.
    monkeypatch.setattr(type(moe), "home", property(lambda self: torch.device("cpu", 0)))
    assert torch.device("cpu", 0) != x.device
    assert torch.equal(moe(x), here)
