"""Finds and reads text with rapidocr's bundled ONNX models: boxes first, characters later, so boxes
can be mended.

The engine is built once per process, on first use, behind a lock. Knows nothing of fonts, sizes or
colours.
"""

from __future__ import annotations

import math
import os
import threading
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.bands import cut_into_bands
from studio.pipeline.perception.pixels import Pixels

# The detector's memory and its blind spots grow with the picture, so tall pages are read in tiles
# cut at quiet rows.
TILE_HEIGHT = 960
TILE_SLACK = 240
# Below these the detector sees texture and the recogniser guesses.
BOX_SCORE = 0.45
# Of one network. Surfaces are found beside it in a thread of their own, so more would only wait for
# each other on two cores (18 CPU seconds a page instead of 25).
THREADS = 1 if (os.cpu_count() or 1) < 4 else 2

# onnxruntime 1.29 and newer writes a number of this machine below ~/.cache/Microsoft and sends usage
# events with it to Microsoft, from the moment it is imported, unless this variable is set before.
STOP_TELEMETRY = "ORT_DISABLE_TELEMETRY"

_lock = threading.Lock()
_engines: dict[int, Any] = {}


@dataclass(frozen=True, slots=True)
class Found:
    """A place where the detector sees text: left, top, right, bottom in pixels, end exclusive."""

    left: int
    top: int
    right: int
    bottom: int


def detect(rgb: Pixels, *, threads: int = THREADS) -> list[Found]:
    """Every text box of the page, a little larger than its ink."""
    found: list[Found] = []
    with _lock:
        detector = _load_engine(threads)._load_det_model()
        for top, bottom in cut_into_tiles(rgb):
            found += _detect_tile(detector, rgb[top:bottom], top)
    return found


@dataclass(frozen=True, slots=True)
class ReadLine:
    """What one crop says: its text, the recognizer's confidence, and the column where it saw each
    letter.
    """

    text: str
    score: float
    columns: tuple[float, ...]


def read(crops: list[Pixels], *, threads: int = THREADS) -> list[ReadLine]:
    """Text and confidence of each crop, one line of text each."""
    if not crops:
        return []
    _stop_telemetry()
    from rapidocr.ch_ppocr_rec import TextRecInput

    with _lock:
        recognizer = _load_engine(threads)._load_rec_model()
        answer = recognizer(
            TextRecInput(img=[_to_bgr(crop) for crop in crops], return_word_box=True)
        )
    rows = zip(answer.txts, answer.scores, answer.word_results, crops, strict=True)
    return [
        ReadLine(str(text).strip(), float(score), _columns(info, crop.shape[1]))
        for text, score, info, crop in rows
    ]


def _columns(info: Any, width: int) -> tuple[float, ...]:
    """Where the recognizer saw letters, in the crop's pixels; it looks at a line in equal steps."""
    if not info.line_txt_len:
        return ()
    step = width / info.line_txt_len
    return tuple((column + 0.5) * step for word in info.word_cols for column in word)


def cut_into_tiles(rgb: Pixels) -> list[tuple[int, int]]:
    """Row ranges that cover the page, cut at the quietest row near each multiple of the tile
    height.
    """
    height = rgb.shape[0]
    cuts = [0]
    if height <= TILE_HEIGHT + TILE_SLACK:
        return [(0, height)]
    busy = _measure_rows(rgb)
    while height - cuts[-1] > TILE_HEIGHT + TILE_SLACK:
        wanted = cuts[-1] + TILE_HEIGHT
        window = busy[wanted - TILE_SLACK : wanted + TILE_SLACK]
        quiet = np.flatnonzero(window <= window.min() + 1e-6)
        nearest = quiet[np.abs(quiet - TILE_SLACK).argmin()]
        cuts.append(int(wanted - TILE_SLACK + nearest))
    return list(zip(cuts, [*cuts[1:], height], strict=True))


def _measure_rows(rgb: Pixels) -> NDArray[np.int64]:
    """Return how much the green changes along each row."""
    height, width = rgb.shape[:2]
    busy = [
        np.abs(np.diff(rgb[rows, :, 1].astype(np.int16), axis=1)).sum(axis=1)
        for rows in cut_into_bands(height, width)
    ]
    return np.concatenate(busy)


def _stop_telemetry() -> None:
    os.environ[STOP_TELEMETRY] = "1"


def _load_engine(threads: int) -> Any:
    if threads not in _engines:
        _stop_telemetry()
        from rapidocr import RapidOCR

        _engines[threads] = RapidOCR(
            params={
                "Global.log_level": "error",
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                # Short crops are padded to this width; 64 instead of 320 reads a table of numbers 4
                # times as fast.
                "Rec.rec_img_shape": [3, 48, 64],
                "Det.box_thresh": BOX_SCORE,
            }
        )
    return _engines[threads]


def _detect_tile(detector: Any, tile: Pixels, top: int) -> list[Found]:
    height, width = tile.shape[:2]
    # The network wants multiples of 32; padding keeps the letters' size where resizing would blur
    # them.
    padded = np.pad(
        _to_bgr(tile),
        ((0, _round_up(max(height, 64)) - height), (0, _round_up(max(width, 64)) - width), (0, 0)),
        mode="edge",
    )
    detector.limit_side_len = min(padded.shape[:2])
    answer = detector(padded)
    if answer.boxes is None:
        return []
    found = []
    for box in np.asarray(answer.boxes):
        left, upper = box.min(axis=0)
        right, lower = box.max(axis=0)
        item = Found(
            left=max(0, math.floor(left)),
            top=max(0, math.floor(upper)) + top,
            right=min(width, math.ceil(right)),
            bottom=min(height, math.ceil(lower)) + top,
        )
        if item.right - item.left >= 4 and item.bottom - item.top >= 4:
            found.append(item)
    return found


def _round_up(length: int) -> int:
    return math.ceil(length / 32) * 32


def _to_bgr(rgb: Pixels) -> Pixels:
    return np.ascontiguousarray(rgb[:, :, ::-1])
