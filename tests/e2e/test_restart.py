"""A studio stopped in the middle of a run takes it up again."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.asking import page, start_run
from tests.processes import studio, wait_for


def test_ctrl_c_in_the_middle_of_a_run_leaves_no_orphan_and_the_next_start_completes_it(
    tmp_path: Path, mockup_png: bytes
) -> None:
    with studio(tmp_path / "data") as served:
        run = start_run(served, mockup_png)
        wait_for(lambda: 'class="current"' in page(served, run), seconds=90, what="the first step")
        session = served.cookies
        assert served.stop() < 20  # longer: something did not listen, and was killed
        assert served.descendants() == {}
    with studio(tmp_path / "data") as served:
        served.cookies = session  # a restart signs nobody out
        wait_for(lambda: ">finished<" in page(served, run), seconds=90, what="the run's end")
