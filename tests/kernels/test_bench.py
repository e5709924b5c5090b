"""`python -m kernels bench` where there is no GPU, and its table, and the settings that tuning
keeps.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch

pytest.importorskip("triton", reason="Triton is not installed: pip install the extra `gpu`")

from kernels import tuning
from kernels.bench import BenchRow, Ceilings, write_table
from kernels.bench.cases import CASES
from kernels.bench.tune import CHOICES, list_candidates
from kernels.scenes import SCENES

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU, and it would be timed")
def test_without_a_gpu_it_says_so_in_one_sentence() -> None:
    command = [sys.executable, "-m", "kernels", "bench", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("There is no GPU that Triton supports")
    assert len(done.stderr.splitlines()) == 1


def test_every_operation_that_is_checked_is_timed() -> None:
    assert set(CASES) == set(SCENES)


def test_the_table_is_a_table() -> None:
    limits = Ceilings(3e12, 8e14)
    about = {"device": "NVIDIA H100", "commit": "abc", "date": "2026-11-25", **limits.__dict__}
    rows = [BenchRow("swiglu", "64 × 2048", 0.01, 0.81, 0.0, {"reference": 2.5, "flag_gems": None})]
    head, _, _, _, line = write_table(about, rows).splitlines()
    assert (
        head
        == "NVIDIA H100, commit abc, 2026-11-25: copies 3.00 TB/s, multiplies 800 TFLOP/s (bf16)."
    )
    assert line == "| swiglu | 64 × 2048 | 0.0100 | 81% | 0% | reference 2.50, flag_gems – |"


@pytest.mark.parametrize("device", ["", "NVIDIA H100 80GB HBM3", "NVIDIA H200"])
def test_every_form_has_a_setting_for_any_size(device: str) -> None:
    shipped = tuning.load_table(device)
    assert set(shipped) == set(CHOICES)
    for form, sizes in shipped.items():
        assert "*" in sizes
        assert all(set(CHOICES[form]) <= set(setting) for setting in sizes.values())
        assert {**next(list_candidates(form, sizes["*"]))}.keys() == sizes["*"].keys()


def test_what_tuning_finds_is_kept_and_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    tuning.load_table.cache_clear()
    found = {"rows": 64, "keys": 16, "warps": 4, "stages": 4}
    path = tuning.keep("NVIDIA H200", {"mla_decode": {"64": found}}, {"timed": "2026-11-25"})
    assert path == tmp_path / "likeness/kernels/nvidia-h200.json"
    with tuning.use_table(tuning.load_table("NVIDIA H200")):
        assert tuning.find_setting("mla_decode", 64, torch.device("cpu")) == found
        assert tuning.find_setting("mla_decode", 65, torch.device("cpu")) != found
    assert "64" not in tuning.load_table("NVIDIA H100")["mla_decode"]
    tuning.load_table.cache_clear()
