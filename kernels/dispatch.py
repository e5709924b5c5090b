"""Which kernels compute, and why in one sentence: a GPU's tensors go to Triton, a CPU's to what is
chosen once.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from torch import Tensor

Wish = Literal["auto", "compiled", "reference"]
WISHES: tuple[Wish, ...] = ("auto", "compiled", "reference")


@dataclass(frozen=True)
class KernelChoice:
    compiled: bool
    why: str


def choose(wish: Wish, reason_against: str | None) -> KernelChoice:
    """`reason_against`: why compiled code cannot compute this model. Raises ValueError for a wish
    it cannot meet.
    """
    against = reason_against if find_spec("numba") else "numba is not installed"
    if wish == "compiled" and against:
        raise ValueError(
            f"Compiled kernels are asked for, but {against}; allowed are auto and reference."
        )
    if wish == "reference":
        return KernelChoice(False, "torch's reference kernels, as asked for")
    if against:
        return KernelChoice(False, f"torch's reference kernels, because {against}")
    how = (
        "AVX-512 VNNI"
        if cpu_has("avx512vnni")
        else "plain vectors, because this CPU has no AVX-512 VNNI"
    )
    return KernelChoice(True, f"compiled kernels with {how}")


def find_gpu() -> str | None:
    """The GPU that Triton can compute on, by its name; None without one (from sm_80 on, with Triton
    installed).
    """
    if not _has_triton():
        return None
    import torch

    if not torch.cuda.is_available() or torch.cuda.get_device_capability() < (8, 0):
        return None
    return torch.cuda.get_device_name()


def uses_triton(*tensors: Tensor) -> bool:
    """Whether an operation without a backward pass of its own goes to its `gpu.py`: no gradient is
    asked of it.
    """
    import torch

    if torch.is_grad_enabled() and any(tensor.requires_grad for tensor in tensors):
        return False
    return suits_triton(tensors[0])


def suits_triton(tensor: Tensor) -> bool:
    """Whether it lies on a GPU; with TRITON_INTERPRET=1 the CPU's go to Triton too, through its
    interpreter.
    """
    return (tensor.is_cuda or is_interpreted()) and _has_triton()


def is_interpreted() -> bool:
    return os.environ.get("TRITON_INTERPRET") == "1"


@cache
def _has_triton() -> bool:
    return find_spec("triton") is not None


def cpu_has(feature: str) -> bool:
    """Whether compiled code may use it, by LLVM's name; NUMBA_CPU_NAME and NUMBA_CPU_FEATURES
    overrule the CPU.
    """
    import llvmlite.binding as llvm
    from numba.core import config

    name, features = getattr(config, "CPU_NAME", None), getattr(config, "CPU_FEATURES", None)
    if name is not None or features is not None:
        return f"+{feature}" in (features or "").split(",")
    return bool(llvm.get_host_cpu_features().get(feature))
