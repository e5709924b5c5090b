"""A page out of a model's answer: whole files, search/replace blocks against the files there are,
or both.
"""

from __future__ import annotations

from dataclasses import dataclass

from studio.pipeline.bundle import Bundle, BundleError, BundleParser
from studio.pipeline.editing.search_replace import apply_edits, has_edits, read_edits, strip_edits


@dataclass(frozen=True, slots=True)
class AnsweredPage:
    """`failures`: a sentence for each block that could not be applied."""

    bundle: Bundle
    failures: tuple[str, ...] = ()


def read_page(answer: str, base: Bundle | None = None) -> AnsweredPage:
    """The page that the answer makes of `base`; raises BundleError when it makes none."""
    parser = BundleParser()
    parser.feed(strip_edits(answer))
    written = parser.finish()
    if base is None or (written is not None and not has_edits(answer)):
        if written is None:
            raise BundleError("The model's answer holds no HTML page.")
        return AnsweredPage(written)
    files = {path: text for path, text in parser.partial().items() if not path.startswith("note-")}
    whole = Bundle({**base.files, **files}, base.assets)
    if not has_edits(answer):
        if not files:
            raise BundleError(
                "The model's answer holds neither a file nor a block that changes one."
            )
        return AnsweredPage(whole)
    edited = apply_edits(whole, read_edits(answer))
    if not edited.applied and not files:
        raise BundleError(
            " ".join(edited.failures) or "The model's answer holds no complete block."
        )
    return AnsweredPage(edited.bundle, edited.failures)
