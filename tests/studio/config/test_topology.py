"""Each of the four settings, given and not."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.config import topology
from studio.config.environment import SettingError

DATA = Path("/srv/likeness")


def test_without_a_database_url_sqlite_lies_in_the_data_folder() -> None:
    database = topology.make_databases("", DATA)["default"]
    assert database["ENGINE"] == "django.db.backends.sqlite3"
    assert database["NAME"] == "/srv/likeness/studio.sqlite3"
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in database["OPTIONS"]["init_command"]


def test_a_postgres_url_is_taken_apart() -> None:
    database = topology.make_databases("postgres://ada:secret@db:5433/likeness", DATA)["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["NAME"], database["USER"], database["HOST"], database["PORT"]) == (
        "likeness",
        "ada",
        "db",
        5433,
    )


def test_a_silent_postgresql_is_given_up_unless_the_operator_says_when() -> None:
    url = "postgres://ada:secret@db/likeness"
    options = topology.make_databases(url, DATA)["default"]["OPTIONS"]
    assert (options["connect_timeout"], options["tcp_user_timeout"]) == (5, 15_000)
    assert options["keepalives_idle"] == 10
    options = topology.make_databases(f"{url}?tcp_user_timeout=60000", DATA)["default"]["OPTIONS"]
    assert int(options["tcp_user_timeout"]) == 60_000
    assert options["connect_timeout"] == 5


@pytest.mark.parametrize(
    ("redis", "broker", "events", "queue"),
    [
        (
            "",
            "",
            "unix:///srv/likeness/valkey/valkey.sock",
            "redis+socket:///srv/likeness/valkey/valkey.sock?virtual_host=1",
        ),
        ("redis://cache:6379/0", "", "redis://cache:6379/0", "redis://cache:6379/0"),
        ("redis://cache:6379/0", "amqp://guest@mq//", "redis://cache:6379/0", "amqp://guest@mq//"),
        ("", "amqp://guest@mq//", "unix:///srv/likeness/valkey/valkey.sock", "amqp://guest@mq//"),
    ],
)
def test_events_and_queue_follow_two_settings(
    redis: str, broker: str, events: str, queue: str
) -> None:
    in_force = topology.choose_redis_url(redis, DATA)
    assert in_force == events
    assert topology.choose_broker_url(broker, in_force) == queue


def test_files_lie_in_the_data_folder_or_in_the_one_given() -> None:
    assert (
        topology.make_storages("", DATA)["default"]["OPTIONS"]["location"] == "/srv/likeness/files"
    )
    assert (
        topology.make_storages("file:///mnt/a%20b", DATA)["default"]["OPTIONS"]["location"]
        == "/mnt/a b"
    )


def test_an_s3_url_names_bucket_prefix_endpoint_and_key() -> None:
    storage = topology.make_storages(
        "s3://key:se%2Fcret@mockups/team/a?endpoint_url=http://minio:9000&region_name=eu", DATA
    )
    options = storage["default"]["OPTIONS"]
    assert storage["default"]["BACKEND"] == "storages.backends.s3.S3Storage"
    assert (options["bucket_name"], options["location"]) == ("mockups", "team/a")
    assert (options["endpoint_url"], options["region_name"]) == ("http://minio:9000", "eu")
    assert (options["access_key"], options["secret_key"]) == ("key", "se/cret")


def test_a_silent_s3_is_given_up() -> None:
    url = "s3://mockups?endpoint_url=http://minio:9000&addressing_style=path"
    options = topology.make_storages(url, DATA)["default"]["OPTIONS"]
    client = options["client_config"]
    assert (client.connect_timeout, client.read_timeout) == (5, 20)
    assert client.retries["total_max_attempts"] == 3
    assert client.s3 == {"addressing_style": "path"}


@pytest.mark.parametrize("url", ["s3://", "s3://bucket?acl=public-read"])
def test_an_s3_url_that_cannot_be_used_is_one_sentence(url: str) -> None:
    with pytest.raises(SettingError, match="STORAGE_URL"):
        topology.make_storages(url, DATA)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://ada:secret@models.example:8001/v1?key=secret", "http://models.example:8001/v1"),
        ("http://secret@models.example/v1", "http://models.example/v1"),
        ("local:likeness-mini", "local:likeness-mini"),
        ("", ""),
    ],
)
def test_an_address_is_shown_without_what_signs_in(url: str, shown: str) -> None:
    assert topology.hide_login(url) == shown
