"""Imports all our modules: `python -m tests.every_module` prints those that cannot be imported here."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from collections.abc import Iterator

OURS = ("studio", "inference", "kernels")
# Modules that are the program of a process of their own, or need Triton, which not every system has.
PROGRAMS = ("__main__", "gpu", "language")
NEED_TRITON = "kernels.int4_moe."


def list_modules() -> Iterator[str]:
    """Yield the names of all our modules, of tests and migrations none."""
    for name in OURS:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            parts = module.name.split(".")
            if parts[-1] in PROGRAMS or "migrations" in parts:
                continue
            if not module.name.startswith(NEED_TRITON):
                yield module.name


def set_up_django() -> None:
    """Load Django's applications, also that of single sign-on, without whose models its modules do not load."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.config.settings")
    os.environ.setdefault("OIDC_URL", "https://issuer.example")
    os.environ.setdefault("OIDC_CLIENT", "id:secret")
    import django

    django.setup()


def import_all() -> list[str]:
    """Import our modules and return a line for each that cannot be imported."""
    set_up_django()
    failed = []
    for name in list_modules():
        try:
            importlib.import_module(name)
        except (ImportError, AttributeError, OSError) as error:
            failed.append(f"{name}: {type(error).__name__}: {error}")
    return failed


if __name__ == "__main__":
    failures = import_all()
    print("\n".join(failures))
    sys.exit(bool(failures))
