"""What the run page shows in its middle: one version beside its mockup, at one of its widths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from studio.runs.block_overlay import make_overlay
from studio.runs.models import Attempt, Run, WidthView
from studio.runs.preview import Shown, Viewer, make_frame_proof, make_token
from studio.runs.selectors import find_attempt, find_best_attempt
from studio.runs.version_numbers import Version
from studio.uploads.models import Upload

# Width by height from which two pictures are larger above each other than side by side, in a canvas
# that is about square (1440 × 900 with both panels open: 780 × 750).
LANDSCAPE = 1.25


@dataclass(frozen=True, slots=True)
class Stage:
    """The version shown on the run page; the base version until the run has one of its own.

    `seen` is the version at one mockup's width, and `upload` that mockup.
    """

    attempt: Attempt
    version: Version | None
    of_base: bool
    page_token: str
    seen: Attempt | WidthView
    upload: Upload | None
    widths: tuple[int, ...]  # there are mockups of
    # Pixels at the picture's top, bottom, left and right that are no page.
    cut: tuple[int, int, int, int] = (0, 0, 0, 0)

    @property
    def cut_query(self) -> str:
        """What makes the mockup's address that of its page alone."""
        return f"?cut={','.join(map(str, self.cut))}" if any(self.cut) else ""

    @property
    def picture_width(self) -> int:
        """Of the mockup's page, in pixels of the picture."""
        return self.upload.width - self.cut[2] - self.cut[3] if self.upload else 0

    @property
    def picture_height(self) -> int:
        """Of the mockup's page, in pixels of the picture."""
        return self.upload.height - self.cut[0] - self.cut[1] if self.upload else 0

    @property
    def frame_proof(self) -> str:
        return make_frame_proof(self.page_token)

    @property
    def overlay(self) -> Any:
        return make_overlay(self.seen.blocks, self.seen.differences)

    @property
    def mockup_height(self) -> int:
        """Return the mockup's height in CSS pixels at the version's width."""
        if self.upload is None:
            return 0
        return round(self.picture_height * (self.seen.width or 0) / self.picture_width)

    @property
    def at_width(self) -> str:
        """Return the suffix of its pictures' names."""
        return f"-{self.seen.width}" if isinstance(self.seen, WidthView) else ""


def build_stage(
    run: Run, number: int | None, width: int | None, versions: list[Version], viewer: Viewer
) -> Stage | None:
    """Return what the run page shows of a run; None before there is anything.

    `number`: the attempt to show, None for the best; `width`: of the mockup, None for the first.
    """
    own = find_best_attempt(run) if number is None else find_attempt(run, number)
    base = run.base if run.base and run.base.deleted_at is None else None
    attempt = own or base
    if attempt is None:
        return None
    version = next((version for version in versions if version.attempt.pk == attempt.pk), None)
    token = make_token(Shown(attempt.run_id, attempt.number), viewer)
    views = list(attempt.views.all())
    view = next((view for view in views if view.width == width), None)
    widths = (attempt.width or 0, *(view.width for view in views))
    upload = _find_mockup(run, view.width) if view else run.upload
    cut = (0, 0, 0, 0) if view else _cut_of(run)
    return Stage(attempt, version, own is None, token, view or attempt, upload, widths, cut)


def _cut_of(run: Run) -> tuple[int, int, int, int]:
    """What a worker cut off the first mockup, once it has said so."""
    above, below, left, right = (*run.report.get("cut", ()), 0, 0, 0, 0)[:4]
    return round(above), round(below), round(left), round(right)


def _find_mockup(run: Run, width: int) -> Upload | None:
    """Return the mockup of that width in CSS pixels; pictures are 1, 2 or 3 times as wide."""

    def measure_scale_error(upload: Upload) -> float:
        scale = upload.width / width
        return abs(scale - max(1, round(scale)))

    uploads = [mockup.upload for mockup in run.further.select_related("upload")]
    return min(uploads, key=measure_scale_error, default=run.upload)


def find_shape(upload: Upload | None) -> dict[str, str]:
    """Return the mockup's width by its height, and its name: "landscape" or "portrait"."""
    ratio = upload.width / upload.height if upload else 0.0
    return {
        "name": "landscape" if ratio >= LANDSCAPE else "portrait",
        "ratio": f"{ratio:.4f}",
    }
