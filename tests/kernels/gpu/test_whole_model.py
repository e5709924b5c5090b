"""A whole model through all the Triton kernels: pictures, prompts in pieces, then a token each of
two sequences.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from inference.checkpoint.load import load
from inference.checkpoint.make_random import make_random
from inference.models.kimi import Kimi
from kernels.dispatch import suits_triton
from tests.inference.models.passes import Run, words
from tests.kernels.gpu.exact import DEVICE, noise, relative

Computed = Callable[[Kimi], list[Tensor]]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Kimi:
    folder = tmp_path_factory.mktemp("checkpoint") / "XS"
    make_random(folder, size="XS", seed=3)
    return load(folder, device=DEVICE)


def pictures(model: Kimi) -> list[Tensor]:
    return model.encode_images(
        noise(24 + 16, 3, 14, 14), torch.tensor([[1, 4, 6], [1, 4, 4]], device=DEVICE)
    )


def logits(model: Kimi) -> list[Tensor]:
    one, other = words(12, 1), words(8, 2)
    run, out = Run(model), []
    for pieces in (
        (one[:7], other[:2]),
        (one[7:10], other[2:6]),
        (one[10:11], other[6:7]),
        (one[11:], other[7:]),
    ):
        with torch.device(DEVICE):
            out += run.feed(one=pieces[0].to(DEVICE), other=pieces[1].to(DEVICE)).values()
    return out


@pytest.mark.parametrize("computed", [pictures, logits])
@torch.inference_mode()
def test_it_computes_what_the_references_compute(
    model: Kimi, computed: Computed, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert suits_triton(torch.empty(0, device=DEVICE))
    ours = computed(model)
    monkeypatch.setattr("kernels.dispatch._has_triton", lambda: False)
    for one, right in zip(ours, computed(model), strict=True):
        assert relative(one, right) < 1e-4
