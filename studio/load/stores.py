"""How much a studio asks of its Redis and its PostgreSQL, as the servers themselves count it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import redis

from studio.processes import valkey

SAMPLING = 2.0  # seconds between two counts of connections


@dataclass(frozen=True, slots=True)
class StoreCounts:
    """What was counted until now. `transactions` and `connections` are 0 with SQLite."""

    commands: int
    clients: int  # connections to Redis
    bytes_used: int  # by Redis
    transactions: int
    connections: int  # to PostgreSQL


def count_stores(data_dir: Path) -> StoreCounts:
    """Ask the servers that a studio with this data folder and this process's environment uses."""
    url = os.environ.get("REDIS_URL") or f"unix://{valkey.get_socket_path(data_dir)}"
    server = redis.Redis.from_url(url)
    try:
        info = server.info()
    finally:
        server.close()
    transactions, connections = _ask_postgresql(os.environ.get("DATABASE_URL", ""))
    return StoreCounts(
        commands=int(info["total_commands_processed"]),
        clients=int(info["connected_clients"]),
        bytes_used=int(info["used_memory"]),
        transactions=transactions,
        connections=connections,
    )


@dataclass(slots=True)
class Peaks:
    """The most connections that were seen at once."""

    connections: int = 0
    clients: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)

    def look(self, data_dir: Path) -> None:
        """Count again and again until `stopped` is set."""
        while not self.stopped.wait(SAMPLING):
            counts = count_stores(data_dir)
            self.connections = max(self.connections, counts.connections)
            self.clients = max(self.clients, counts.clients)


@contextmanager
def watch_connections(data_dir: Path) -> Iterator[Peaks]:
    """Note the most connections during the block."""
    peaks = Peaks()
    thread = threading.Thread(target=peaks.look, args=(data_dir,), daemon=True)
    thread.start()
    try:
        yield peaks
    finally:
        peaks.stopped.set()
        thread.join()


def _ask_postgresql(url: str) -> tuple[int, int]:
    """Return the transactions so far and the open connections of a database."""
    if not url.startswith(("postgres:", "postgresql:")):
        return 0, 0
    import psycopg

    with psycopg.connect(url.replace("postgres:", "postgresql:", 1)) as connection:
        row = connection.execute(
            "SELECT xact_commit + xact_rollback, numbackends FROM pg_stat_database"
            " WHERE datname = current_database()"
        ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1]) - 1  # less this one
