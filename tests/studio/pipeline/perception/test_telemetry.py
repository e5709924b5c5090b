"""Reading a mockup tells nobody of it: onnxruntime's telemetry is off."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import ROOT

START = "import numpy as np; from studio.pipeline.perception.text_recognition import detect, read; "
PAGE = "np.full((64, 64, 3), 255, np.uint8)"


@pytest.mark.parametrize("call", [f"detect({PAGE})", f"read([{PAGE}])"])
def test_no_number_of_this_machine_and_no_events_are_kept_for_its_maker(
    call: str, tmp_path: Path
) -> None:
    kept = {"ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME"}
    environment = {name: value for name, value in os.environ.items() if name not in kept}
    done = subprocess.run(
        [sys.executable, "-c", START + call],
        cwd=ROOT,
        env={**environment, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not list(tmp_path.rglob("*onnxruntime*"))
    assert not list(tmp_path.rglob("deviceid"))


def test_nothing_else_imports_it() -> None:
    """The variable counts only before the first import."""
    imports = re.compile(r"^\s*(import|from) (rapidocr|onnxruntime)\b", re.MULTILINE)
    sources = [path for top in ("studio", "inference") for path in (ROOT / top).rglob("*.py")]
    found = {path.name for path in sources if imports.search(path.read_text())}
    assert found == {"text_recognition.py"}
