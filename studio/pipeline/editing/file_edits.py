"""Edits by hand of whole files: what a person wrote in the code editor, checked and applied."""

from __future__ import annotations

from collections.abc import Mapping

from studio.pipeline.bounds import OutOfBounds, check_code
from studio.pipeline.bundle import MOST_CHARACTERS, Bundle
from studio.pipeline.editing.edit_error import EditError


def apply_file_edits(bundle: Bundle, texts: Mapping[str, str]) -> Bundle:
    """Return the bundle with the files replaced; raises EditError for what cannot be a version."""
    unknown = [name for name in texts if name not in bundle.files]
    if unknown:
        raise EditError(f"{unknown[0][:60]!r} is not a file of this version.")
    if all(bundle.files[name] == text for name, text in texts.items()):
        raise EditError("Nothing was changed.")
    files = {**bundle.files, **texts}
    length = sum(map(len, files.values()))
    if length > MOST_CHARACTERS:
        raise EditError(f"The code has {length} characters; use at most {MOST_CHARACTERS}.")
    try:
        check_code(files)
    except OutOfBounds as error:
        raise EditError(str(error)) from None
    return Bundle(files, bundle.assets)


def describe_file_edits(texts: Mapping[str, str]) -> str:
    """Return which files were edited, short enough for a list of versions."""
    return f"Code edited: {', '.join(sorted(texts))}"[:200]
