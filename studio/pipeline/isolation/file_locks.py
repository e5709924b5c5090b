"""Locks on files, which other processes respect and which end with the process."""

from __future__ import annotations

import os
import sys
import time

RETRY = 0.1  # seconds between two tries where the system cannot wait for a lock


def lock_file(file: int, *, wait: bool) -> None:
    """Lock an open file until it is closed.

    Raises BlockingIOError if another process holds the lock and `wait` is False.
    """
    if sys.platform == "win32":
        _lock_on_windows(file, wait=wait)
        return
    import fcntl

    fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)


def _lock_on_windows(file: int, *, wait: bool) -> None:
    """Lock the file's first byte, which need not exist."""
    from msvcrt import LK_NBLCK, locking  # type: ignore[attr-defined, unused-ignore]

    while True:
        os.lseek(file, 0, os.SEEK_SET)
        try:
            locking(file, LK_NBLCK, 1)
            return
        except OSError:
            if not wait:
                raise BlockingIOError("another process holds the lock") from None
        time.sleep(RETRY)
