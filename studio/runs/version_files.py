"""The files of a stored version: its bundle, its preview and the project that a person takes away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape

from studio.pipeline.bundle import ENTRY, Bundle, list_files
from studio.pipeline.bundle_zip import read_bundle
from studio.pipeline.stacks import confined as conversions
from studio.pipeline.stacks.kinds import StackError, parse_stack
from studio.pipeline.stacks.prettier import format_files
from studio.pipeline.stacks.readme import write_readme
from studio.pipeline.stacks.sources import make_preview_files
from studio.runs.models import Attempt
from studio.uploads.models import Upload

PREVIEW_FOLDER = "preview"
BROKEN = '<!doctype html><html lang="en"><title>No preview</title><p style="font: 16px sans-serif">{reason}</p></html>'


def read_bundle_of(attempt: Attempt) -> Bundle:
    """Return the version's code as it was written."""
    with attempt.bundle.open() as stored:
        return read_bundle(stored.read())


def read_pictures(team_id: int, changes: Iterable[Mapping[str, object]]) -> dict[str, bytes]:
    """Return the team's uploaded pictures that changes by hand put into a page."""
    names = [str(change.get("value")) for change in changes if change.get("name") == "src"]
    pictures = {}
    for upload in Upload.objects.filter(team=team_id, sha256__in=names):
        with upload.file.open() as stored:
            pictures[upload.sha256] = stored.read()
    return pictures


def read_preview_files(attempt: Attempt) -> Mapping[str, bytes]:
    """Return the files of the version's preview."""
    return _read_cached_preview(attempt.pk, attempt.bundle.name, attempt.run.stack)


def make_project_files(attempt: Attempt) -> dict[str, bytes]:
    """Return the version as a project of its stack, as an export writes it to an empty repository.

    Raises StackError.
    """
    project = conversions.named_project(read_bundle_of(attempt), parse_stack(attempt.run.stack))
    return list_files(Bundle(format_files(project.files, {}), project.assets))


def make_take_away_files(attempt: Attempt) -> dict[str, bytes]:
    """Return the project with a README and a built page that opens without a server.

    Raises StackError.
    """
    stack = parse_stack(attempt.run.stack)
    bundle = read_bundle_of(attempt)
    files = make_project_files(attempt)
    page = ENTRY
    if stack != "html-css":
        page = f"{PREVIEW_FOLDER}/{ENTRY}"
        built = list_files(conversions.page(bundle, stack))
        files |= {f"{PREVIEW_FOLDER}/{path}": data for path, data in built.items()}
    has_fonts = any(path.endswith((".woff", ".woff2")) for path in files)
    return {**files, "README.md": write_readme(stack, page, has_fonts=has_fonts).encode()}


# A version never changes, and a browser asks for its files one by one.
@lru_cache(maxsize=8)
def _read_cached_preview(pk: int, name: str, stack: str) -> Mapping[str, bytes]:
    try:
        return make_preview_files(read_bundle_of(Attempt.objects.get(pk=pk)), stack)
    except StackError as error:
        return {ENTRY: BROKEN.format(reason=escape(str(error))).encode()}
