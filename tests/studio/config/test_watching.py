"""What an operator sees: health, metrics, log lines."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from studio.config.logging import WORDS, JsonFormatter, LineFormatter, RunFilter, run_in_log
from studio.config.topology import DELIVERIES, EXPORTS, RUNS
from studio.runs import events, worker_presence
from studio.runs.services import cancel_run, finish_run
from tests.studio.runs.making import BEN, claimed_run, queued_run

pytestmark = pytest.mark.django_db
REPORT = {
    "seconds": {"looking": 0.7, "fitting": 3.0},
    "tokens": {"prompt": 900, "completion": 100},
    "likeness": 0.96,
}


def finish(run_id: uuid.UUID) -> None:
    finish_run(run_id=run_id, worker=BEN, stop_reason="good enough", message="", report=REPORT)


HERE: Any = {"headers": {"Host": "127.0.0.1:8000"}}


def samples(client: Client) -> dict[tuple[str, str], float]:
    text = client.get("/metrics", **HERE).content.decode()
    return {
        (
            sample.name,
            ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items())),
        ): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


class TestMetrics:
    def test_runs_that_wait_are_told_while_the_counters_cannot_be_read(
        self, valkey: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        queued_run()

        def refuse() -> None:
            raise redis.ConnectionError("away")

        monkeypatch.setattr(events, "get_connection", refuse)
        found = samples(Client())
        assert found["likeness_runs", "state=queued"] == 1

    def test_they_count_what_waits_and_what_came_of_runs(self, valkey: None) -> None:
        client = Client()
        before = samples(client)
        finish(claimed_run().pk)
        queued_run(), queued_run()
        after = samples(client)

        def grown(name: str, labels: str = "") -> float:
            return after[name, labels] - before.get((name, labels), 0)

        assert after["likeness_runs", "state=queued"] == 2
        assert grown("likeness_runs_ended_total", "reason=good enough,state=finished") == 1
        assert grown("likeness_tokens_total", "kind=completion") == 100
        assert grown("likeness_stage_seconds_sum", "stage=looking") == pytest.approx(0.7)
        assert grown("likeness_stage_seconds_bucket", "le=0.5,stage=looking") == 0
        assert grown("likeness_stage_seconds_bucket", "le=1.0,stage=looking") == 1
        assert grown("likeness_stage_seconds_bucket", "le=+Inf,stage=fitting") == 1
        assert grown("likeness_score_count") == 1

    def test_a_stopped_run_is_counted_once(
        self, valkey: None, django_capture_on_commit_callbacks: Any
    ) -> None:
        before = samples(Client())
        run = claimed_run()
        with django_capture_on_commit_callbacks(execute=True):
            cancel_run(run_id=run.pk)
            finish(run.pk)
        key = ("likeness_runs_ended_total", "reason=cancelled,state=cancelled")
        assert samples(Client())[key] - before.get(key, 0) == 1

    def test_from_elsewhere_they_need_the_token(self, valkey: None, settings: Any) -> None:
        far: Any = {"REMOTE_ADDR": "203.0.113.7"}
        forwarded = {"Host": "localhost", "X-Forwarded-For": "203.0.113.7"}
        assert Client().get("/metrics", **HERE).status_code == 200
        assert Client().get("/metrics", **HERE, **far).status_code == 404
        assert Client().get("/metrics", headers=forwarded).status_code == 404
        settings.ALLOWED_HOSTS = ["studio.example", "localhost", "127.0.0.1", "testserver"]
        named = Client().get("/metrics", headers={"Host": "studio.example"})
        assert named.status_code == 404  # a proxy on this machine that adds no header
        assert Client().get("/metrics", headers={"Host": "localhost:8000"}).status_code == 200
        settings.METRICS_TOKEN = "s3cret"
        assert Client().get("/metrics", **HERE).status_code == 404
        assert (
            Client().get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
        )
        assert (
            Client().get("/metrics", headers={"Authorization": "Bearer s3cret"}, **far).status_code
            == 200
        )


class TestPublicStudio:
    """ALLOWED_HOSTS has only public names, as docs/deployment.md sets it."""

    @pytest.fixture(autouse=True)
    def public_name(self, settings: Any) -> None:
        settings.PREVIEW_HOST = "previews.example"
        settings.ALLOWED_HOSTS = ["studio.example", "previews.example"]

    @pytest.mark.parametrize("name", ["127.0.0.1:8000", "localhost", "[::1]:8000"])
    @pytest.mark.parametrize("path", ["/health", "/metrics", "/static/icon.svg"])
    def test_this_machine_asks_at_the_port_itself(self, path: str, name: str, valkey: None) -> None:
        assert Client().get(path, headers={"Host": name}).status_code in (200, 503)

    def test_whoever_comes_through_a_proxy_does_not(self, valkey: None) -> None:
        for header in ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "Via"):
            asked = Client().get("/metrics", headers={"Host": "localhost", header: "https"})
            assert asked.status_code == 400
        far: Any = {"REMOTE_ADDR": "203.0.113.7"}
        assert Client().get("/metrics", **HERE, **far).status_code == 400

    def test_other_pages_stay_closed_to_this_machines_names(self) -> None:
        assert Client().get("/sign-in", **HERE).status_code == 400


class TestHealth:
    @pytest.fixture(autouse=True)
    def no_workers_left(self) -> Iterator[None]:
        """A worker announced here is not there in the next test, which may run within its 15 s."""
        yield
        for kind in (RUNS, DELIVERIES, EXPORTS):
            worker_presence.forget_worker(kind)

    @pytest.mark.parametrize(
        ("kind", "part"), [(RUNS, "worker"), (DELIVERIES, "deliveries"), (EXPORTS, "exports")]
    )
    def test_it_names_the_part_that_is_ill(self, valkey: None, kind: str, part: str) -> None:
        """Each kind of worker for itself: runs can go on while no webhook is delivered."""
        kinds = {RUNS, DELIVERIES, EXPORTS} - {kind}
        for name in (*kinds, kind):
            worker_presence.announce_worker(name)
        well = Client().get("/health")
        assert (well.status_code, set(well.json().values())) == (200, {"ok"})
        worker_presence.forget_worker(kind)
        ill = Client().get("/health")
        assert ill.status_code == 503
        assert [name for name, state in ill.json().items() if state != "ok"] == [part]
        assert ill.json()[part] == "NoWorker"

    def test_without_redis_the_rest_is_still_told(self) -> None:
        ill = Client().get("/health").json()
        assert ill["database"] == "ok"


class TestLogs:
    @staticmethod
    def line(text: str) -> dict[str, Any]:
        record = logging.LogRecord("studio.x", logging.INFO, __file__, 1, text, (), None)
        RunFilter().filter(record)
        found: dict[str, Any] = json.loads(JsonFormatter().format(record))
        return found

    def test_a_line_names_its_run(self) -> None:
        with run_in_log(run := uuid.uuid4()):
            assert self.line("hello")["run"] == str(run)
        assert "run" not in self.line("hello")

    def test_a_request_under_an_unknown_name_is_one_short_line(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        asked = Client().get("/sign-in", headers={"Host": f"{'scanner' * 100}.example"})
        assert asked.status_code == 400
        [record] = [one for one in caplog.records if one.name == "django.security.DisallowedHost"]
        assert record.levelname == "WARNING"
        line = LineFormatter("%(message)s").format(record)
        assert line.startswith("Invalid HTTP_HOST header: 'scanner")
        assert (line.count("\n"), len(line)) == (0, WORDS)

    def test_it_is_one_line_of_json_whatever_it_says(self) -> None:
        assert self.line('two\nlines and "quotes"')["message"] == 'two\nlines and "quotes"'
