"""What one `serve` runs: everything, or the part of a studio that one machine has."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from inference.client.shipped import LOCAL, find_folder
from inference.types import ModelError
from studio.config.settings import ENVIRON
from studio.config.topology import KINDS, RUNS
from studio.processes import serve
from studio.processes.serve import ServeError
from studio.processes.supervisor import Child

Role = Literal["all", "web", "worker", "model"]
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Part:
    """The part that this machine has.

    `kinds`: the messages that its workers take. `host` and `port`: where it listens, if it does.
    """

    role: Role
    kinds: tuple[str, ...]
    host: str
    port: int

    @property
    def has_pages(self) -> bool:
        return self.role in ("all", "web")

    @property
    def has_workers(self) -> bool:
        return self.role in ("all", "worker")

    @property
    def renders(self) -> bool:
        return self.has_workers and RUNS in self.kinds


def make_part(*, role: str, kinds: str, host: str, port: int) -> Part:
    """Check the wishes of the command line; `kinds` is a list with commas. Raises ServeError."""
    if role not in ROLES:
        raise ServeError(f"There is no role {role}; use {_join(ROLES)}.")
    chosen = tuple(kind.strip() for kind in kinds.split(","))
    unknown = [kind for kind in chosen if kind not in KINDS]
    if unknown:
        raise ServeError(f"There is no queue {unknown[0]!r}; use {_join(KINDS)}.")
    if role == "worker" and not ENVIRON.redis_url:
        raise ServeError(
            "A worker on its own shares its queue with the web process: set REDIS_URL on both."
        )
    return Part(role, chosen, host, port)


def list_part_children(part: Part, listener: socket.socket | None) -> Sequence[Child]:
    """Return the processes of the part, in order of dependency. Raises ServeError."""
    if part.role == "model":
        return serve.list_model_children(_get_checkpoint(), part.host, part.port)
    children = serve.list_valkey_children()
    if listener is not None:
        children += serve.list_web_children(listener)
    if part.has_workers:
        children += serve.list_worker_children(part.kinds)
    return children


def _get_checkpoint() -> str:
    if not ENVIRON.model_url.startswith(LOCAL):
        raise ServeError(
            "The role model serves a checkpoint of this machine: set MODEL_URL=local:FOLDER here, "
            "and MODEL_URL=http://THIS-MACHINE:PORT/v1 on the workers."
        )
    try:
        return str(find_folder(ENVIRON.model_url.removeprefix(LOCAL)))
    except ModelError as error:
        raise ServeError(str(error)) from None


def _join(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
