"""Reading of a page from a model's answer.

The answer holds whole files, search/replace blocks against the existing files, or both.
"""

from __future__ import annotations

from dataclasses import dataclass

from studio.pipeline.bundle import Bundle, BundleError, BundleParser
from studio.pipeline.editing.search_replace import apply_edits, has_edits, read_edits, strip_edits


@dataclass(frozen=True, slots=True)
class AnsweredPage:
    """A page read from an answer; `failures` has a sentence per block that could not be applied."""

    bundle: Bundle
    failures: tuple[str, ...] = ()


def read_page(answer: str, base: Bundle | None = None) -> AnsweredPage:
    """Return the page that the answer makes of `base`; raises BundleError when it makes none."""
    parser = BundleParser()
    parser.feed(strip_edits(answer))
    written = parser.finish()
    if base is None or (written is not None and not has_edits(answer)):
        if written is None:
            raise BundleError("The model's answer holds no HTML page.")
        return AnsweredPage(written)
    files = {path: text for path, text in parser.partial().items() if not path.startswith("note-")}
    merged = Bundle({**base.files, **files}, base.assets)
    if not has_edits(answer):
        if not files:
            raise BundleError(
                "The model's answer holds neither a file nor a block that changes one."
            )
        return AnsweredPage(merged)
    edited = apply_edits(merged, read_edits(answer))
    if not edited.applied and not files:
        raise BundleError(
            " ".join(edited.failures) or "The model's answer holds no complete block."
        )
    return AnsweredPage(edited.bundle, edited.failures)
