"""llama.cpp in a separate process, so that the memory of both engines can be told apart.

The process receives commands as lines of JSON. It is started as `python -m inference.bench.peer
LIBRARY GGUF SEQUENCES CONTEXT CLOCK`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from inference.bench.clock import CLOCKS, Clock
from inference.bench.llama import Llama
from inference.checkpoint.json_fields import CheckpointError


class Peer:
    """llama.cpp with the methods of `Ours`. Its process inherits the core of this process."""

    def __init__(
        self, library: Path, gguf: Path, *, sequences: int, context: int, clock: Clock
    ) -> None:
        """Start the process. Raises CheckpointError with llama.cpp's message if that fails."""
        program = [
            sys.executable,
            "-m",
            "inference.bench.peer",
            library,
            gguf,
            sequences,
            context,
            clock,
        ]
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            list(map(str, program)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._sequences = sequences
        self._read_answer()

    def __enter__(self) -> Peer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def fill(self, prompts: Sequence[Sequence[int]]) -> float:
        """Return the seconds to compute the prompts from an empty cache."""
        return float(self._request("fill", prompts))

    def decode(self, steps: int) -> float:
        """Return the seconds of `steps` steps of all sequences, with arbitrary tokens."""
        tokens = [[(7 * step) % 256] * self._sequences for step in range(steps)]
        return float(self._request("decode", tokens))

    def logits(self) -> list[float]:
        """Return the logits after the last token of the last sequence."""
        values: list[float] = self._request("logits", None)
        return values

    def _request(self, command: str, argument: Any) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([command, argument]) + "\n")
        self._process.stdin.flush()
        return self._read_answer()

    def _read_answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        # A failed assertion in llama.cpp prints a trace here and its cause to our standard error.
        if not line.startswith("{"):
            self._process.kill()
            status = self._process.wait()
            raise CheckpointError(
                f"llama.cpp's process ended with status {status}; its messages are above."
            )
        answer = json.loads(line)
        if "error" in answer:
            raise CheckpointError(answer["error"])
        return answer["done"]


def main(library: str, gguf: str, sequences: str, context: str, clock: str) -> None:
    try:
        llama = Llama(Path(library), Path(gguf), sequences=int(sequences), context=int(context))
        _write_line(done=True)
        for line in sys.stdin:
            _write_line(done=_run_command(llama, CLOCKS[clock], *json.loads(line)))
    except RuntimeError as error:
        _write_line(error=str(error))


def _run_command(llama: Llama, now: Callable[[], float], command: str, argument: Any) -> Any:
    """Run one command and return its logits or seconds."""
    if command == "logits":
        return llama.logits(-1).tolist()
    if command == "fill":
        llama.clear()
    since = now()
    if command == "fill":
        llama.feed(argument)
    else:
        for tokens in argument:
            llama.step(tokens)
    return now() - since


def _write_line(**fields: Any) -> None:
    print(json.dumps(fields), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
