"""How to start the browser with the fewest rights that this machine allows.

It gets an empty environment, and another user where this process is root. As root, Chromium refuses
to sandbox its processes; as an ordinary user it can, where user namespaces are allowed.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from studio.pipeline.isolation.systems import check_system

if TYPE_CHECKING:
    from pwd import struct_passwd

SCRIPT = Path(__file__).parent / "start_browser.sh"
USER = "nobody"
PATIENCE = 10.0  # seconds in which `true` must end

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Launch:
    """How a browser is started: `program` is a script around it, None for Playwright's own browser.

    `profile` is a folder to remove afterwards; empty where Playwright makes its own.
    """

    program: str | None
    environment: Mapping[str, str]
    sandboxed: bool
    profile: str = ""


def plan_launch(program: str | None, user: str = USER) -> Launch:
    """Return the safest way of starting `program` that works here.

    None is Playwright's own browser. Raises UnsupportedSystem.
    """
    check_system()
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"}
    if program is not None:
        environment["LIKENESS_PROGRAM"] = program
    script = str(SCRIPT) if program is not None else None
    if os.geteuid() != 0:
        return Launch(script, {**environment, "HOME": str(Path.home())}, sandboxed=True)
    if program is None or (obstacle := why_not_as(user, program)):
        _warn(
            obstacle if program is not None else "Playwright's own browser is one of root's files"
        )
        return Launch(script, environment, sandboxed=False)
    entry = _find_user(user)
    profile = tempfile.mkdtemp(prefix="likeness-browser-")
    os.chown(profile, entry.pw_uid, entry.pw_gid)
    environment |= {
        "HOME": profile,
        "LIKENESS_PROFILE": profile,
        "LIKENESS_USER": str(entry.pw_uid),
        "LIKENESS_GROUP": str(entry.pw_gid),
    }
    return Launch(script, environment, has_namespaces(user), profile)


@cache
def why_not_as(user: str, program: str) -> str:
    """Return why the browser cannot run as `user`; '' if it can."""
    try:
        entry = _find_user(user)
    except KeyError:
        return f"there is no user {user!r} (BROWSER_USER)"
    if entry.pw_uid == 0:
        return "BROWSER_USER is root itself"
    if shutil.which("setpriv") is None:
        return "the program setpriv is missing (apt install util-linux)"
    if not _runs(user, "test", "-x", program):
        return f"the user {user} may not run {program}"
    return ""


@cache
def has_namespaces(user: str) -> bool:
    """Return True if this user may create user namespaces, which Chromium's sandbox needs."""
    return _runs(user, "unshare", "--user", "true")


def _find_user(name: str) -> struct_passwd:
    """Return the user's entry; raises KeyError if there is none."""
    import pwd

    return pwd.getpwnam(name)


def _runs(user: str, *command: str) -> bool:
    import grp

    group = grp.getgrgid(_find_user(user).pw_gid).gr_name
    as_user = [
        "setpriv",
        f"--reuid={user}",
        f"--regid={group}",
        "--clear-groups",
        "--inh-caps=-all",
    ]
    try:
        finished = subprocess.run(  # noqa: S603
            [*as_user, *command],
            env={"PATH": os.environ.get("PATH", os.defpath)},
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return finished.returncode == 0


@cache
def _warn(reason: str) -> None:
    """Log once per process that generated pages are rendered with root's rights."""
    logger.warning(
        "generated pages are rendered as root and without Chromium's sandbox: %s; run the studio as an ordinary user",
        reason,
    )
