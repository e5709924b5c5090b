"""Drawing tokens in Triton: the same token as from sorted probabilities, whatever is cut."""

from __future__ import annotations

import pytest
import torch

from kernels.draw import gpu, reference
from tests.kernels.gpu.exact import DEVICE, REAL, noise

VOCAB = 163_840 if REAL else 700


def column(*values: float) -> torch.Tensor:
    return torch.tensor(values, device=DEVICE)


@pytest.mark.parametrize("chunk", [gpu.CHUNK, 256])
def test_the_draw_is_the_one_from_sorted_probabilities(
    chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gpu, "CHUNK", chunk)
    logits = noise(6, VOCAB) * 3
    wishes = (
        column(1.0, 0.6, 2.0, 1.0, 0.3, 1.0),
        column(0.95, 0.5, 1.0, 0.1, 0.9, 1.0),
        column(0.0, 0.0, 0.0, 0.0, 0.2, 0.1),
        column(0.37, 0.91, 0.5, 0.0, 0.73, 0.999),
    )
    assert gpu.draw(logits, *wishes).tolist() == reference.draw(logits, *wishes).tolist()


def test_of_equal_tokens_the_lower_ids_are_kept() -> None:
    """Logits from bf16 are often equal: five of ten make up half."""
    logits = torch.zeros(4, 10, device=DEVICE)
    each = torch.ones(4, device=DEVICE)
    drawn = gpu.draw(logits, each, each * 0.45, each * 0, column(0.0, 0.3, 0.79, 0.9999))
    assert drawn.tolist() == [0, 1, 3, 4]


def test_a_tiny_temperature_is_greedy() -> None:
    logits = noise(2, 50)
    each = torch.ones(2, device=DEVICE)
    drawn = gpu.draw(logits, each * 1e-45, each, each * 0, column(0.1, 0.99))
    assert drawn.tolist() == logits.argmax(-1).tolist()


def test_every_token_comes_as_often_as_it_is_likely() -> None:
    logits = torch.tensor([[0.0, 1.0, -1.0, 0.5]], device=DEVICE).expand(40, -1).contiguous()
    each = torch.ones(40, device=DEVICE)
    drawn = gpu.draw(logits, each, each, each * 0, (torch.arange(40, device=DEVICE) + 0.5) / 40)
    counts = torch.bincount(drawn.cpu(), minlength=4) / 40
    assert (counts - logits[0].softmax(-1).cpu()).abs().max() <= 1 / 40
