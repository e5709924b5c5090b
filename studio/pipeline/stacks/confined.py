"""The conversions between stacks, each in a process with limits on memory and time.

What they read was written by a model or a stranger, and parsers and selectors have inputs on which
they never end. Such an input costs an error of one sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from studio.pipeline.bounds import OutOfBounds, check_code
from studio.pipeline.bundle import Bundle
from studio.pipeline.isolation.confined import ConfinedFunction, LimitHit, Limits
from studio.pipeline.stacks.application import Application
from studio.pipeline.stacks.embedding import embed
from studio.pipeline.stacks.kinds import Stack, StackError, parse_stack
from studio.pipeline.stacks.picture_names import name_pictures
from studio.pipeline.stacks.preview_page import make_preview as to_page
from studio.pipeline.stacks.project import make_project as to_project

# Our longest page takes 0.8 s and 70 MB. A bundler that the process starts has the same limits
# again.
LIMITS = Limits(megabytes=512, seconds=20.0, wait=60.0, keep_megabytes=150)
LANES = 2  # conversions at once in one process; others wait

Files = tuple[tuple[str, str], ...]
Paths = tuple[str, ...]


def page(bundle: Bundle, stack: Stack) -> Bundle:
    """Return what a browser shows of a project; raises StackError."""
    return bundle if stack == "html-css" else _converted(_make_page, bundle, stack)


def project(bundle: Bundle, stack: Stack) -> Bundle:
    """Return the whole project of a page; raises StackError when the bundle holds none."""
    return _converted(_make_project, bundle, stack)


def named_project(bundle: Bundle, stack: Stack) -> Bundle:
    """Return the whole project, its pictures named for what they show; raises StackError."""
    return _converted(_make_named_project, bundle, stack)


def embedded(bundle: Bundle, stack: Stack, application: Application) -> Bundle:
    """Return the page as files of an application in the stack's language; raises StackError."""

    def make(files: Files, paths: Paths, stack: Stack) -> Bundle:
        return _in_process("embedded", files, paths, stack, application)

    return _converted(make, bundle, stack)


def convert(
    kind: str, files: Files, paths: Paths, stack: str, application: Application | None = None
) -> Bundle:
    """Make a 'page', 'project', 'named project' or 'embedded' page in the confined process.

    Pictures are only moved, so their bytes stay outside: the number of its path represents each.
    """
    bundle = Bundle(dict(files), {path: b"%d" % number for number, path in enumerate(paths)})
    try:
        if kind == "page":
            return to_page(bundle, parse_stack(stack))
        if application is not None:
            return embed(name_pictures(bundle), parse_stack(stack), application)
        named = name_pictures(bundle) if kind == "named project" else bundle
        return to_project(named, parse_stack(stack))
    except RecursionError:
        raise StackError(
            "The page is nested too deeply to be converted to another stack."
        ) from None


convert_confined = ConfinedFunction(
    f"{__name__}:convert", LIMITS, lanes=LANES, errors=(StackError,)
)
Make = Callable[[Files, Paths, Stack], Bundle]


# Cached because a page is rendered, read and fitted, and a browser requests its files one by one.
@lru_cache(maxsize=16)
def _make_page(files: Files, paths: Paths, stack: Stack) -> Bundle:
    return _in_process("page", files, paths, stack)


@lru_cache(maxsize=4)
def _make_project(files: Files, paths: Paths, stack: Stack) -> Bundle:
    return _in_process("project", files, paths, stack)


def _make_named_project(files: Files, paths: Paths, stack: Stack) -> Bundle:
    return _in_process("named project", files, paths, stack)


def _in_process(
    kind: str, files: Files, paths: Paths, stack: Stack, application: Application | None = None
) -> Bundle:
    try:
        made: Bundle = convert_confined(kind, files, paths, stack, application)
    except LimitHit as hit:
        raise StackError(_words(hit, stack)) from None
    return made


def _converted(make: Make, bundle: Bundle, stack: Stack) -> Bundle:
    try:
        check_code(bundle.files)
    except OutOfBounds as error:
        raise StackError(str(error)) from None
    paths = tuple(sorted(bundle.assets))
    made = make(tuple(sorted(bundle.files.items())), paths, stack)
    return Bundle(
        made.files,
        {path: bundle.assets[paths[int(number)]] for path, number in made.assets.items()},
    )


def _words(hit: LimitHit, stack: Stack) -> str:
    if hit.kind == "busy":
        return "Too many pages are being converted; load this page again in a minute."
    limits = {
        "memory": f"more than {LIMITS.megabytes} MB of memory",
        "time": f"more than {LIMITS.seconds:g} s",
    }
    if hit.kind not in limits:
        return f"Converting this page to {stack} ended its process."
    return f"Converting this page to {stack} took {limits[hit.kind]}."
