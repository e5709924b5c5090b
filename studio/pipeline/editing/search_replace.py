"""Search/replace blocks, with which a model changes only what is wrong.

They are read leniently and applied strictly. A block whose search text is not found, or found more
than once, is not applied and is reported, so that the model can correct it. White space at line ends
and the depth of indentation may differ; words and their order may not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from studio.pipeline.bundle import ENTRY, Bundle, BundleError, require_safe_path

SEARCH = re.compile(r"^\s{0,3}<{5,}\s*SEARCH\b.*$", re.IGNORECASE)
MIDDLE = re.compile(r"^\s{0,3}={5,}\s*$")
REPLACE = re.compile(r"^\s{0,3}>{5,}\s*(REPLACE\b.*)?$", re.IGNORECASE)
FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})")
PATH = re.compile(r"[\w./-]+\.(?:html|css|mjs|js|jsx|tsx|ts|vue|json|svg|md|txt)\b")
LEAST_ALIKE = 0.6  # ratio from which a line counts as the one that was meant
QUOTED = 60  # characters of a search text in a message
MOST_EDITS = 200  # of one answer; answers had up to 40
# Where the nearest line is looked for, how many lines are compared letter by letter, and how much of
# each: 100 characters take 0.6 ms, and a hostile answer may hold 2 million.
MOST_LINES = 20_000
MOST_COMPARED = 1_000
LONGEST_COMPARED = 200


@dataclass(frozen=True, slots=True)
class Edit:
    """One block; `path` is empty if the answer names no file."""

    path: str
    search: str
    replace: str


@dataclass(frozen=True, slots=True)
class Edited:
    """The bundle with the blocks that could be applied, and a sentence for each other block."""

    bundle: Bundle
    applied: int
    failures: tuple[str, ...]


def read_edits(answer: str) -> list[Edit]:
    """Return every complete block of an answer, in order; text around them is ignored."""
    edits: list[Edit] = []
    path = ""
    search: list[str] | None = None
    replace: list[str] | None = None
    for line in answer.splitlines(keepends=True):
        if search is None:
            if SEARCH.match(line):
                search = []
            elif found := PATH.findall(line):
                path = found[-1]
        elif replace is None:
            if MIDDLE.match(line):
                replace = []
            else:
                search.append(line)
        elif REPLACE.match(line) or (FENCE.match(line) and not line.strip("`~ \n")):
            edits.append(Edit(path, "".join(search), "".join(replace)))
            search = replace = None
        else:
            replace.append(line)
    return edits


def strip_edits(answer: str) -> str:
    """Return the answer without its blocks and the fences around them, to read whole files from."""
    kept: list[str] = []
    held: list[str] = []  # a fenced part, until it is known whether there are blocks in it
    fence = ""
    in_block = has_block = False
    for line in answer.splitlines(keepends=True):
        opening = FENCE.match(line)
        if in_block or SEARCH.match(line):
            in_block = not REPLACE.match(line)
            has_block = True
        elif fence:
            held.append(line)
            if opening and opening[1].startswith(fence) and not line.strip("`~ \n"):
                if not has_block:
                    kept += held
                held = []
                fence = ""
        elif opening:
            held, fence, has_block = [line], opening[1], False
        else:
            kept.append(line)
    if not has_block:
        kept += held
    return "".join(kept)


def has_edits(answer: str) -> bool:
    return any(SEARCH.match(line) for line in answer.splitlines())


def apply_edits(bundle: Bundle, edits: Sequence[Edit]) -> Edited:
    files, applied, failures = dict(bundle.files), 0, []
    for edit in edits[:MOST_EDITS]:
        try:
            path = _find_file(edit, files)
            files[path] = _apply_edit(files.get(path, ""), edit)
            applied += 1
        except BundleError as error:
            failures.append(str(error))
    if len(edits) > MOST_EDITS:
        failures.append(f"Got {len(edits)} blocks; only the first {MOST_EDITS} were read.")
    return Edited(Bundle(files, bundle.assets), applied, tuple(failures))


def _find_file(edit: Edit, files: Mapping[str, str]) -> str:
    """Return the file it names, unless exactly one other file holds the search text."""
    search = edit.search.strip()
    if not search:
        return require_safe_path(edit.path or ENTRY)  # an empty search writes a new file
    holding = [name for name, text in files.items() if search in text]
    if len(holding) == 1:
        return holding[0]
    if edit.path in files:
        return edit.path
    alike = [
        name for name in files if edit.path and name.endswith("/" + edit.path.rpartition("/")[2])
    ]
    if len(alike) == 1 or not edit.path:
        return alike[0] if alike else ENTRY
    raise BundleError(
        f"There is no file {edit.path[:80]!r}; the files are {', '.join(sorted(files))}."
    )


def _apply_edit(text: str, edit: Edit) -> str:
    if not edit.search.strip():
        if text.strip():
            raise BundleError(
                "A block has an empty SEARCH, which does not say where its text belongs."
            )
        return edit.replace
    places = text.count(edit.search)
    if places == 1:
        return text.replace(edit.search, edit.replace)
    if places > 1:
        raise BundleError(
            f"{_describe_edit(edit)} is found {places} times; a SEARCH must hold enough lines to be found once."
        )
    part = edit.search.strip("\n")
    if text.count(part) == 1 and "\n" not in part:  # part of a line
        return text.replace(part, edit.replace.strip("\n"))
    return _apply_by_lines(text, edit)


def _apply_by_lines(text: str, edit: Edit) -> str:
    """Return the text with the edit applied, comparing lines without the white space at their ends.

    The replacement gets the indentation of the lines found.
    """
    lines = text.splitlines(keepends=True)
    wanted = [line.strip() for line in _trim_blank_lines(edit.search)]
    starts = _find_lines([line.strip() for line in lines], wanted)
    if len(starts) > 1:
        raise BundleError(
            f"{_describe_edit(edit)} is found more than once; a SEARCH must hold enough lines to be found once."
        )
    if not starts:
        raise BundleError(
            f"{_describe_edit(edit)} is not in the file{_find_nearest_text(lines, wanted)}."
        )
    start = starts[0]
    first = next(i for i, words in enumerate(wanted) if words)
    depth = _measure_indent(lines[start + first]) - _measure_indent(
        _trim_blank_lines(edit.search)[first]
    )
    new = [_shift_indent(line, depth) for line in edit.replace.splitlines(keepends=True)]
    if new and not new[-1].endswith("\n"):
        new[-1] += "\n"
    return "".join([*lines[:start], *new, *lines[start + len(wanted) :]])


def _find_lines(lines: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Return where `wanted` begins among `lines`, up to the second place.

    As one search in one text, whose time is linear; line by line, equal lines would take hours.
    """
    text, part = ("".join(["\n", *(f"{line}\n" for line in each)]) for each in (lines, wanted))
    places: list[int] = []
    at = text.find(part)
    while at >= 0 and len(places) < 2:
        places.append(text.count("\n", 0, at))
        at = text.find(part, at + 1)
    return places


