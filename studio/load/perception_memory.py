"""Measures the memory of reading a mockup: of the confined process as a whole, and stage by stage.

`python -m studio.load.perception_memory 1280 4000` prints the stages of one picture.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

GLANCE = 0.005  # seconds between two looks at a process
KIB_PER_MEGABYTE = 1024
UNLIMITED = 100_000  # megabytes: what reading takes is measured, not what it may take
SECONDS = 3600.0
SIZES = ((1280, 800), (1280, 4000), (1280, 12_000), (2000, 20_000))
REPEAT = 4000  # px; text takes most of the time and little of the memory
SAMPLES = Path(__file__).resolve().parents[2] / "static" / "samples"
PERCEPTION = "studio.pipeline.perception"
# What is measured as a stage: where it is called, and by which name.
STAGES = {
    "pixels and ratio": ("perceive", "load_sheet"),
    "text": ("text_lines", "read_page"),
    "sketch": ("sketches", "read_sketch"),
    "surfaces": ("perceive", "find_surfaces"),
    "shapes": ("perceive", "find_shapes"),
    "texture": ("pictures", "find_textured_shapes"),
    "photos": ("pictures", "find_photos"),
    "boxes": ("boxes", "find_boxes"),
    "icons": ("perceive", "find_icons"),
    "palette": ("perceive", "find_palette"),
    "sections": ("perceive", "find_sections"),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading one picture took, in MB.

    `resident` and `private`: the process that reads, the latter being what PERCEPTION_MEGABYTES
    limits; `parent`: by how much the process grew that asks.
    """

    width: int
    height: int
    resident: int
    private: int
    parent: int
    seconds: float


def make_page(width: int, height: int) -> Image.Image:
    """Return a picture of this size that begins every 4,000 px with the shipped samples, one below
    the other.
    """
    samples = []
    for path in sorted(SAMPLES.glob("*.png")):
        with Image.open(path) as picture:
            samples.append(picture.convert("RGB"))
    page = Image.new("RGB", (width, height), "white")
    for start in range(0, height, REPEAT):
        for number, sample in enumerate(samples):
            page.paste(sample, (0, start + number * sample.height))
    return page


def measure_reading(picture: Image.Image) -> Reading:
    """Read a picture in a new confined process and watch it."""
    from studio.pipeline.perception.confined_hints import ConfinedPerception

    perception = ConfinedPerception(UNLIMITED, SECONDS)
    try:
        others = _list_children()
        perception.start()
        [child] = _list_children() - others
        before = read_status("self", "VmRSS")
        begun = time.monotonic()
        with _watch(child, "VmData") as private, _watch("self", "VmRSS") as parent:
            perception(picture)
            seconds = time.monotonic() - begun
            resident = read_status(child, "VmHWM")
    finally:
        perception.close()
    return Reading(
        *picture.size, resident, private[0], max(0, parent[0] - before), round(seconds, 1)
    )


def measure_stages(picture: Image.Image) -> dict[str, int]:
    """Read a picture in this process; return the highest resident memory while each stage ran, in
    MB. Stages that run side by side have each other's.
    """
    from studio.pipeline.perception.frame import find_page_hints

    running: list[str] = []
    peaks: dict[str, int] = dict.fromkeys(STAGES, 0)
    done = threading.Event()

    def look() -> None:
        while not done.wait(GLANCE):
            size = read_status("self", "VmRSS")
            for stage in list(running):
                peaks[stage] = max(peaks[stage], size)

    thread = threading.Thread(target=look, daemon=True)
    for stage, (module, name) in STAGES.items():
        home = importlib.import_module(f"{PERCEPTION}.{module}")
        setattr(home, name, _note(stage, running, getattr(home, name)))
    thread.start()
    find_page_hints(picture)
    done.set()
    thread.join()
    return peaks


def read_status(process: int | str, field: str) -> int:
    """Return a size from a process's status, in MB; 0 for a process that has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    found = (int(line.split()[1]) for line in lines if line.startswith(f"{field}:"))
    return next(found, 0) // KIB_PER_MEGABYTE


def _note(stage: str, running: list[str], function: Callable[..., Any]) -> Callable[..., Any]:
    def run(*args: Any, **options: Any) -> Any:
        running.append(stage)
        try:
            return function(*args, **options)
        finally:
            running.remove(stage)

    return run


@contextmanager
def _watch(process: int | str, field: str) -> Iterator[list[int]]:
    """Yield a list whose one number is the highest that was seen."""
    highest = [0]
    done = threading.Event()

    def look() -> None:
        while not done.wait(GLANCE):
            highest[0] = max(highest[0], read_status(process, field))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    yield highest
    done.set()
    thread.join()


def _list_children() -> set[int]:
    """Return the process ids of this process's confined children."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            line = (folder / "cmdline").read_bytes()
            if parent == os.getpid() and b"isolation.confined" in line:
                found.add(int(folder.name))
    return found


if __name__ == "__main__":
    print(json.dumps(measure_stages(make_page(int(sys.argv[1]), int(sys.argv[2])))))
