"""What an export would do to a repository's files: ours, theirs and what was exported last, merged
and told apart.

Plain data in and out; knows no git. Nothing of theirs is lost: where both changed the same lines,
theirs stays and the conflict is shown.
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
MOST_DIFF = 400  # lines of one file's diff that are shown
LONGEST = 300  # characters of one line


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file that differs from the repository's, or a person's that stays although we have
    another (`kept`).
    """

    path: str
    kind: Kind
    diff: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """`result`: every file to be written (path → bytes); `deleted`: those to be taken away."""

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
        """Tells whether what is done is what was looked at."""
        files = {
            path: hashlib.sha256(data).hexdigest() for path, data in sorted(self.result.items())
        }
        return hashlib.sha256(json.dumps([files, sorted(self.deleted)]).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        return {"changes": [asdict(change) for change in self.changes], "digest": self.digest()}


def plan(*, ours: Files, theirs: Files, last: Files | None) -> ExportPlan:
    """`last`: what was exported before; None for a first export,
    where a file that is there already is theirs to keep."""
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
    """The change to be made, if any, and what the file then holds."""
    if ours == theirs or (ours is None and theirs is None):
        return None, None
    if theirs == last:
        return _compare_plainly(path, ours, theirs), ours
    if ours == last:
        words = (
            "deleted in the repository"
            if theirs is None
            else "changed in the repository, and not by this version"
        )
        return (FileChange(path, "kept", reason=words) if last is not None else None), None
    if theirs is None:
        reason = "deleted in the repository, changed by this version: it stays deleted"
        return FileChange(path, "conflict", reason=reason), None
    if ours is None:
        return FileChange(
            path,
            "conflict",
            reason="changed in the repository, no longer in this version: it stays",
        ), None
    return _merge_texts(path, ours, theirs, last)


def _compare_plainly(path: str, ours: bytes | None, theirs: bytes | None) -> FileChange:
    kind: Kind = "deleted" if ours is None else "added" if theirs is None else "changed"
    return FileChange(path, kind, diff=write_diff(theirs, ours))


def _merge_texts(
    path: str, ours: bytes, theirs: bytes, last: bytes | None
) -> tuple[FileChange, bytes | None]:
    texts = _decode_texts(ours, theirs, last if last is not None else b"")
    if texts is None or last is None:
        reason = (
            "is there already and differs"
            if last is None
            else "changed on both sides, and is no text"
        )
        return FileChange(
            path,
            "conflict",
            diff=write_diff(theirs, ours),
            reason=f"{reason}: the repository's stays",
        ), None
    mine, other, base = (text.splitlines(True) for text in texts)
    merge = Merge3(base, other, mine)
    if any(region[0] == "conflict" for region in merge.merge_regions()):
        marked = "".join(
            merge.merge_lines(
                name_a="in the repository", name_b="this version", name_base="last export"
            )
        )
        reason = "both changed the same lines: the repository's stay"
        return FileChange(
            path, "conflict", diff=_shorten_lines(marked.splitlines()), reason=reason
        ), None
    data = "".join(merge.merge_lines()).encode()
    if data == theirs:
        return FileChange(path, "kept", reason="has this version's change already"), None
    return FileChange(
        path,
        "merged",
        diff=write_diff(theirs, data),
        reason="what was changed in the repository is kept",
    ), data


def write_diff(before: bytes | None, after: bytes | None) -> str:
    """A unified diff, cut to what a page can show; of what is no text its size."""
    texts = _decode_texts(before or b"", after or b"")
    if texts is None:
        return f"{len(before or b'')} bytes become {len(after or b'')}"
    old, new = (text.splitlines() for text in texts)
    return _shorten_lines(list(difflib.unified_diff(old, new, lineterm="", n=2))[2:])


def _shorten_lines(lines: Sequence[str]) -> str:
    cut = [line[:LONGEST] for line in lines[:MOST_DIFF]]
    more = len(lines) - len(cut)
    return "\n".join([*cut, *([f"… {more} further lines"] if more else [])])


def _decode_texts(*contents: bytes) -> tuple[str, ...] | None:
    """None where one of them is no text."""
    if any(b"\0" in content[:8000] for content in contents):
        return None
    try:
        return tuple(content.decode() for content in contents)
    except UnicodeDecodeError:
        return None


def list_tree_lines(paths: Mapping[str, str]) -> Iterator[tuple[int, str, str]]:
    """A file tree to be printed: depth, name and kind ('' for a folder), from path → kind."""
    seen: set[str] = set()
    for path in sorted(paths):
        *folders, name = path.split("/")
        for depth in range(len(folders)):
            folder = "/".join(folders[: depth + 1])
            if folder not in seen:
                seen.add(folder)
                yield depth, f"{folders[depth]}/", ""
        yield len(folders), name, paths[path]
