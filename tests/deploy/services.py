"""PostgreSQL, Redis, RabbitMQ and an S3 server (moto) of a test's own, on one of its machines."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3

from tests.deploy.machines import SUBNET, Network, answers, as_user, run
from tests.processes import wait_for

BUCKET = "studio"
POSTGRESQL, REDIS, RABBITMQ, S3 = 5432, 6379, 5672, 9000  # ports
RABBITMQ_PROGRAM = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
START_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class Services:
    """Where the services are, and what all parts of a studio share."""

    address: str
    settings: dict[str, str]

    def list_files(self) -> set[str]:
        """Return the names of all files in the bucket."""
        pages = self._client().get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        return {entry["Key"] for page in pages for entry in page.get("Contents", ())}

    def make_bucket(self) -> None:
        self._client().create_bucket(Bucket=BUCKET)

    def _client(self):  # type: ignore[no-untyped-def]  # boto3 makes its clients at run time
        return boto3.client(
            "s3",
            endpoint_url=f"http://{self.address}:{S3}",
            region_name="us-east-1",
            aws_access_key_id="key",
            aws_secret_access_key="secret",
        )


def find_missing_programs() -> list[str]:
    """Return what this machine lacks for the services."""
    found = {
        "PostgreSQL's server": find_postgresql() is not None,
        "redis-server": shutil.which("redis-server") is not None,
        "RabbitMQ's server": RABBITMQ_PROGRAM.exists(),
        "moto's server (pip install 'moto[server]')": bool(importlib.util.find_spec("moto")),
        "ip": shutil.which("ip") is not None,
    }
    return [name for name, is_there in found.items() if not is_there]


def find_postgresql() -> Path | None:
    """Return the folder of PostgreSQL's programs; Debian has one for each version."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return folders[-1].parent if folders else None


@contextmanager
def serving(network: Network, machine: str, folder: Path) -> Iterator[Services]:
    """Start the services on the machine; this thread must reach it. Its network ends them."""
    address = network.addresses[machine]
    _start_postgresql(network, machine, folder)
    _start_redis(network, machine, folder)
    _start_rabbitmq(network, machine, folder)
    _start_s3(network, machine, folder)
    services = Services(address, _make_settings(address))
    for port in (POSTGRESQL, REDIS, RABBITMQ, S3):
        wait_for(
            lambda port=port: answers(address, port),  # type: ignore[misc]
            seconds=START_SECONDS,
            what=f"port {port} of the services",
        )
    services.make_bucket()
    yield services


def _make_settings(address: str) -> dict[str, str]:
    endpoint = f"endpoint_url=http://{address}:{S3}&region_name=us-east-1"
    return {
        "DATABASE_URL": f"postgres://postgres@{address}/postgres",
        "REDIS_URL": f"redis://{address}:{REDIS}/0",
        "BROKER_URL": f"amqp://guest:guest@{address}:{RABBITMQ}//",
        "STORAGE_URL": f"s3://key:secret@{BUCKET}?{endpoint}&addressing_style=path",
        "SECRET_KEY": "a key of the tests that all machines share 0123456789 abc",
        "VAULT_KEYS": "another key of the tests that all machines share 0123456789",
    }


def _start_postgresql(network: Network, machine: str, folder: Path) -> None:
    programs = find_postgresql()
    assert programs is not None
    data = folder / "postgresql"
    data.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(data, "postgres", "postgres")
    run(
        as_user(
            "postgres",
            [
                *(str(programs / "initdb"), "--pgdata", str(data), "--username=postgres"),
                *("--auth=trust", "--encoding=UTF8", "--no-sync"),
            ],
        )
    )
    with open(data / "pg_hba.conf", "a") as rules:
        rules.write(f"host all all {SUBNET}.0/24 trust\n")
    command = [str(programs / "postgres"), "-D", str(data), "-h", "0.0.0.0", "-k", str(data)]
    network.start(machine, as_user("postgres", command), log=folder / "postgresql.log")


def _start_redis(network: Network, machine: str, folder: Path) -> None:
    options = ["--bind", "0.0.0.0", "--protected-mode", "no", "--save", "", "--dir", str(folder)]
    network.start(machine, ["redis-server", *options], log=folder / "redis.log")


def _start_rabbitmq(network: Network, machine: str, folder: Path) -> None:
    home = folder / "rabbitmq"
    home.mkdir()
    (home / "rabbitmq.conf").write_text("loopback_users = none\n")
    (home / "plugins").write_text("[].\n")
    network.start(
        machine,
        [str(RABBITMQ_PROGRAM)],
        log=folder / "rabbitmq.log",
        HOME=str(home),
        RABBITMQ_NODENAME="rabbit@localhost",
        RABBITMQ_MNESIA_BASE=str(home / "mnesia"),
        RABBITMQ_LOG_BASE=str(home),
        RABBITMQ_LOGS="-",
        RABBITMQ_PID_FILE=str(home / "pid"),
        RABBITMQ_CONFIG_FILE=str(home / "rabbitmq.conf"),
        RABBITMQ_ENABLED_PLUGINS_FILE=str(home / "plugins"),
    )


def _start_s3(network: Network, machine: str, folder: Path) -> None:
    command = [sys.executable, "-m", "moto.server", "-H", "0.0.0.0", "-p", str(S3)]
    network.start(machine, command, log=folder / "s3.log")


__all__ = ["BUCKET", "Services", "find_missing_programs", "find_postgresql", "serving"]
