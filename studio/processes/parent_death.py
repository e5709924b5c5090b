"""Child processes that Linux kills when their parent dies, even after `kill -9`.

Other systems (macOS) have no such signal; there only an orderly stop ends them. Nothing is started on
Windows (studio/pipeline/isolation/systems.py).
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int | None = None) -> None:
    """Make this process end with its parent; `parent` is its id, in case it died already."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if parent is not None and os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def make_preexec() -> Callable[[], None]:
    """Return a `preexec_fn` for subprocess; the signal is tied to the starting thread."""
    parent = os.getpid()
    return lambda: die_with_parent(parent)
