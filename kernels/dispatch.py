"""Choice of kernels: Triton for tensors on a GPU, compiled or reference kernels on a CPU."""

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
    """The kernels for a model on the CPU; `why` describes the choice in one phrase."""

    compiled: bool
    why: str


def choose(wish: Wish, reason_against: str | None) -> KernelChoice:
    """Choose the CPU kernels.

    `reason_against`: why compiled code cannot compute this model, if it cannot. Raises ValueError
    if `wish` is "compiled" and compiled code cannot be used.
    """
    against = reason_against if find_spec("numba") else "numba is not installed"
    if wish == "compiled" and against:
        raise ValueError(
            f'Kernels "compiled" cannot be used, because {against}; use "auto" or "reference".'
        )
    if wish == "reference":
        return KernelChoice(False, "torch's reference kernels, as requested")
    if against:
        return KernelChoice(False, f"torch's reference kernels, because {against}")
    if cpu_has("avx512vnni"):
        return KernelChoice(True, "compiled kernels with AVX-512 VNNI")
    reason = "because this CPU has no AVX-512 VNNI"
    return KernelChoice(True, f"compiled kernels with plain vectors, {reason}")


def find_gpu() -> str | None:
    """Return the name of the GPU if Triton is installed and supports it (sm_80 or newer)."""
    if not _has_triton():
        return None
    import torch

    if not torch.cuda.is_available() or torch.cuda.get_device_capability() < (8, 0):
        return None
    return torch.cuda.get_device_name()


def uses_triton(*tensors: Tensor) -> bool:
    """Return whether an operation without backward pass uses Triton: no gradient is required."""
    import torch

    if torch.is_grad_enabled() and any(tensor.requires_grad for tensor in tensors):
        return False
    return suits_triton(tensors[0])


def suits_triton(tensor: Tensor) -> bool:
    """Return whether Triton computes this tensor.

    With TRITON_INTERPRET=1, Triton's interpreter also computes tensors on the CPU.
    """
    return (tensor.is_cuda or is_interpreted()) and _has_triton()


def is_interpreted() -> bool:
    return os.environ.get("TRITON_INTERPRET") == "1"


@cache
def _has_triton() -> bool:
    return find_spec("triton") is not None


def cpu_has(feature: str) -> bool:
    """Return whether compiled code may use a CPU feature, named as in LLVM.

    NUMBA_CPU_NAME and NUMBA_CPU_FEATURES override the features of this CPU.
    """
    import llvmlite.binding as llvm
    from numba.core import config

    name, features = getattr(config, "CPU_NAME", None), getattr(config, "CPU_FEATURES", None)
    if name is not None or features is not None:
        return f"+{feature}" in (features or "").split(",")
    return bool(llvm.get_host_cpu_features().get(feature))
