"""A temporary studio for commands that measure it: `serve` on a free port in a new folder."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from studio.config.environment import ROOT

PATIENCE = 180.0  # seconds until it responds; over 60 on two cores with a load of 25


@dataclass(frozen=True, slots=True)
class Trial:
    address: str
    data_dir: Path
    cookies: dict[str, str]  # of its owner, signed in
    process: int  # of `serve`, the parent of all its processes
    log: Path  # what it writes; also the mails, where it can send none

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.address, cookies=self.cookies, timeout=30)

    def start_run(self, client: httpx.Client, mockup: bytes | None, **wishes: str) -> str:
        """Start a run and return the path of its page; without a mockup, `wishes` say what it makes."""
        return self.send_form(client, "/", mockup, **wishes)

    def send_form(
        self, client: httpx.Client, path: str, mockup: bytes | None = None, **fields: str
    ) -> str:
        """Send a form as one of the studio's pages does and return the path of the page that follows.

        Raises RuntimeError when the form is refused.
        """
        form = {"csrfmiddlewaretoken": self.cookies["likeness_csrf"], **fields}
        files = {"mockup": mockup} if mockup else None
        sent = client.post(path, data=form, files=files, headers={"Referer": self.address})
        if not sent.is_redirect:
            raise RuntimeError(f"{path} was answered with {sent.status_code}: {sent.text[:300]}")
        return sent.headers["Location"]


@contextmanager
def run_trial_studio(*arguments: str, **settings: str) -> Iterator[Trial]:
    """Run a studio during the block; `arguments` of `serve`, `settings` as environment variables.

    Raises RuntimeError.
    """
    with tempfile.TemporaryDirectory(prefix="likeness-trial-") as folder:
        data_dir = Path(folder) / "data"
        log = Path(folder) / "log"
        environment = {**os.environ, "DATA_DIR": str(data_dir), "PORT": "0", **settings}
        command = [sys.executable, "manage.py", "serve", *arguments]
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603
                command, cwd=ROOT, env=environment, stdout=output, stderr=output
            )
        try:
            link = _wait_for(r"once: (\S+?)(/welcome/\S+)", log, process)
            address = link[1]
            cookies = _sign_in(address, link[2])
            yield Trial(address, data_dir, cookies, process.pid, log)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()


def _wait_for(pattern: str, log: Path, process: subprocess.Popen[bytes]) -> Any:
    deadline = time.monotonic() + PATIENCE
    while not (found := re.search(pattern, log.read_text())):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"The studio did not start: {log.read_text().strip()}")
        time.sleep(0.05)
    return found


def _sign_in(address: str, path: str) -> dict[str, str]:
    with httpx.Client(base_url=address, timeout=30) as client:
        client.get(path)
        form = {"csrfmiddlewaretoken": client.cookies["likeness_csrf"]}
        client.post(path, data=form, headers={"Referer": address})
        return dict(client.cookies)
