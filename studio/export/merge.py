"""The three-way merge of an export: our files, the repository's, and the last export.

Plain data in and out, no git. Nothing of the repository is lost: where both sides changed the same
lines, the repository's lines stay and the conflict is shown.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from merge3 import Merge3

Kind = Literal["added", "changed", "deleted", "merged", "conflict", "kept"]
Files = Mapping[str, bytes]
MOST_DIFF = 400  # lines shown of one file's diff
LONGEST = 300  # characters of one line


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file that differs. `kept`: the repository's version stays although ours differs."""

    path: str
    kind: Kind
    diff: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """The files to write (`result`, path → bytes) and to delete, with all changes."""

    changes: tuple[FileChange, ...]
    result: Files
    deleted: tuple[str, ...]

    @property
    def is_nothing(self) -> bool:
        return not self.result and not self.deleted

    @property
    def conflicts(self) -> tuple[FileChange, ...]:
        return tuple(change for change in self.changes if change.kind == "conflict")

    def digest(self) -> str:
        """Return a digest that proves that the confirmed plan is the executed one."""
        files = {
            path: hashlib.sha256(data).hexdigest() for path, data in sorted(self.result.items())
        }
        return hashlib.sha256(json.dumps([files, sorted(self.deleted)]).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        return {"changes": [asdict(change) for change in self.changes], "digest": self.digest()}


def plan(*, ours: Files, theirs: Files, last: Files | None) -> ExportPlan:
    """Plan an export. `last` is the previous export's files; None for the first one.

    On a first export, existing files of the repository are kept.
    """
    changes: list[FileChange] = []
    result: dict[str, bytes] = {}
    deleted: list[str] = []
    for path in sorted({*ours, *(last or {})}):
        change, data = _decide_change(
            path, ours.get(path), theirs.get(path), (last or {}).get(path)
        )
        if change is not None:
            changes.append(change)
        if change is None or change.kind in ("conflict", "kept"):
            continue
        if data is None:
            deleted.append(path)
        else:
            result[path] = data
    return ExportPlan(tuple(changes), result, tuple(deleted))


def _decide_change(
    path: str, ours: bytes | None, theirs: bytes | None, last: bytes | None
) -> tuple[FileChange | None, bytes | None]:
    """Return the change, if any, and the file's new content."""
    if ours == theirs or (ours is None and theirs is None):
        return None, None
    if theirs == last:
        return _compare_plainly(path, ours, theirs), ours
    if ours == last:
        if last is None:
            return None, None
        reason = "changed in the repository, not by this version"
        if theirs is None:
            reason = "deleted in the repository"
        return FileChange(path, "kept", reason=reason), None
    if theirs is None:
        reason = "deleted in the repository, changed by this version: it stays deleted"
        return FileChange(path, "conflict", reason=reason), None
    if ours is None:
        reason = "changed in the repository, no longer in this version: it stays"
        return FileChange(path, "conflict", reason=reason), None
    return _merge_texts(path, ours, theirs, last)


def _compare_plainly(path: str, ours: bytes | None, theirs: bytes | None) -> FileChange:
    kind: Kind = "changed"
    if theirs is None:
        kind = "added"
    if ours is None:
        kind = "deleted"
    return FileChange(path, kind, diff=write_diff(theirs, ours))


def _merge_texts(
    path: str, ours: bytes, theirs: bytes, last: bytes | None
) -> tuple[FileChange, bytes | None]:
    texts = _decode_texts(ours, theirs, last if last is not None else b"")
    if texts is None or last is None:
        reason = "binary file changed on both sides: the repository's version stays"
        if last is None:
            reason = "exists already and differs: the repository's version stays"
        diff = write_diff(theirs, ours)
        return FileChange(path, "conflict", diff=diff, reason=reason), None
    our_lines, their_lines, base_lines = (text.splitlines(True) for text in texts)
    merge = Merge3(base_lines, their_lines, our_lines)
    if any(region[0] == "conflict" for region in merge.merge_regions()):
        marked = merge.merge_lines(
            name_a="in the repository", name_b="this version", name_base="last export"
        )
        diff = _shorten_lines("".join(marked).splitlines())
        reason = "both sides changed the same lines: the repository's lines stay"
        return FileChange(path, "conflict", diff=diff, reason=reason), None
    data = "".join(merge.merge_lines()).encode()
    if data == theirs:
        return FileChange(path, "kept", reason="already has this version's change"), None
    diff = write_diff(theirs, data)
    reason = "the repository's changes are kept"
    return FileChange(path, "merged", diff=diff, reason=reason), data


def write_diff(before: bytes | None, after: bytes | None) -> str:
    """Return a unified diff, shortened for a page; sizes for binary files."""
    texts = _decode_texts(before or b"", after or b"")
    if texts is None:
        return f"{len(before or b'')} bytes become {len(after or b'')}"
    old, new = (text.splitlines() for text in texts)
    return _shorten_lines(list(difflib.unified_diff(old, new, lineterm="", n=2))[2:])


def _shorten_lines(lines: Sequence[str]) -> str:
    shortened = [line[:LONGEST] for line in lines[:MOST_DIFF]]
    omitted = len(lines) - len(shortened)
    if omitted:
        shortened.append(f"… {omitted} further lines")
    return "\n".join(shortened)


def _decode_texts(*contents: bytes) -> tuple[str, ...] | None:
    """Decode the contents as UTF-8; None if one of them is binary."""
    if any(b"\0" in content[:8000] for content in contents):
        return None
    try:
        return tuple(content.decode() for content in contents)
    except UnicodeDecodeError:
        return None


def list_tree_lines(paths: Mapping[str, str]) -> Iterator[tuple[int, str, str]]:
    """Yield the lines of a file tree: depth, name and kind ("" for a folder)."""
    shown_folders: set[str] = set()
    for path in sorted(paths):
        *folders, name = path.split("/")
        for depth in range(len(folders)):
            folder = "/".join(folders[: depth + 1])
            if folder not in shown_folders:
                shown_folders.add(folder)
                yield depth, f"{folders[depth]}/", ""
        yield len(folders), name, paths[path]
