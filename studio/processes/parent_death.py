"""Child processes that cannot outlive us, not even after `kill -9`: Linux signals them when their
parent dies.

Elsewhere (macOS) there is no such signal; there the orderly ways of stopping still end them.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int | None = None) -> None:
    """Called in the child: be killed when the parent is. `parent`: its id, in case it is gone
    already.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if parent is not None and os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def make_preexec() -> Callable[[], None]:
    """A `preexec_fn` for subprocess. Whoever starts the child must stay: the signal is tied to the
    starting thread.
    """
    parent = os.getpid()
    return lambda: die_with_parent(parent)
