"""Without a GPU every Triton kernel runs in Triton's interpreter, in a process of its own: see
`tests/kernels/gpu`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "tests/kernels/gpu").glob("test_*.py"))


@pytest.mark.skipif(
    torch.cuda.is_available(), reason="there is a GPU: tests/kernels/gpu runs on it"
)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem.removeprefix("test_"))
def test_every_kernel_computes_in_the_interpreter(file: Path) -> None:
    pytest.importorskip("triton", reason="Triton is not installed: pip install the extra `gpu`")
    # The interpreter computes with numpy, which warns where the GPU's arithmetic gives infinity.
    quiet = ("-p", "no:cacheprovider", "-W", "ignore::RuntimeWarning")
    command = [sys.executable, "-m", "pytest", "-q", *quiet, str(file)]
    environment = {**os.environ, "TRITON_INTERPRET": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
