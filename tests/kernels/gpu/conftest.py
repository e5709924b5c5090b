"""Triton's kernels, each through its `gpu.py`: on a GPU, or in Triton's interpreter on tensors of
the CPU.

The interpreter is a switch of the whole process, so without a GPU
`tests/kernels/test_interpreted.py` runs this folder in a process of its own, and pytest finds
nothing here otherwise.
"""

from __future__ import annotations

from importlib.util import find_spec

import pytest
import torch

from kernels.dispatch import is_interpreted
from tests.kernels.gpu.exact import DEVICE

if not find_spec("triton") or not (is_interpreted() or DEVICE == "cuda"):
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(autouse=True)
def poisoned(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `torch.empty` gives is NaN, or the smallest whole number: what a kernel does not write
    is seen.
    """

    def spoilt(make: object) -> object:
        def made(*args: object, **options: object) -> torch.Tensor:
            out: torch.Tensor = make(*args, **options)  # type: ignore[operator]
            return out.fill_(torch.nan if out.is_floating_point() else torch.iinfo(out.dtype).min)

        return made

    for name in ("empty", "empty_like"):
        monkeypatch.setattr(torch, name, spoilt(getattr(torch, name)))
