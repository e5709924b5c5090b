"""Keeps a handful of child processes running: starts them, restarts one that dies, stops all
without leaving an orphan.

Knows nothing of what they do. Each is a process group of its own, so a Ctrl-C in the terminal
reaches only us.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Start = Callable[[], "subprocess.Popen[bytes]"]

FIRST_DELAY, LONGEST_DELAY = 0.2, 10.0
# A child that ran this long was well: its next restart is at once again.
WELL = 30.0
# Of the 5 s that stopping may take, the orderly part: for most, and then for what they stood on.
PATIENCE, PATIENCE_LAST = 3.5, 1.0


@dataclass
class Child:
    """`foundation`: the others need it, so it stops last."""

    name: str
    start: Start
    foundation: bool = False
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    delay: float = FIRST_DELAY
    due: float = 0.0
    restarts: int = 0

    def launch(self) -> None:
        self.process = self.start()
        self.started = time.monotonic()

    def died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def kill_group(self) -> None:
        """Ends the child's own children too, even when the child itself has gone."""
        assert self.process is not None
        with contextlib.suppress(
            ProcessLookupError, PermissionError
        ):  # macOS says the latter of a group of zombies
            os.killpg(self.process.pid, signal.SIGKILL)


@dataclass
class Supervisor:
    """`children` in the order in which they need each other."""

    children: Sequence[Child]
    say: Callable[[str], None]

    def start(self) -> None:
        for child in self.children:
            child.launch()

    def look(self) -> None:
        """One round: note who died, restart whoever's waiting time is over."""
        now = time.monotonic()
        for child in self.children:
            if child.died():
                self._note_death(child, now)
            if child.process is None and now >= child.due:
                child.restarts += 1
                child.launch()

    def stop(self) -> None:
        """Ask, wait, insist; returns within 5 s with every process group gone."""
        _stop([child for child in self.children if not child.foundation], PATIENCE)
        _stop([child for child in self.children if child.foundation], PATIENCE_LAST)

    def _note_death(self, child: Child, now: float) -> None:
        assert child.process is not None
        code = child.process.returncode
        child.kill_group()
        child.delay = (
            FIRST_DELAY if now - child.started > WELL else min(child.delay * 2, LONGEST_DELAY)
        )
        child.process, child.due = None, now + child.delay
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        self.say(f"The {child.name} stopped ({how}); starting it again in {child.delay:.1f} s.")


def _stop(children: Sequence[Child], patience: float) -> None:
    """SIGTERM to the processes themselves (each stops its own children in its own way), SIGKILL to
    what is left.
    """
    deadline = time.monotonic() + patience
    running = [child for child in children if child.process is not None]
    for child in running:
        assert child.process is not None
        child.process.terminate()
    for child in running:
        assert child.process is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.process.wait(timeout=max(0.0, deadline - time.monotonic()))
        child.kill_group()
        child.process.wait()
