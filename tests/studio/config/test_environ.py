"""The environment becomes typed settings, or one sentence that says what is allowed."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from studio.config.environment import (
    Environ,
    SettingError,
    get_data_folder,
    get_secret_key,
    list_settings,
    read_environ,
)

GIVEN = "a-key-of-more-than-fifty-characters-for-one-test-only-0123456789"

SITE = "https://name or https://name:port; a path goes into BASE_PATH"
BELOW = "/path/ of letters, digits, - _ . ~"


def test_an_empty_environment_gives_the_defaults() -> None:
    environ = read_environ({})
    assert environ.debug is False
    assert environ.port == 8000
    assert environ.allowed_hosts == ("127.0.0.1", "localhost", "[::1]")
    assert (environ.database_url, environ.redis_url, environ.storage_url) == ("", "", "")
    assert environ.model_url == "local:likeness-mini"
    assert read_environ({"MODEL_URL": "none"}).model_url == ""


def test_a_sites_address_is_kept_without_its_last_slash() -> None:
    assert (
        read_environ({"PUBLIC_URL": "https://example.org:8443/"}).public_url
        == "https://example.org:8443"
    )


@pytest.mark.parametrize(
    ("given", "path"),
    [("", ""), ("/", ""), ("/likeness/", "/likeness"), ("tools/likeness", "/tools/likeness")],
)
def test_a_base_path_begins_with_a_slash_and_ends_without(given: str, path: str) -> None:
    assert read_environ({"BASE_PATH": given}).base_path == path


def test_an_empty_value_means_the_default() -> None:
    assert read_environ({"PORT": ""}).port == 8000


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("DEBUG", "yes", "'True' or 'False'"),
        ("PORT", "eighty", "a whole number from 0 to 65535"),
        ("PORT", "65536", "a whole number from 0 to 65535"),
        ("RUN_SECONDS", "nan", "seconds from 1 to 86400"),
        ("RUN_TARGET", "98", "a number from 0 to 1"),
        ("UPLOAD_MEGABYTES", "0", "a whole number from 1 to 200"),
        (
            "OUTGOING_ALLOW",
            "10.0.0.0/99",
            "host names (* matches any part), addresses and networks, separated by commas",
        ),
        ("WEBHOOK_SECONDS", "0", "seconds from 0.1 to 300"),
        ("PUBLIC_URL", "likeness.example.org", SITE),
        ("PUBLIC_URL", "https://example.org/likeness", SITE),
        ("BASE_PATH", "/a//b/", BELOW),
        ("BASE_PATH", "/../admin", BELOW),
        ("BASE_PATH", "https://example.org/likeness", BELOW),
        ("PUBLIC_URL", "ftp://example.org", SITE),
        ("REDIS_URL", "localhost:6379", "redis://…, rediss://… or unix:///socket"),
        ("DATABASE_URL", "mysql://db/likeness", "postgres://… or sqlite:///path"),
        ("MODEL_URL", "localhost/v1", "http(s)://…/v1, local:folder or none"),
        (
            "STORAGE_URL",
            "gs://bucket",
            "s3://bucket/prefix?endpoint_url=…&region_name=… or file:///folder",
        ),
    ],
)
def test_an_unexpected_value_is_named_with_what_is_allowed(
    name: str, value: str, allowed: str
) -> None:
    with pytest.raises(SettingError) as error:
        read_environ({name: value})
    assert str(error.value) == f"Unexpected value {name}={value}, use {allowed}"


def test_a_password_in_an_unexpected_url_is_not_shown() -> None:
    with pytest.raises(SettingError) as error:
        read_environ({"DATABASE_URL": "mysql://ada:hunter2@db/likeness"})
    assert "hunter2" not in str(error.value)


def test_every_field_has_a_distinct_name_and_a_meaning() -> None:
    settings = list_settings(Environ)
    assert len({setting.name for setting in settings}) == len(settings)
    assert all(setting.meaning and setting.allowed for setting in settings)


def test_the_secret_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    environ = read_environ({"DATA_DIR": str(tmp_path / "data")})
    first = get_secret_key(environ)
    assert len(first) >= 50
    assert get_secret_key(environ) == first
    files = list((tmp_path / "data").iterdir())
    assert [file.name for file in files] == ["secret-key"]
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600


def test_a_given_secret_key_is_used_and_nothing_is_written(tmp_path: Path) -> None:
    environ = read_environ({"DATA_DIR": str(tmp_path / "data"), "SECRET_KEY": GIVEN})
    assert get_secret_key(environ) == GIVEN
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("mode", [0o755, 0o777, 0o750])
def test_a_data_folder_is_its_owners_alone_whatever_it_was_before(
    tmp_path: Path, mode: int
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(mode)
    get_data_folder(read_environ({"DATA_DIR": str(folder)}))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY=… (5 characters), use 50 or more random characters"),
        ("SECRET_KEY", "a" * 60, "SECRET_KEY=… (60 characters), use 50 or more random characters"),
        (
            "VAULT_KEYS",
            "short",
            "VAULT_KEYS=… (5 characters), use random texts of 32 or more characters",
        ),
        ("VAULT_KEYS", f"short,{'x1y2z3' * 10}", "use random texts of 32 or more characters"),
    ],
)
def test_a_key_that_can_be_guessed_is_refused_and_not_shown(
    name: str, value: str, words: str
) -> None:
    with pytest.raises(SettingError) as error:
        read_environ({name: value})
    assert words in str(error.value)
    assert value not in str(error.value)


def test_an_older_vault_key_may_be_short_for_it_has_to_be_read_until_it_is_replaced() -> None:
    assert read_environ({"VAULT_KEYS": f"{'x1y2z3' * 10},short"}).vault_keys[1] == "short"


def test_a_data_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(SettingError, match="set DATA_DIR to a writable folder"):
        get_secret_key(read_environ({"DATA_DIR": str(tmp_path / "file" / "data")}))
