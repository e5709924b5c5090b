"""Widths and heights of the open fonts' ASCII characters, in one small file: which families can
have drawn a line.

Opening 118 families to measure a line takes seconds; this table takes a millisecond. After the
packages change, write it anew with `python -m studio.pipeline.perception.font_table`.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception.fonts import EM, load_font
from studio.pipeline.perception.web_fonts import WEB_FONTS, list_web_faces

PATH = Path(__file__).with_name("font_metrics.npz")
CHARACTERS = "".join(map(chr, range(0x20, 0x7F)))
MEASURED_WEIGHTS = (400, 700)
DRAWN_AT = 250  # px: an edge is measured to 4 thousandths of an em


@dataclass(frozen=True, slots=True)
class FontTable:
    """`families[i]` and `weights[i]` name a face; `metrics[i, j]` has character j's advance, left
    and right side bearing, and its reach above and below the baseline, in thousandths of an em;
    `ems` the same in ems.
    """

    families: tuple[str, ...]
    weights: tuple[int, ...]
    metrics: NDArray[np.int16]
    ems: NDArray[np.float64]

    def extents(self, text: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The width and the height of the text's ink in every face, at a font size of 1, without
        kerning.
        """
        codes = [ord(character) - 0x20 for character in text if character in CHARACTERS]
        inked = [code for code in codes if code]
        if not inked:
            ones = np.ones(len(self.families))
            return ones, ones
        table = self.ems
        width = table[:, codes, 0].sum(axis=1) - table[:, codes[0], 1] - table[:, codes[-1], 2]
        height = table[:, inked, 3].max(axis=1) + table[:, inked, 4].max(axis=1)
        return np.maximum(width, 0.02), np.maximum(height, 0.05)

    def grid_widths(self, text: str, sizes: NDArray[np.float64]) -> NDArray[np.float64]:
        """The width of the text's ink in every face at each size, letters on whole pixels as
        Chromium sets them.
        """
        codes = [ord(character) - 0x20 for character in text if character in CHARACTERS]
        if not codes:
            return np.ones((len(self.families), len(sizes)))
        table = self.ems[:, codes]
        steps = np.floor(table[:, None, :, 0] * sizes[None, :, None] + 0.5)
        ends = (table[:, 0, 1] + table[:, -1, 2])[:, None] * sizes[None, :]
        return np.asarray(steps.sum(axis=2) - ends)


@functools.lru_cache(maxsize=1)
def load_table() -> FontTable:
    """The table that ships; raises FileNotFoundError where it is missing."""
    with np.load(PATH) as saved:
        metrics = np.asarray(saved["metrics"])
        return FontTable(
            tuple(map(str, saved["families"])),
            tuple(map(int, saved["weights"])),
            metrics,
            metrics / EM,
        )


def measure_fonts() -> FontTable:
    """The table of the packages that are there."""
    rows = []
    for font in WEB_FONTS.values():
        for weight in sorted({font.nearest_weight(weight) for weight in MEASURED_WEIGHTS}):
            face = next(
                (
                    f
                    for f in list_web_faces()
                    if (f.family, f.weight, f.italic) == (font.name, weight, False)
                ),
                None,
            )
            if face is None:
                continue
            advances, shapes = load_font(face, face.path, EM), load_font(face, face.path, DRAWN_AT)
            rows.append(
                (
                    font.name,
                    weight,
                    [_character(advances, shapes, character) for character in CHARACTERS],
                )
            )
    families, weights, metrics = zip(*rows, strict=True)
    table = np.array(metrics, np.int16)
    return FontTable(families, weights, table, table / EM)


def _character(advances: Any, shapes: Any, character: str) -> tuple[int, int, int, int, int]:
    """Pillow's own boxes reach from the pen to the advance; the ink's box is that of the drawn
    character.
    """
    advance = advances.getlength(character)
    mask, (x, y) = shapes.getmask2(character, anchor="ls")
    box = mask.getbbox()
    if box is None:
        return round(advance), 0, 0, 0, 0
    scale = EM / DRAWN_AT
    left, top, right, bottom = box[0] + x, box[1] + y, box[2] + x, box[3] + y
    return (
        round(advance),
        round(left * scale),
        round(advance - right * scale),
        round(-top * scale),
        round(bottom * scale),
    )


def write_table() -> None:
    table = measure_fonts()
    np.savez_compressed(PATH, families=table.families, weights=table.weights, metrics=table.metrics)


if __name__ == "__main__":
    write_table()
