"""What a probe found: one sentence, and one that says what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One result. `hint` says what to do; it is empty where nothing has to be done."""

    level: Level
    part: str
    words: str
    hint: str = ""


class ProbeError(Exception):
    """Raised by a probe whose part does not work; `hint` says what to do."""

    def __init__(self, words: str, hint: str) -> None:
        super().__init__(words)
        self.hint = hint


class ProbeWarning(ProbeError):
    """Raised by a probe whose part works with less than it could."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A part, and how to try it.

    `attempt` returns what it found in words. `hint` is for errors that the attempt does not know.
    """

    part: str
    attempt: Callable[[], str]
    hint: str


def run_probe(probe: Probe) -> Finding:
    """Try the part; an error of any kind becomes a finding.

    Of an unknown error only the type is told: its text may contain passwords.
    """
    try:
        return Finding("ok", probe.part, probe.attempt())
    except ProbeWarning as warning:
        return Finding("warning", probe.part, str(warning), warning.hint)
    except ProbeError as error:
        return Finding("error", probe.part, str(error), error.hint)
    except Exception as error:
        return Finding("error", probe.part, f"It failed ({type(error).__name__}).", probe.hint)


def count_levels(findings: Iterable[Finding]) -> dict[Level, int]:
    counts: dict[Level, int] = {"ok": 0, "warning": 0, "error": 0}
    for finding in findings:
        counts[finding.level] += 1
    return counts
