"""A version in its run's stack: what a browser shows of it, what is measured, and the project a person takes away.

A version keeps the code as it was written. The draft and what is made of it are HTML + CSS, and become the stack's
project when somebody looks; a model writes the stack itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from studio.pipeline import stacks
from studio.pipeline.bounds import OutOfBounds, check_code
from studio.pipeline.bundle import ENTRY, Bundle, all_files
from studio.pipeline.bundle_zip import read_bundle
from studio.pipeline.editing.source_positions import marked
from studio.pipeline.stacks.kinds import stack_of
from studio.pipeline.stacks.prettier import formatted
from studio.pipeline.types import RenderError

if TYPE_CHECKING:  # the loop measures by this module, and knows no database
    from studio.runs.models import Attempt

UNREAD = ("package-lock.json",)  # the longest file of a project, and nobody wants to read it
BROKEN = '<!doctype html><html lang="en"><title>No preview</title><p style="font: 16px sans-serif">{reason}</p></html>'


def written_in(bundle: Bundle, stack: str) -> stacks.Stack:
    """The stack of its sources, in a run of this stack: what is not written in it is HTML + CSS."""
    kind = stack_of(stack)
    return kind if stacks.is_native(bundle, kind) else "html-css"


def measured(bundle: Bundle, stack: str) -> Bundle:
    """What the renderer shows of an attempt; raises RenderError. An HTML + CSS page looks the same in every stack."""
    try:
        check_code(bundle.files)
        return stacks.page(bundle, written_in(bundle, stack))
    except (stacks.StackError, OutOfBounds) as error:
        raise RenderError(str(error)) from None


def shown(attempt: Attempt) -> Mapping[str, bytes]:
    """The files of the version's preview."""
    return _shown(attempt.pk, attempt.bundle.name, attempt.run.stack)


def previewed(bundle: Bundle, stack: str) -> Mapping[str, bytes]:
    """The files of a preview; what is converted is marked before, while it is the code that a person edits.

    Raises StackError.
    """
    kind = stack_of(stack)
    try:
        check_code(bundle.files)
    except OutOfBounds as error:
        raise stacks.StackError(str(error)) from None
    if ENTRY in bundle.files and not stacks.is_native(bundle, kind):
        source = marked(bundle.files[ENTRY])
        bundle = Bundle({**bundle.files, ENTRY: source}, bundle.assets)
    return all_files(stacks.page(bundle, kind))


def project_files(attempt: Attempt) -> dict[str, bytes]:
    """The version as a project of its run's stack: what an export brings to an empty repository. Raises StackError."""
    project = stacks.named_project(read(attempt), stack_of(attempt.run.stack))
    return all_files(Bundle(formatted(project.files, {}), project.assets))


def sources(bundle: Bundle, stack: str) -> Bundle:
    """What a person reads of the bundle as the stack's project."""
    kind = stack_of(stack)
    if kind == "html-css" or not bundle.files:
        return bundle
    whole = stacks.project(bundle, kind)
    return Bundle({name: text for name, text in whole.files.items() if name not in UNREAD}, bundle.assets)


def written_files(bundle: Bundle, stack: str) -> Bundle:
    """What a model is to write of it: neither the build's settings nor what is the same in every project."""
    ours = {*stacks.template(stack_of(stack)), "src/main.js", "src/main.jsx"}
    files = sources(bundle, stack).files
    shell = {"index.html"} if stack in ("react", "vue") else set()
    return Bundle({name: text for name, text in files.items() if name not in ours | shell}, bundle.assets)


def read(attempt: Attempt) -> Bundle:
    with attempt.bundle.open() as stored:
        return read_bundle(stored.read())


# A version never changes, and a browser asks for its files one by one.
@lru_cache(maxsize=8)
def _shown(pk: int, name: str, stack: str) -> Mapping[str, bytes]:
    from studio.runs.models import Attempt

    try:
        return previewed(read(Attempt.objects.get(pk=pk)), stack)
    except stacks.StackError as error:
        return {ENTRY: BROKEN.format(reason=escape(str(error))).encode()}
