"""Resident memory of this process: now and at its peak."""

from __future__ import annotations

import sys
from pathlib import Path

STATUS = Path("/proc/self/status")
CLEAR_REFS = Path("/proc/self/clear_refs")
RESET_PEAK = "5"  # the value of clear_refs that resets VmHWM; see proc_pid_clear_refs(5)


def read_resident() -> int:
    """Return the bytes in use now, or the peak where the kernel does not report them."""
    return _read_field("VmRSS") or read_peak()


def read_peak() -> int:
    """Return the peak in bytes since `reset_peak`, or since the start where it is not reported."""
    reported = _read_field("VmHWM")
    if reported is not None:
        return reported
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else 1024 * most  # macOS counts bytes, others kilobytes


def reset_peak() -> None:
    """Reset the peak to the memory in use now, where the kernel supports it."""
    try:
        CLEAR_REFS.write_text(RESET_PEAK, encoding="ascii")
    except OSError:
        return


def _read_field(name: str) -> int | None:
    try:
        about = STATUS.read_text(encoding="ascii")
    except OSError:
        return None
    for line in about.splitlines():
        if line.startswith(f"{name}:"):
            return 1024 * int(line.split()[1])
    return None
