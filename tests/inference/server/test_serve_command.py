from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from inference.__main__ import main


def test_the_command_serves_until_it_is_told_to_end(random_checkpoint: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "inference",
        "serve",
        str(random_checkpoint),
        "--port",
        "0",
        "--name",
        "tiny",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = ""
        try:
            while not (found := re.search(r"running on (http://127\.0\.0\.1:\d+)", said)):
                line = process.stderr.readline()
                assert line, said
                said += line
            body = {
                "model": "tiny",
                "messages": [{"role": "user", "content": "hi"}],
                "max_tokens": 3,
            }
            got = httpx.post(f"{found[1]}/v1/chat/completions", json=body, timeout=30)
            assert got.json()["usage"]["completion_tokens"] in (1, 2, 3)
        finally:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
        assert process.returncode in (0, -signal.SIGTERM)
    assert "tiny: a context of 262144 tokens, a cache of 1048576; compiled kernels with " in said


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--streams", "600"], "step_tokens is 512; it must be more than running, 600."),
        (["--cache-tokens", "0"], "--cache-tokens is 0; it must be at least 1."),
        (["--max-model-len", "1"], "--max-model-len is 1; it must be at least 2."),
        (
            ["--api-key", " "],
            "An --api-key is empty or has characters beyond ASCII, which no header can carry.",
        ),
        (
            ["--api-key-file", "/nowhere/keys"],
            "--api-key-file /nowhere/keys cannot be read: [Errno 2] No such file or directory: '/nowhere/keys'.",
        ),
        (["--queue", "-1"], "waiting is -1; it must be at least 0."),
    ],
)
def test_settings_that_make_no_engine_are_refused(
    options: list[str], sentence: str, random_checkpoint: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", str(random_checkpoint), *options]) == 2
    assert capsys.readouterr().err.strip() == sentence


def test_a_folder_that_is_no_checkpoint_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", str(tmp_path)]) == 1
    assert (
        capsys.readouterr().err.strip()
        == f"There is neither tiktoken.model nor tokenizer.json in {tmp_path}."
    )
