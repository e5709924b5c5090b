"""How much of this process is resident, and was at most."""

from __future__ import annotations

import resource
from pathlib import Path

STATUS, FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def read_resident() -> int:
    """Bytes now; where the kernel does not say, at most so far."""
    return _read_field("VmRSS") or read_peak()


def read_peak() -> int:
    """Bytes at most since `forget_peak`; where the kernel does not say, since the start."""
    return _read_field("VmHWM") or 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def forget_peak() -> None:
    try:
        FORGET.write_text("5", encoding="ascii")
    except OSError:
        return


def _read_field(name: str) -> int | None:
    try:
        about = STATUS.read_text(encoding="ascii")
    except OSError:
        return None
    return next(
        (1024 * int(line.split()[1]) for line in about.splitlines() if line.startswith(f"{name}:")),
        None,
    )
