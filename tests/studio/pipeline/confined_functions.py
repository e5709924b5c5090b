"""What the tests run in confined processes."""

from __future__ import annotations

import os
import re
import signal
import time
from pathlib import Path

from studio.pipeline.bundle import BundleError

KEPT: list[bytearray] = []


def add(one, other):
    return one + other


def process() -> int:
    return os.getpid()


def fail(how: str) -> str:
    if how == "bundle":
        raise BundleError("no good")
    if how == "key":
        raise KeyError(how)
    return how


def take_memory() -> None:
    while True:
        KEPT.append(bytearray(1 << 20))


def match_for_ever() -> None:
    re.match(r"(a+)+$", "a" * 60 + "b")


def burn(seconds: float) -> float:
    begun = time.process_time()
    while time.process_time() - begun < seconds:
        pass
    return seconds


def break_down(really: bool) -> str:
    if really:
        os.kill(os.getpid(), signal.SIGSEGV)
    return "whole"


def keep_memory(megabytes: int) -> int:
    KEPT.append(bytearray(os.urandom(1)) * (megabytes << 20))
    return os.getpid()


def environment() -> dict[str, str]:
    return dict(os.environ)


class Evil:
    def __reduce__(self):
        return os.system, ("true",)


def evil() -> Evil:
    return Evil()


def wait() -> None:
    signal.pause()


def wait_for_file(begun: str, end: str) -> None:
    """Say in a file that the call began, and return when the other file is there."""
    Path(begun).touch()
    while not Path(end).exists():
        time.sleep(0.01)
