"""The processes of a studio, found by its data folder: what they hold in memory, and which one to
kill.
"""

from __future__ import annotations

from pathlib import Path

PARTS = {"web": "studio.processes.web", "worker": "celery", "valkey": "valkey-server"}


def find(data_dir: Path, part: str) -> list[int]:
    """The process ids of a part of the studio in this data folder, the oldest first."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            ours = (
                str(data_dir) in line
                or f"DATA_DIR={data_dir}".encode() in (folder / "environ").read_bytes()
            )
        except OSError:  # gone, or another user's
            continue
        if ours and PARTS[part] in line:
            found.append(int(folder.name))
    return sorted(found)


def resident(pid: int) -> float:
    """MB in memory; 0 of a process that is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith("VmRSS")), 0.0)


class Peaks:
    """The most that each part held, looked at now and then."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.idle = self._now()
        self.peak = dict(self.idle)

    def look(self) -> None:
        for part, size in self._now().items():
            self.peak[part] = max(self.peak[part], size)

    def _now(self) -> dict[str, float]:
        return {part: round(sum(map(resident, find(self.data_dir, part)))) for part in PARTS}
