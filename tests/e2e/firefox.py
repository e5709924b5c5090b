"""Real Firefox over WebDriver BiDi, as far as the tests need it.

Playwright's own build of Firefox cannot be had from package registries, its BiDi driver needs commands
that Debian's Firefox ESR does not know yet, and geckodriver (for Selenium) is no package either. Firefox
itself speaks BiDi, so these few commands do.
"""

from __future__ import annotations

import base64
import itertools
import json
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.processes import wait_for

NAMES = ("firefox-esr", "firefox")
START_SECONDS = 120.0
ANSWER_SECONDS = 120.0
PAUSE = 0.1  # seconds between two looks at the page
# A page and no blank tab, so that the page has the focus and not the address bar.
FIRST_PAGE = "data:text/html,<title>Ready</title>"
# The browser rests while a test waits, and asks nobody for updates.
PREFERENCES = {
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.disabledForTesting": True,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "remote.log.level": "Error",
    "accessibility.tabfocus": 7,  # Tab reaches everything, as it does where a desktop says nothing else
    "browser.download.folderList": 2,  # the folder that is named below
    "browser.download.always_ask_before_handling_new_types": False,
}


def find_firefox() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class FirefoxError(Exception):
    """What Firefox answered instead of a result."""


class FirefoxPage:
    """One tab. `run` evaluates JavaScript; `see` waits until an expression is true."""

    def __init__(self, socket: ClientConnection, downloads: Path) -> None:
        self._socket = socket
        self._downloads = downloads
        self._numbers = itertools.count(1)
        self.errors: list[str] = []
        self._ask("session.new", {"capabilities": {}})
        self._ask("session.subscribe", {"events": ["log.entryAdded"]})
        self._context = self._ask("browsingContext.getTree", {})["contexts"][0]["context"]

    def set_window(self, width: int, height: int) -> None:
        size = {"width": width, "height": height}
        self._ask("browsingContext.setViewport", {"context": self._context, "viewport": size})

    def forget_everything(self) -> None:
        """Delete the cookies and what pages keep; load a page of the studio first."""
        self._ask("storage.deleteCookies", {})
        self.run("(localStorage.clear(), sessionStorage.clear())")

    def add_cookie(self, name: str, value: str, host: str) -> None:
        cookie = {"name": name, "value": {"type": "string", "value": value}, "domain": host}
        self._ask("storage.setCookie", {"cookie": {**cookie, "path": "/"}})

    def go(self, address: str) -> None:
        self._ask(
            "browsingContext.navigate",
            {"context": self._context, "url": address, "wait": "complete"},
        )

    def run(self, expression: str) -> Any:
        """Return the value of an expression, through JSON."""
        found = self._evaluate(
            f"Promise.resolve({expression}).then((x) => JSON.stringify(x) ?? 'null')"
        )
        return json.loads(found["value"])

    def see(self, expression: str, seconds: float = 120.0) -> Any:
        """Return the expression's value once it is true; pages may be opened meanwhile."""

        def look() -> Any:
            try:
                return self.run(expression)
            except FirefoxError:  # the page that was asked is gone, or not there yet
                return None

        return wait_for(look, seconds=seconds, what=expression)

    def choose_files(self, selector: str, files: Sequence[Path]) -> None:
        element = self._evaluate(f"document.querySelector({json.dumps(selector)})")
        self._ask(
            "input.setFiles",
            {
                "context": self._context,
                "element": {"sharedId": element["sharedId"]},
                "files": [str(path) for path in files],
            },
        )

    def press(self, *keys: str) -> None:
        """Press keys after each other; 'Control+Enter' holds the first."""
        actions: list[dict[str, str]] = []
        for key in keys:
            held = [KEYS.get(part, part) for part in key.split("+")]
            actions += [{"type": "keyDown", "value": part} for part in held]
            actions += [{"type": "keyUp", "value": part} for part in reversed(held)]
        keyboard = {"type": "key", "id": "keyboard", "actions": actions}
        self._ask("input.performActions", {"context": self._context, "actions": [keyboard]})

    def take_download(self) -> Path:
        """Return the file that a page sends, once it is complete."""

        def find_file() -> Path | None:
            files = list(self._downloads.iterdir())
            is_coming = any(file.suffix == ".part" for file in files)
            complete = [file for file in files if file.suffix != ".part" and file.stat().st_size]
            return complete[0] if complete and not is_coming else None

        return wait_for(find_file, seconds=ANSWER_SECONDS, what="the download")

    def take_screenshot(self) -> bytes:
        shot = self._ask("browsingContext.captureScreenshot", {"context": self._context})
        return base64.b64decode(shot["data"])

    def _evaluate(self, expression: str) -> Any:
        answer = self._ask(
            "script.evaluate",
            {"expression": expression, "target": {"context": self._context}, "awaitPromise": True},
        )
        if answer["type"] == "exception":
            raise FirefoxError(answer["exceptionDetails"]["text"])
        return answer["result"]

    def _ask(self, method: str, params: dict[str, Any]) -> Any:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv(timeout=ANSWER_SECONDS))
            if message.get("method") == "log.entryAdded":
                self._note(message["params"])
            if message.get("id") != number:
                continue
            if message["type"] == "error":
                raise FirefoxError(f"{method}: {message['message']}")
            return message["result"]

    def _note(self, entry: Mapping[str, Any]) -> None:
        """Keep an error of the page; leaving one closes its sockets, which Firefox logs as an error."""
        is_left = "was interrupted while the page was loading" in str(entry["text"])
        if entry["level"] == "error" and not is_left:
            self.errors.append(entry["text"])


KEYS = {
    "Control": "\ue009",
    "Enter": "\ue007",
    "Escape": "\ue00c",
    "Tab": "\ue004",
    "End": "\ue010",
    "ArrowRight": "\ue014",
    "ArrowDown": "\ue015",
}


@contextmanager
def open_firefox(path: str) -> Iterator[FirefoxPage]:
    """Run Firefox without windows in a profile of its own."""
    with tempfile.TemporaryDirectory(prefix="firefox-") as profile:
        downloads = Path(profile) / "downloads"
        downloads.mkdir()
        preferences = {**PREFERENCES, "browser.download.dir": str(downloads)}
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in preferences.items()]
        (Path(profile) / "user.js").write_text("\n".join(lines))
        log = Path(profile) / "log"
        command = [path, "--headless", "--no-remote", "--profile", profile]
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*command, "--remote-debugging-port", "0", FIRST_PAGE],
                stdout=output,
                stderr=output,
                env={"HOME": profile, "PATH": "/usr/bin:/bin", "MOZ_CRASHREPORTER_DISABLE": "1"},
            )
        try:
            found = wait_for(
                lambda: re.search(r"listening on (ws://\S+)", log.read_text()),
                seconds=START_SECONDS,
                what="Firefox",
            )
            with connect(f"{found[1]}/session", max_size=None) as socket:
                yield FirefoxPage(socket, downloads)
        finally:
            process.terminate()
            process.wait()
            time.sleep(PAUSE)  # its children leave the profile's folder
