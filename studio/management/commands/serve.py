"""`manage.py serve`: run the whole studio, each part in its own process."""

from __future__ import annotations

import os
import signal
import socket
import time
from typing import Any

from django.core.checks import run_checks
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.urls import reverse

from studio.accounts.services import make_first_link
from studio.config import checks
from studio.config.settings import ENVIRON
from studio.config.topology import KINDS
from studio.pipeline.isolation.systems import UnsupportedSystem, check_system
from studio.processes import roles, serve
from studio.processes.supervisor import Supervisor

AS_ROOT = "The studio runs as root; run it as an ordinary user to limit the damage of an attack."
ROUND = 0.1  # seconds between checks of the children


class Command(BaseCommand):
    help = "Start the studio, or the part of it that this machine has."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=ENVIRON.host)
        parser.add_argument("--port", type=int, default=ENVIRON.port)
        parser.add_argument(
            "--role",
            default="all",
            help="the part that this machine has: all (default), web, worker, or model, which is "
            "our engine's server for the workers of all machines",
        )
        parser.add_argument(
            "--queues",
            default=",".join(KINDS),
            help="the messages that this machine's workers take (default: %(default)s)",
        )

    def handle(
        self, *args: Any, host: str, port: int, role: str, queues: str, **options: Any
    ) -> None:
        try:
            check_system()
        except UnsupportedSystem as error:
            raise CommandError(str(error)) from None
        stop = _stop_signal()
        for message in run_checks(tags=[checks.TAG]):
            words = f"{message.msg} {message.hint or ''}".strip()
            if message.is_serious():
                raise CommandError(words)
            self.say(words)
        if os.geteuid() == 0:
            self.say(AS_ROOT)
        try:
            part = roles.make_part(role=role, kinds=queues, host=host, port=port)
            listener = serve.listen(host, port) if part.has_pages else None
            if part.role != "model":
                serve.prepare_studio(renders=part.renders)
            supervisor = Supervisor(roles.list_part_children(part, listener), self.say)
            self._run(supervisor, listener, stop)
        except serve.ServeError as error:
            raise CommandError(str(error)) from None

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()

    def _run(self, supervisor: Supervisor, listener: socket.socket | None, stop: list[int]) -> None:
        try:
            supervisor.start()
            if listener is None:
                names = " and ".join(child.name for child in supervisor.children)
                self.say(f"Started: {names} (press Ctrl-C to stop)")
            waiting = listener
            while not stop:
                supervisor.look()
                if waiting and serve.answers(serve.get_address(waiting)):
                    self._announce(serve.get_address(waiting))
                    waiting = None
                time.sleep(ROUND)
        finally:
            supervisor.stop()

    def _announce(self, local: str) -> None:
        """Say where the studio is, and where it listens if that is not the same."""
        site = serve.get_public_site(local)
        listening = "" if site == local else f"listening on {local}; "
        path = f"{ENVIRON.base_path}/" if ENVIRON.base_path else ""
        self.say(f"Likeness is at {site}{path} ({listening}press Ctrl-C to stop)")
        self._invite(site)

    def _invite(self, site: str) -> None:
        """Print a sign-in link of the owner while nobody has a password."""
        if token := make_first_link():
            self.say(
                f"Sign in as its owner, once: {site}{reverse('accounts:welcome', args=[token])}"
            )
        connection.close()


def _stop_signal() -> list[int]:
    """Return a list that receives the numbers of stop signals."""
    received: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, frame: received.append(number))
    return received
