"""`from kernels import …`: functions, and nothing heavy before one is asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "module",
    [
        "kernels",
        "inference.client",
        "inference.checkpoint.config",
        "inference.chat.template",
        "inference.chat.images",
    ],
)
def test_torch_is_not_loaded_by(module: str) -> None:
    done = python(
        f"import sys, {module}; sys.exit('torch' in sys.modules or 'triton' in sys.modules)"
    )
    assert done.returncode == 0, done.stderr


def test_an_operation_is_a_function_though_its_folder_was_imported_first() -> None:
    code = "import kernels.rms_norm.reference; from kernels import rms_norm; assert callable(rms_norm), rms_norm"
    done = python(code)
    assert done.returncode == 0, done.stderr


def test_every_name_is_there() -> None:
    done = python(
        "import kernels; [getattr(kernels, n) for n in (*kernels.OPERATIONS, *kernels.HOMES)]"
    )
    assert done.returncode == 0, done.stderr


def test_an_unknown_name_is_told_the_known_ones() -> None:
    import kernels

    with pytest.raises(AttributeError, match=r"'rmsnorm'; it has .*rms_norm"):
        kernels.rmsnorm  # noqa: B018
