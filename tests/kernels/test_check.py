"""`python -m kernels check`: every kernel compiles for three architectures here, without a GPU, and
none spills.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("triton", reason="Triton is not installed: pip install the extra `gpu`")

from kernels.check import ARCHITECTURES, compile_launch
from kernels.launch import record_launches
from kernels.scenes import SCENES, make_nothing
from kernels.swiglu import gpu as swiglu_gpu

ROOT = Path(__file__).resolve().parents[2]


def check(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kernels", "check", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def everything() -> subprocess.CompletedProcess[str]:
    return check("--json")


@pytest.mark.parametrize("operation", sorted(SCENES))
def test_every_kernel_compiles_and_none_spills(
    everything: subprocess.CompletedProcess[str], operation: str
) -> None:
    found = [
        row
        for row in map(json.loads, everything.stdout.splitlines())
        if row["operation"] == operation
    ]
    assert {row["architecture"] for row in found} == set(ARCHITECTURES)
    assert not [row for row in found if row["faults"]]
    assert all(row["registers"] and not row["stack"] for row in found)


def test_nothing_else_is_wrong(everything: subprocess.CompletedProcess[str]) -> None:
    assert everything.returncode == 0, everything.stderr


def test_a_broken_promise_and_a_failure_to_compile_are_faults() -> None:
    with record_launches() as notes:
        swiglu_gpu.swiglu(make_nothing(4, 64), make_nothing(4, 64))
    promise = notes[0].__class__(**{**notes[0].__dict__, "matrix": 64})
    assert compile_launch("swiglu", "promised", promise, 90).faults == (
        "should use wgmma and does not",
    )
    broken = notes[0].__class__(**{**notes[0].__dict__, "constants": {"COLUMNS": 63}})
    assert compile_launch("swiglu", "broken", broken, 90).faults[0].startswith("does not compile")


def test_the_table_names_kernels_and_numbers() -> None:
    done = check("--op", "swiglu", "--arch", "90")
    head, row = done.stdout.splitlines()
    assert head.split()[:4] == ["kernel", "sm", "warps", "registers"]
    assert row.startswith("swiglu.multiply (2048)")
    assert done.returncode == 0


def test_an_unknown_command_is_told_the_known_ones() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kernels", "chek"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Unknown command 'chek'; use check" in done.stderr
