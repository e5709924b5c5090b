"""llama.cpp in a process of its own, told what to do in lines of JSON, so that neither engine sees
the other's memory.

Run as a program it is that process: `python -m inference.bench.peer LIBRARY GGUF SEQUENCES CONTEXT
CLOCK`.
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
    """What `Ours` does, by llama.cpp. It inherits the core this process is bound to."""

    def __init__(
        self, library: Path, gguf: Path, *, sequences: int, context: int, clock: Clock
    ) -> None:
        """Raises CheckpointError with llama.cpp's word when it does not start."""
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
        self._answer()

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
        """Seconds to compute the prompts, from empty."""
        return float(self._ask("fill", prompts))

    def decode(self, steps: int) -> float:
        """Seconds of `steps` steps of all sequences."""
        return float(
            self._ask("decode", [[(7 * step) % 256] * self._sequences for step in range(steps)])
        )

    def logits(self) -> list[float]:
        """For the token after the last sequence's."""
        values: list[float] = self._ask("logits", None)
        return values

    def _ask(self, what: str, given: Any) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([what, given]) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line.startswith(
            "{"
        ):  # an assertion of its own prints a trace, and its cause to our standard error
            self._process.kill()
            raise CheckpointError(f"llama.cpp's process ended ({self._process.wait()}): see above.")
        said = json.loads(line)
        if "error" in said:
            raise CheckpointError(said["error"])
        return said["done"]


def main(library: str, gguf: str, sequences: str, context: str, clock: str) -> None:
    try:
        llama = Llama(Path(library), Path(gguf), sequences=int(sequences), context=int(context))
        _write_line(done=True)
        for line in sys.stdin:
            _write_line(done=_obey(llama, CLOCKS[clock], *json.loads(line)))
    except RuntimeError as error:
        _write_line(error=str(error))


def _obey(llama: Llama, now: Callable[[], float], what: str, given: Any) -> Any:
    if what == "logits":
        return llama.logits(-1).tolist()
    if what == "fill":
        llama.clear()
    since = now()
    if what == "fill":
        llama.feed(given)
    else:
        for tokens in given:
            llama.step(tokens)
    return now() - since


def _write_line(**what: Any) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
