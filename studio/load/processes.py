"""The processes of a studio, found by its data folder, and their memory."""

from __future__ import annotations

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