def _trim_blank_lines(search: str) -> list[str]:
    lines = search.splitlines()
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def _measure_indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _shift_indent(line: str, depth: int) -> str:
    if not line.strip():
        return line
    return " " * depth + line if depth >= 0 else line[min(-depth, _measure_indent(line)) :]


def _describe_edit(edit: Edit) -> str:
    words = " ".join(edit.search.split())
    if len(words) > QUOTED:
        words = words[:QUOTED] + "…"
    return f"SEARCH {words!r}"


def _find_nearest_text(lines: Sequence[str], wanted: Sequence[str]) -> str:
    """Return the file's line most like the search; a model usually misremembers one word."""
    probe = max(wanted, key=len, default="")[:LONGEST_COMPARED]
    best = ""
    best_ratio = LEAST_ALIKE
    compared = 0
    matcher = SequenceMatcher(None, b=probe)
    for line in dict.fromkeys(line.strip() for line in lines[:MOST_LINES]):
        matcher.set_seq1(line[:LONGEST_COMPARED])
        if matcher.real_quick_ratio() <= best_ratio or matcher.quick_ratio() <= best_ratio:
            continue
        compared += 1
        if compared > MOST_COMPARED:
            break
        ratio = matcher.ratio()
        if ratio > best_ratio:
            best = line
            best_ratio = ratio
    return f"; the nearest line is {best[:120]!r}" if best else ""
