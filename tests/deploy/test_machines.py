"""A studio on four machines: web, two with workers, one with PostgreSQL, Redis, RabbitMQ and S3.

Whatever is killed, unplugged or restarted: every run finishes, no event is lost or written twice,
and every file that a row names is in the storage.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.machines import OUTSIDE, Network, NoNamespaces
from tests.deploy.services import Services, find_missing_programs, serving
from tests.e2e.asking import cookies, events, page, start_run
from tests.e2e.models import PAGE, slow_model
from tests.processes import NO_PAGES, PAGES, ROOT, Studio, wait_for

pytestmark = pytest.mark.skipif(
    not os.environ.get("LIKENESS_MACHINES"),
    reason="Four machines, killed and unplugged, take too long for every run: `make machines`.",
)
PORT = 8000
WORKERS = ("worker-1", "worker-2")
# Seconds without a network. Longer than 10 s, after which a silent worker's run is given to another.
# How much longer changes nothing; it was run with 60.
PARTITION = float(os.environ.get("LIKENESS_PARTITION_SECONDS", "20"))
ANSWER = 8.0  # seconds in which the model writes
DONE = 240.0  # seconds for a run to end, whatever happened to it
MISSING_FILES = """
from django.core.files.storage import default_storage
from studio.teams.storage import named_files
print(*(name for name in named_files() if not default_storage.exists(name)))
"""

Events = list[dict[str, Any]]


class Cluster:
    """The studio's parts, each on its machine. `web` is what tests talk to."""

    def __init__(self, network: Network, services: Services, folder: Path, model: str) -> None:
        self.network = network
        self.services = services
        self._folder = folder
        self._settings = {
            **services.settings,
            "MODEL_URL": model,
            "RUN_ROUNDS": "1",
            "RUN_TARGET": "1",
            "ALLOWED_HOSTS": network.addresses["web"],
            "RUN_SECONDS": "600",
            "OUTGOING_ALLOW": OUTSIDE,
        }
        self.parts: dict[str, Studio] = {}
        for name in ("web", *WORKERS):
            self.start(name)
        cookies(self.web)

    @property
    def web(self) -> Studio:
        return self.parts["web"]

    def start(self, machine: str) -> None:
        """Start the part of the machine; one that was there before keeps its people signed in."""
        role = "web" if machine == "web" else "worker"
        before = self.parts.get(machine)
        part = Studio(
            self._folder / machine,
            {**self._settings, "HOST": self.network.addresses[machine], "PORT": str(PORT)},
            ["--role", role],
            announces=PAGES if role == "web" else NO_PAGES,
            preexec=self.network.make_preexec(machine, machine),
        )
        part.cookies = before.cookies if before else {}
        self.parts[machine] = part

    def restart(self, machine: str) -> None:
        self.parts[machine].stop(signal.SIGTERM)
        self.start(machine)

    def kill(self, machine: str) -> None:
        """Kill all processes of the part at once, as a machine does that loses its power."""
        part = self.parts[machine]
        for pid in (part.process.pid, *part.descendants()):
            os.kill(pid, signal.SIGKILL)
        part.process.wait()

    def find_worker_of(self, run: str) -> str:
        """Return the machine that works on the run."""
        query = f"SELECT claimed_by FROM runs_run WHERE id = '{get_id(run)}'"
        name: str = wait_for(lambda: self.ask_database(query), seconds=DONE, what="a claim")
        return name.split(":")[0]

    def wait_until_given_up(self, machine: str, run: str) -> None:
        """Wait until the machine's worker has noticed that the run is another's, or that it was cut off."""
        said = re.compile(
            rf"\[run {get_id(run)}\]: the run (goes back to the queue|belongs to another worker)"
            "|ending a worker process that no longer answers"
        )
        log = self.parts[machine].log
        wait_for(lambda: said.search(log.read_text()), seconds=DONE, what="the end of its try")

    def ask_database(self, query: str) -> Any:
        import psycopg

        with psycopg.connect(self._settings["DATABASE_URL"]) as connection:
            row = connection.execute(query).fetchone()
            return row[0] if row else None

    def explain(self, run: str) -> str:
        """Return what the run's row says, and the last lines of the parts' logs."""
        row = self.ask_database(
            "SELECT concat_ws(' / ', state, claims, stop_reason, message) FROM runs_run "
            f"WHERE id = '{get_id(run)}'"
        )
        logs = [f"{name}:\n{part.log.read_text()[-3000:]}" for name, part in self.parts.items()]
        return "\n".join([str(row), *logs])

    def find_missing_files(self) -> list[str]:
        """Return the files that rows name and the storage has not."""
        data = {"DATA_DIR": str(self._folder / "checking")}
        answer = subprocess.run(
            [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", MISSING_FILES],
            cwd=ROOT,
            env={**os.environ, **self._settings, **data},
            preexec_fn=self.network.make_preexec("web", "checking"),
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert answer.returncode == 0, answer.stderr
        return answer.stdout.split()


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    if missing := find_missing_programs():
        pytest.skip(f"this machine has no {', '.join(missing)}")
    try:
        network = Network(["services", "web", *WORKERS])
    except NoNamespaces as error:
        pytest.skip(f"network namespaces are not allowed here ({error})")
    folder = Path(tempfile.mkdtemp(prefix="likeness-machines-"))
    folder.chmod(0o755)  # PostgreSQL runs as another user
    try:
        with (
            network.outside(),
            slow_model(ANSWER, host=OUTSIDE) as model,
            serving(network, "services", folder) as services,
        ):
            yield Cluster(network, services, folder, model.url)
    finally:
        network.close()
        shutil.rmtree(folder, ignore_errors=True)


def get_id(run: str) -> str:
    """Return the run's id of the address of its page."""
    return run.strip("/").split("/")[-1]


def watch(cluster: Cluster, run: str, act: Callable[[], None], after: int = 20) -> Events:
    """Everything that a reader gets of a run; `act` once it saw so many pieces of the answer."""
    seen: Events = []
    pieces = 0
    with events(cluster.web, run) as coming:
        for event in coming:
            seen.append(event)
            pieces += event["kind"] == "chunk"
            if event["kind"] == "chunk" and pieces == after:
                act()
    return seen


def read_all(cluster: Cluster, run: str) -> Events:
    with events(cluster.web, run) as coming:
        return list(coming)


def assert_whole(cluster: Cluster, run: str, seen: Events) -> None:
    """The run finished; what was seen is what there is, each event once and in order; and the last
    claim told the whole answer, once.
    """
    replayed = read_all(cluster, run)
    assert [one["id"] for one in seen if one["id"]] == [one["id"] for one in replayed if one["id"]]
    ids = [tuple(map(int, one["id"].split("-"))) for one in seen if one["id"]]
    assert ids == sorted(set(ids))
    assert seen[-1]["kind"] == "over", seen[-1]
    assert seen[-1]["data"] == {"state": "finished"}, cluster.explain(run)
    start = max(place for place, one in enumerate(seen) if one["kind"] == "claimed")
    told = seen[start:]
    assert "".join(one["data"]["text"] for one in told if one["kind"] == "chunk") == PAGE
    assert [one["data"]["number"] for one in told if one["kind"] == "attempt"] == [0, 1]
    assert ">finished<" in page(cluster.web, run)


def assert_nothing_lost(cluster: Cluster) -> None:
    """No run is left over or failed, none has an attempt twice, and every file is there."""
    states = "SELECT count(*) FROM runs_run WHERE state <> 'finished'"
    assert cluster.ask_database(states) == 0
    twice = "SELECT count(*) - count(DISTINCT (run_id, number)) FROM runs_attempt"
    assert cluster.ask_database(twice) == 0
    assert cluster.find_missing_files() == []


def count_claims(seen: Events) -> int:
    return sum(one["kind"] == "claimed" for one in seen)


def test_runs_finish_on_other_machines_and_their_files_are_in_s3(
    cluster: Cluster, mockup_png: bytes
) -> None:
    runs = [start_run(cluster.web, mockup_png) for _ in range(3)]
    for run in runs:
        assert_whole(cluster, run, read_all(cluster, run))
        assert f"runs/{get_id(run)}/1/bundle.zip" in cluster.services.list_files()
    assert_nothing_lost(cluster)


def test_a_machine_of_workers_that_loses_its_power(cluster: Cluster, mockup_png: bytes) -> None:
    run = start_run(cluster.web, mockup_png)
    killed: list[str] = []

    def kill() -> None:
        killed.append(cluster.find_worker_of(run))
        cluster.kill(killed[0])

    seen = watch(cluster, run, kill)
    cluster.start(killed[0])
    assert count_claims(seen) == 2
    assert_whole(cluster, run, seen)
    assert_nothing_lost(cluster)


def test_a_machine_of_workers_that_is_unplugged_and_comes_back(
    cluster: Cluster, mockup_png: bytes
) -> None:
    """The other machine takes the run over; what the first one still wants to say is not heard."""
    run = start_run(cluster.web, mockup_png)
    unplugged: list[str] = []

    def unplug() -> None:
        unplugged.append(cluster.find_worker_of(run))
        cluster.network.unplug(unplugged[0])

    seen = watch(cluster, run, unplug)
    cluster.network.plug_in(unplugged[0])
    cluster.wait_until_given_up(unplugged[0], run)
    assert count_claims(seen) == 2
    assert_whole(cluster, run, seen)
    assert_nothing_lost(cluster)


def test_all_workers_without_a_network_for_a_while(cluster: Cluster, mockup_png: bytes) -> None:
    runs = [start_run(cluster.web, mockup_png) for _ in range(3)]

    def cut() -> None:
        for name in WORKERS:
            cluster.network.unplug(name)
        time.sleep(PARTITION)
        for name in WORKERS:
            cluster.network.plug_in(name)

    first, *others = runs
    assert_whole(cluster, first, watch(cluster, first, cut))
    for run in others:
        assert_whole(cluster, run, read_all(cluster, run))
    assert_nothing_lost(cluster)


def test_the_web_machine_without_a_network_for_a_while(cluster: Cluster, mockup_png: bytes) -> None:
    """The workers go on; who watches gets the rest afterwards."""
    run = start_run(cluster.web, mockup_png)

    def cut() -> None:
        cluster.network.unplug("web")
        time.sleep(PARTITION)
        cluster.network.plug_in("web")

    seen = watch(cluster, run, cut)
    assert count_claims(seen) == 1
    assert_whole(cluster, run, seen)
    assert_nothing_lost(cluster)


def test_a_rolling_restart(cluster: Cluster, mockup_png: bytes) -> None:
    runs = [start_run(cluster.web, mockup_png) for _ in range(4)]
    first, *others = runs

    def roll() -> None:
        for machine in ("web", *WORKERS):
            cluster.restart(machine)

    assert_whole(cluster, first, watch(cluster, first, roll))
    for run in others:
        assert_whole(cluster, run, read_all(cluster, run))
    assert_nothing_lost(cluster)
