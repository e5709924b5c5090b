"""Which browser renders, and how it is started.

It has no network, a sandbox and a limited script heap. Knows no page. The network is closed in three
ways, because each alone leaked when measured: aborted routes alone let 7 TCP and 2 UDP contacts
through; these flags let none.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from studio.pipeline.isolation.privileges import USER, plan_launch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

# The shell is Chromium without windows; drawing them took a third of a render's time.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
# A page of 100,000 nodes needs about 150 MiB of script heap. A page that floods it is stopped here,
# before the machine runs out of memory.
SCRIPT_HEAP = 512  # MiB

ISOLATION = (
    # Every request that is not answered from memory, also to loopback, goes to a proxy whose name
    # cannot be resolved.
    "--proxy-server=http://proxy.invalid:9",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    # WebRTC opens its own sockets, which bypass any proxy, unless a switch forbids it. Chromium
    # renamed the switch: 156 knows only the second and sent STUN over UDP with the first alone;
    # older versions know only the first.
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--dns-prefetch-disable",
    "--disable-background-networking",
    "--disable-domain-reliability",
    "--no-pings",
)
STABLE_PICTURE = (
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--disable-lcd-text",
    "--hide-scrollbars",
    "--mute-audio",
)


class BrowserMissing(Exception):
    """There is no browser to render with; the message is one sentence that says what to do."""


def find_browser(executable: str | None = None) -> str | None:
    """Return the browser's path; None means the one that `playwright install` installed.

    In order: `executable`, then chromium's shell, chromium or google-chrome on PATH, then Playwright's
    own. Raises BrowserMissing.
    """
    if executable:
        found = shutil.which(executable)
        if found is None:
            raise BrowserMissing(
                f"No browser at '{executable}': set LIKENESS_BROWSER to the path of a Chromium or Chrome, "
                "or leave it empty to use one on PATH."
            )
        return found
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def launch(playwright: Playwright, executable: str | None, user: str = USER) -> Browser:
    """Return a browser without network, with `user`'s rights where this process is root.

    Raises BrowserMissing.
    """
    from playwright.sync_api import Error

    path = find_browser(executable)
    if path is None and not Path(playwright.chromium.executable_path).exists():
        raise BrowserMissing(
            "No browser found: install chromium (apt install chromium), run `playwright install chromium`, "
            "or set LIKENESS_BROWSER to the path of a Chromium or Chrome."
        )
    plan = plan_launch(path, user)
    try:
        browser = playwright.chromium.launch(
            executable_path=plan.program,
            args=build_arguments(),
            chromium_sandbox=plan.sandboxed,
            handle_sigterm=False,
            env=dict(plan.environment),
        )
    except Error as error:
        shutil.rmtree(plan.profile, ignore_errors=True)
        raise BrowserMissing(_explain_missing_sandbox(path, str(error))) from error
    if plan.profile:
        browser.on("disconnected", lambda _: shutil.rmtree(plan.profile, ignore_errors=True))
    return browser


def build_arguments() -> list[str]:
    return [*ISOLATION, *STABLE_PICTURE, f"--js-flags=--max-old-space-size={SCRIPT_HEAP}"]


def has_sandbox() -> bool:
    """Return True if Chromium's own sandbox can start, which it refuses as root."""
    return os.geteuid() != 0


def _explain_missing_sandbox(path: str | None, message: str) -> str:
    name = path or "Playwright's browser"
    if "sandbox" in message.lower() and has_sandbox():
        return (
            f"{name} cannot start its sandbox as this user: allow unprivileged user namespaces "
            "or install its setuid helper (apt install chromium-sandbox)."
        )
    reason = next(
        (line.strip() for line in message.splitlines() if line.strip()), "no reason given"
    )
    return f"{name} does not start ({reason}): set LIKENESS_BROWSER to the path of another Chromium or Chrome."
