"""Probes of this machine: Python, user, disk, memory, browser, programs, readers, fonts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from studio.config.settings import ENVIRON
from studio.diagnosis.findings import Probe, ProbeError, ProbeWarning

# Before these, html.parser takes minutes over a few kB made for it (CVE-2025-6069).
OLDEST_SAFE = {(3, 11): 14, (3, 12): 12, (3, 13): 6}
ROOM_MEGABYTES = 2_000  # below it a busy studio is full within a day
OLDEST_NODE = 20
WEB_MEGABYTES = 400  # of the web process, Valkey and the other workers together
PAGE = "<!doctype html><title>doctor</title><h1>It renders</h1>"


def try_python() -> str:
    version = sys.version_info[:3]
    words = f"Python {'.'.join(str(part) for part in version)}"
    if version[2] < OLDEST_SAFE.get(version[:2], 0):
        raise ProbeWarning(
            f"{words} reads hostile HTML slowly (CVE-2025-6069).",
            "Install 3.11.14, 3.12.12, 3.13.6 or newer, remove .venv and run make setup.",
        )
    return f"{words}."


def try_user() -> str:
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        raise ProbeWarning(
            "The studio's commands run as root here.",
            "Run them and `serve` as an ordinary user to limit the damage of an attack.",
        )
    return "The studio does not run as root."


def try_data_folder() -> str:
    folder = Path(settings.DATA_DIR)
    if not os.access(folder, os.W_OK):
        raise ProbeError(f"{folder} cannot be written to.", "Set DATA_DIR to another folder.")
    free = shutil.disk_usage(folder).free / 1e6
    if free < ROOM_MEGABYTES:
        raise ProbeWarning(
            f"The disk of {folder} has {free:,.0f} MB free.", "Free space, or set DATA_DIR."
        )
    return f"{folder} can be written to; its disk has {free / 1000:,.0f} GB free."


def try_memory() -> str:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e6
    each = ENVIRON.worker_megabytes + ENVIRON.perception_megabytes
    needed = WEB_MEGABYTES + ENVIRON.valkey_megabytes + ENVIRON.workers * each
    if total < needed:
        raise ProbeWarning(
            f"The machine has {total:,.0f} MB of memory; with these settings {needed:,.0f} may be used.",
            "Lower WORKERS, PERCEPTION_MEGABYTES or VALKEY_MEGABYTES.",
        )
    return f"{total / 1000:,.0f} GB of memory; at most {needed / 1000:,.1f} GB are used."


def try_browser() -> str:
    from studio.pipeline.bundle import Bundle
    from studio.pipeline.isolation.privileges import plan_launch
    from studio.pipeline.rendering.browser import BrowserMissing, find_browser
    from studio.pipeline.rendering.render import Renderer

    try:
        with Renderer(settings.BROWSER, user=settings.BROWSER_USER) as renderer:
            renderer.render(Bundle({"index.html": PAGE}), width=320)
        plan = plan_launch(find_browser(settings.BROWSER), settings.BROWSER_USER)
    except BrowserMissing as error:
        raise ProbeError(str(error), "Run make setup.") from None
    if not plan.sandboxed:
        raise ProbeWarning(
            "The browser renders, but without its own sandbox.",
            "Do not run as root, and allow unprivileged user namespaces.",
        )
    return "The browser renders a page, in its sandbox."


def try_node() -> str:
    program = shutil.which("node")
    hint = f"Install Node.js {OLDEST_NODE} or newer with npm, then run make setup."
    if program is None:
        raise ProbeError("Node.js is missing; stacks other than HTML need it.", hint)
    asked = subprocess.run(  # noqa: S603
        [program, "--version"], capture_output=True, text=True, timeout=10, check=True
    )
    version = asked.stdout.strip()
    if int(version.removeprefix("v").partition(".")[0]) < OLDEST_NODE:
        raise ProbeError(f"Node.js {version} is too old.", hint)
    if not (settings.BASE_DIR / "node_modules" / "esbuild").exists():
        raise ProbeError("Packages of the front end are missing.", "Run make setup.")
    return f"Node.js {version} with its packages."


def try_readers() -> str:
    from studio.pipeline.perception.scripts import FOREIGN
    from studio.pipeline.perception.tesseract import install_command, model_for

    missing = [script for script in FOREIGN if model_for(script) is None]
    if missing:
        names = ", ".join(script.name for script in missing)
        raise ProbeWarning(f"Text in these scripts is not read: {names}.", install_command(missing))
    return "Text in all supported scripts is read."


MACHINE = (
    Probe("python", try_python, ""),
    Probe("user", try_user, ""),
    Probe("data folder", try_data_folder, "Set DATA_DIR to another folder."),
    Probe("memory", try_memory, ""),
    Probe("browser", try_browser, "Run make setup."),
    Probe("node", try_node, "Run make setup."),
    Probe("readers", try_readers, "Run make setup."),
)
