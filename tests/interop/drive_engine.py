"""`python -m tests.interop.drive_engine URL MODEL PID`: our loop drives another engine, such as vLLM.

A run is streamed to its end, a second one is cancelled while the model writes, and in a third one the
server (process PID) is killed. Prints for each how it ended; the server is gone afterwards.
"""

from __future__ import annotations

import io
import json
import os
import re
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
from PIL import Image

from inference.client import connect
from inference.types import ModelError
from studio.pipeline.bundle import Bundle
from studio.pipeline.loop.attempts import LoopEvent, LoopOptions, Result
from studio.pipeline.loop.generate import generate
from studio.pipeline.rendering.render import Renderer

PAGE = '<!doctype html><body style="font:20px sans-serif"><h1>Good morning</h1><p>Bread at seven.</p></body>'
TOKENS = 400  # that the model may write
PATIENCE = 30.0  # seconds for the engine to drop a request that nobody waits for
RUNNING = re.compile(r"^\w+:num_requests_running\{[^}]*\} ([\d.]+)$", re.MULTILINE)


@dataclass
class Watch:
    """Hears of a run; `act` is called with the first words that the model writes."""

    act: Callable[[], None] = lambda: None
    chunks: int = 0

    def hear(self, event: LoopEvent) -> None:
        if event.kind == "chunk":
            self.chunks += 1
            if self.chunks == 1:
                self.act()


def drive(
    url: str, model: str, watch: Watch, cancelled: Callable[[], bool] = lambda: False
) -> Result:
    with Renderer() as renderer:
        png = renderer.render(Bundle({"index.html": PAGE}), width=600, height=300).png
        mockup = Image.open(io.BytesIO(png)).convert("RGB")
        client = connect(url, model=model)
        try:
            return generate(
                mockup,
                options=LoopOptions(rounds=1, tokens=TOKENS, target=1.0),
                renderer=renderer,
                client=client,
                emit=watch.hear,
                cancelled=cancelled,
            )
        finally:
            client.close()


def describe(result: Result, watch: Watch) -> dict[str, Any]:
    return {
        "stop_reason": result.stop_reason,
        "message": result.message,
        "chunks": watch.chunks,
        "tokens written": result.usage.completion_tokens,
        "attempts": [attempt.source for attempt in result.attempts],
    }


def wait_until_idle(url: str) -> float | None:
    """Return the seconds until the engine runs no request; None when it still does after PATIENCE."""
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE:
        running = RUNNING.findall(httpx.get(f"{url}/metrics", timeout=PATIENCE).text)
        if running and not any(map(float, running)):
            return round(time.monotonic() - began, 1)
        time.sleep(0.2)
    return None


def main(url: str, model: str, pid: str) -> None:
    watch = Watch()
    tell("stream", describe(drive(url, model, watch), watch))

    wishes: list[str] = []
    watch = Watch(act=lambda: wishes.append("stop"))
    result = drive(url, model, watch, cancelled=lambda: bool(wishes))
    tell("cancel", {**describe(result, watch), "seconds until idle": wait_until_idle(url)})

    watch = Watch(act=lambda: os.kill(int(pid), signal.SIGKILL))
    try:
        outcome = describe(drive(url, model, watch), watch)
    except ModelError as error:
        outcome = {"error": str(error), "chunks": watch.chunks}
    tell("kill", outcome)


def tell(name: str, outcome: dict[str, Any]) -> None:
    print(json.dumps({"what": name, **outcome}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
