"""A version's code in its run's stack: measured, previewed, read by people and written by a model.

A version keeps the code as it was written. The draft and what is derived from it are HTML + CSS, and
are converted to the stack's project when somebody looks. A model writes the stack itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from studio.pipeline.bounds import OutOfBounds, check_code
from studio.pipeline.bundle import ENTRY, Bundle, list_files
from studio.pipeline.editing.source_positions import mark_tags
from studio.pipeline.stacks import confined as conversions
from studio.pipeline.stacks.kinds import Stack, StackError, is_native, parse_stack
from studio.pipeline.stacks.project import read_template
from studio.pipeline.types import RenderError

UNREAD = ("package-lock.json",)  # the longest file of a project, and of no interest to a reader


def detect_stack(bundle: Bundle, stack: str) -> Stack:
    """Return the stack the sources are written in.

    What is not written in `stack` is HTML + CSS.
    """
    kind = parse_stack(stack)
    return kind if is_native(bundle, kind) else "html-css"


def make_measured_page(bundle: Bundle, stack: str) -> Bundle:
    """Return what the renderer shows of an attempt; raises RenderError.

    An HTML + CSS page looks the same in every stack.
    """
    try:
        check_code(bundle.files)
        return conversions.page(bundle, detect_stack(bundle, stack))
    except (StackError, OutOfBounds) as error:
        raise RenderError(str(error)) from None


def make_preview_files(bundle: Bundle, stack: str) -> Mapping[str, bytes]:
    """Return the files of a preview; raises StackError.

    A page to be converted gets its marks before, while it is still the code that a person edits.
    """
    kind = parse_stack(stack)
    try:
        check_code(bundle.files)
    except OutOfBounds as error:
        raise StackError(str(error)) from None
    if ENTRY in bundle.files and not is_native(bundle, kind):
        source = mark_tags(bundle.files[ENTRY])
        bundle = Bundle({**bundle.files, ENTRY: source}, bundle.assets)
    return list_files(conversions.page(bundle, kind))


def make_readable_sources(bundle: Bundle, stack: str) -> Bundle:
    """Return what a person reads of the bundle as the stack's project."""
    kind = parse_stack(stack)
    if kind == "html-css" or not bundle.files:
        return bundle
    whole = conversions.project(bundle, kind)
    return Bundle(
        {name: text for name, text in whole.files.items() if name not in UNREAD}, bundle.assets
    )


def select_model_files(bundle: Bundle, stack: str) -> Bundle:
    """Return the files that a model writes.

    They include neither the build's settings nor what is the same in every project.
    """
    ours = {*read_template(parse_stack(stack)), "src/main.js", "src/main.jsx"}
    files = make_readable_sources(bundle, stack).files
    shell = {"index.html"} if stack in ("react", "vue") else set()
    return Bundle(
        {name: text for name, text in files.items() if name not in ours | shell}, bundle.assets
    )
