"""`manage.py serve`: run the whole studio, each part in its own process."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

from django.core.checks import run_checks
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from studio.config import checks
from studio.config.settings import ENVIRON
from studio.processes import serve
from studio.processes.supervisor import Supervisor
from studio.teams.services import make_first_link

AS_ROOT = "The studio runs as root; run it as an ordinary user to limit the damage of an attack."
ROUND = 0.1  # seconds between checks of the children


class Command(BaseCommand):
    help = "Start the studio: the web process, a worker, and Valkey unless REDIS_URL is set."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=ENVIRON.host)
        parser.add_argument("--port", type=int, default=ENVIRON.port)
        parser.add_argument(
            "--no-worker", action="store_true", help="pages only; workers run on other machines"
        )

    def handle(self, *args: Any, host: str, port: int, no_worker: bool, **options: Any) -> None:
        stop = _stop_signal()
        for message in run_checks(tags=[checks.TAG]):
            words = f"{message.msg} {message.hint or ''}".strip()
            if message.is_serious():
                raise CommandError(words)
            self.say(words)
        if os.geteuid() == 0:
            self.say(AS_ROOT)
        try:
            listener = serve.prepare(host, port)
            supervisor = Supervisor(serve.list_children(listener, worker=not no_worker), self.say)
            self._run(supervisor, serve.get_address(listener), stop)
        except serve.ServeError as error:
            raise CommandError(str(error)) from None

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()

    def _run(self, supervisor: Supervisor, address: str, stop: list[int]) -> None:
        try:
            supervisor.start()
            announced = False
            while not stop:
                supervisor.look()
                if not announced and serve.answers(address):
                    announced = True
                    self.say(f"Likeness is at {address} (press Ctrl-C to stop)")
                    self._invite(address)
                time.sleep(ROUND)
        finally:
            supervisor.stop()

    def _invite(self, address: str) -> None:
        """Print a sign-in link of the owner while nobody has a password."""
        if token := make_first_link():
            self.say(f"Sign in as its owner, once: {address}/welcome/{token}")
        connection.close()


def _stop_signal() -> list[int]:
    """Return a list that receives the numbers of stop signals."""
    received: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, frame: received.append(number))
    return received
