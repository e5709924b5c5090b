"""The processes of a studio, their memory and their processor time."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

PARTS = {"web": "studio.processes.web", "worker": "celery", "valkey": "valkey-server"}


def find(data_dir: Path, part: str) -> list[int]:
    """Return the process ids of one part of the studio, sorted."""
    ids = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            ours = (
                str(data_dir) in line
                or f"DATA_DIR={data_dir}".encode() in (folder / "environ").read_bytes()
            )
        except OSError:  # ended, or owned by another user
            continue
        if ours and PARTS[part] in line:
            ids.append(int(folder.name))
    return sorted(ids)


def resident(pid: int) -> float:
    """Return the resident memory in MB; 0 for a process that has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith("VmRSS")), 0.0)


class Peaks:
    """The peak memory of each part, by sampling."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.idle = self._now()
        self.peak = dict(self.idle)

    def look(self) -> None:
        for part, size in self._now().items():
            self.peak[part] = max(self.peak[part], size)

    def _now(self) -> dict[str, float]:
        return {part: round(sum(map(resident, find(self.data_dir, part)))) for part in PARTS}


def cpu_seconds(serve: int) -> dict[str, float]:
    """Return the processor seconds of each part below `serve` so far, with all that it started.

    Each process tells its own time and that of its children that have ended.
    """
    parents, lines, seconds = _read_processes()
    totals = dict.fromkeys(PARTS, 0.0)
    for pid in parents:
        part = _find_part(pid, serve, parents, lines)
        if part is not None:
            totals[part] += seconds[pid]
    return totals


def _find_part(pid: int, serve: int, parents: dict[int, int], lines: dict[int, str]) -> str | None:
    """Return the part whose process is a child of `serve` and this one or above it."""
    while pid in parents and parents[pid] != serve:
        pid = parents[pid]
    if pid not in parents:
        return None
    return next((part for part, words in PARTS.items() if words in lines[pid]), None)


def _read_processes() -> tuple[dict[int, int], dict[int, str], dict[int, float]]:
    """Return the parent, the command line and the processor seconds of every process."""
    parents: dict[int, int] = {}
    lines: dict[int, str] = {}
    seconds: dict[int, float] = {}
    ticks = os.sysconf("SC_CLK_TCK")
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError, IndexError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            pid = int(folder.name)
            parents[pid] = int(fields[1])
            lines[pid] = line
            # utime, stime, cutime and cstime of proc_pid_stat(5)
            seconds[pid] = sum(int(field) for field in fields[11:15]) / ticks
    return parents, lines, seconds
