"""Reads lines of text with Debian's `tesseract`, in a process of its own with limits. Knows no
page, only crops.

Used for the scripts that the bundled recognizer has no characters for.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.scripts import Script

PROGRAM = "tesseract"
PACKAGE = "tesseract-ocr"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What reading in another process may use, and how lines are shown to it."""

    seconds: float = 60.0  # for one call; 60 lines take about 4 s on one core
    memory: int = (
        1 << 30
    )  # bytes of address space; the largest model (Cyrillic, 28 MB) needs 0.2 GB
    lines: int = 400  # of one call
    height: int = 40  # px of a line's ink: at half of it accents are lost, at twice it is no better
    margin: int = 14  # px of ground around the ink; without it the first letter is often lost
    blank: float = 60.0  # percent; a line read with less is read once more without layout analysis


LIMITS = Thresholds()
ONE_LINE, RAW_LINE = 7, 13  # Tesseract's page segmentation modes


@dataclass(frozen=True, slots=True)
class Word:
    """A word, its confidence in percent, and its columns in the line's own pixels."""

    text: str
    confidence: float
    left: float
    right: float


Words = tuple[Word, ...]


def installed_models() -> frozenset[str]:
    """Names of the languages and scripts that can be read; none where the program is missing."""
    return frozenset(_listed_names())


@functools.lru_cache(maxsize=1)
def _listed_names() -> dict[str, str]:
    """Model → the name the program wants: Debian keeps script models beside the languages, others
    in a folder.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        return {}
    try:
        listed = subprocess.run(  # noqa: S603
            [program, "--list-langs"],
            capture_output=True,
            text=True,
            timeout=LIMITS.seconds,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return {}
    return {line.strip().removeprefix("script/"): line.strip() for line in listed.splitlines()[1:]}


def model_for(script: Script) -> str | None:
    """The best installed model that reads the script."""
    return next((model for model in script.models if model in installed_models()), None)


def install_command(scripts: Sequence[Script]) -> str:
    """What to type so that these scripts can be read."""
    packages = [script.package for script in scripts if model_for(script) is None]
    return " ".join(["apt-get install", PACKAGE, *packages])


def read_lines(alphas: Sequence[NDArray[np.float32]], models: Sequence[str]) -> list[Words]:
    """The words of each line of ink; no words for a line that cannot be read. Never raises for a
    bad line.
    """
    found = _read(alphas, models, ONE_LINE)
    weak = [i for i, words in enumerate(found) if mean_confidence(words) < LIMITS.blank]
    again = _read([alphas[i] for i in weak], models, RAW_LINE) if weak else []
    for i, words in zip(weak, again, strict=True):
        if mean_confidence(words) > mean_confidence(found[i]):
            found[i] = words
    return found


def mean_confidence(words: Words) -> float:
    """In percent, weighted by the words' lengths; 0 without words."""
    letters = sum(len(word.text) for word in words)
    return sum(len(word.text) * word.confidence for word in words) / letters if letters else 0.0


def _read(alphas: Sequence[NDArray[np.float32]], models: Sequence[str], mode: int) -> list[Words]:
    program = shutil.which(PROGRAM)
    if program is None or not alphas:
        return [()] * len(alphas)
    kept = alphas[: LIMITS.lines]
    with tempfile.TemporaryDirectory(prefix="lines-") as folder:
        scales = [_write(alpha, Path(folder) / f"{i}.png") for i, alpha in enumerate(kept)]
        listing = Path(folder) / "list.txt"
        listing.write_text("".join(f"{folder}/{i}.png\n" for i in range(len(kept))))
        names = "+".join(_listed_names().get(model, model) for model in models)
        table = _run([program, str(listing), "stdout", "-l", names, "--psm", str(mode), "tsv"])
    return [*_parsed(table, scales), *([()] * (len(alphas) - len(kept)))]


def _run(command: list[str]) -> str:
    """The program's answer; empty where it fails, takes too long or wants too much memory."""
    try:
        with subprocess.Popen(  # noqa: S603
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        ) as process:
            try:
                _limit_memory(process.pid)
                answer, _ = process.communicate(timeout=LIMITS.seconds)
            except BaseException:
                process.kill()
                raise
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer if process.returncode == 0 else ""


def _limit_memory(process: int) -> None:
    """Limit what the program may take. Linux only."""
    if sys.platform != "linux":
        return
    import resource

    resource.prlimit(process, resource.RLIMIT_AS, (LIMITS.memory, LIMITS.memory))


def _write(alpha: NDArray[np.float32], path: Path) -> float:
    """Saves the ink as black on white at the height that reads best; returns the factor."""
    import cv2
    from PIL import Image

    factor: float = max(1.0, LIMITS.height / int(alpha.shape[0]))
    grey: Any = 255 - np.round(255 * np.clip(alpha, 0, 1)).astype(np.uint8)
    grey = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    Image.fromarray(np.pad(grey, LIMITS.margin, constant_values=255)).save(path)
    return factor


def _parsed(table: str, scales: Sequence[float]) -> list[Words]:
    """Tesseract's table of words: one page for each picture of the list."""
    pages: list[list[Word]] = [[] for _ in scales]
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) < 12 or cells[0] != "5" or not cells[11].strip():
            continue
        page = int(cells[1]) - 1
        left, width = int(cells[6]) - LIMITS.margin, int(cells[8])
        factor = scales[page]
        pages[page].append(
            Word(cells[11].strip(), float(cells[10]), left / factor, (left + width) / factor)
        )
    return [tuple(words) for words in pages]
