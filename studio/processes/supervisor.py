"""Supervises child processes: starts them, restarts dead ones and stops all without orphans.

Each child is a process group of its own, so Ctrl-C in the terminal reaches only this process.
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

# Seconds before a restart; doubled with each restart of an unhealthy child.
FIRST_DELAY = 0.2
LONGEST_DELAY = 10.0
# seconds after which a child counts as healthy and is restarted at once
WELL = 30.0
# Seconds for an orderly stop: for most children, and then for the ones they need. 5 s in total.
PATIENCE = 3.5
PATIENCE_LAST = 1.0


@dataclass
class Child:
    """A supervised process; `foundation`: others need it, so it stops last.

    `is_wanted`: it is started once this is true, and not before.
    """

    name: str
    start: Start
    foundation: bool = False
    is_wanted: Callable[[], bool] = lambda: True
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
        """Kill the child's process group, even after the child itself has ended."""
        assert self.process is not None
        # macOS raises PermissionError for a group of zombies.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)


@dataclass
class Supervisor:
    """Supervises `children`, given in order of dependency."""

    children: Sequence[Child]
    say: Callable[[str], None]

    def start(self) -> None:
        for child in self.children:
            if child.is_wanted():
                child.launch()

    def look(self) -> None:
        """Note dead children and restart those whose delay has passed."""
        now = time.monotonic()
        for child in self.children:
            if child.died():
                self._note_death(child, now)
            if child.process is None and now >= child.due and child.is_wanted():
                if child.started:
                    child.restarts += 1
                child.launch()

    def stop(self) -> None:
        """Stop all children within 5 s: terminate, wait, then kill their groups."""
        _stop([child for child in self.children if not child.foundation], PATIENCE)
        _stop([child for child in self.children if child.foundation], PATIENCE_LAST)

    def _note_death(self, child: Child, now: float) -> None:
        assert child.process is not None
        code = child.process.returncode
        child.kill_group()
        if now - child.started > WELL:
            child.delay = FIRST_DELAY
        else:
            child.delay = min(child.delay * 2, LONGEST_DELAY)
        child.process = None
        child.due = now + child.delay
        reason = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        self.say(f"The {child.name} stopped ({reason}); restarting it in {child.delay:.1f} s.")


def _stop(children: Sequence[Child], patience: float) -> None:
    """Send SIGTERM to the processes, which stop their own children; then kill what is left."""
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
