"""Real servers on real sockets: one with a random checkpoint, and one whose model says what a test
tells it to.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anthropic
import httpx
import openai
import pytest
import uvicorn

from inference.chat.images import ImageLimits
from inference.chat.tokenizer import read_tokenizer
from inference.checkpoint.config import read_config
from inference.engine.engine import Engine
from inference.engine.live import LiveEngine
from inference.engine.scheduler import Limits
from inference.engine.service import Service, open_service
from inference.server.app import create_app
from inference.server.options import ServerOptions
from tests.inference.server.parrot import Parrot


@dataclass(frozen=True)
class Server:
    url: str
    service: Service

    @property
    def openai(self) -> openai.OpenAI:
        return openai.OpenAI(base_url=f"{self.url}/v1", api_key="none", max_retries=0)

    @property
    def anthropic(self) -> anthropic.Anthropic:
        return anthropic.Anthropic(base_url=self.url, api_key="none", max_retries=0)

    def post(self, path: str, **more: Any) -> httpx.Response:
        """A POST of JSON, as it is."""
        headers = {"content-type": "application/json"}
        return httpx.post(f"{self.url}{path}", headers=headers, timeout=30, **more)

    def wait_until_idle(self) -> None:
        until(lambda: not self.service.live.engine.sequences)


def until(true: Callable[[], bool]) -> None:
    for _ in range(20_000):
        if true():
            return
        time.sleep(0.001)
    raise AssertionError("it never came")


@contextmanager
def serving(service: Service, options: ServerOptions | None = None) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(
            create_app(service, options), log_level="warning", timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])))
        thread.start()
        try:
            yield Server(f"http://127.0.0.1:{listening.getsockname()[1]}", service)
        finally:
            server.should_exit = True
            thread.join()
            service.close()


@pytest.fixture(scope="module")
def server(random_checkpoint: Path) -> Iterator[Server]:
    limits = Limits(blocks=512, running=16, waiting=8, step_tokens=128)
    with serving(open_service(random_checkpoint, "tiny", limits)) as server:
        yield server
        server.wait_until_idle()
        server.service.live.engine.check_integrity()
        assert server.service.live.engine.pool.free == 512


Says = Callable[..., Server]


@pytest.fixture
def says(random_checkpoint: Path) -> Iterator[Says]:
    """A server that answers with the given text, special tokens written by name, and the end after
    it.
    """
    open_servers = []

    def start(text: str, options: ServerOptions | None = None) -> Server:
        tokenizer = read_tokenizer(random_checkpoint)
        parrot = Parrot(
            read_config(random_checkpoint), tokenizer.encode(f"{text}<|im_end|>", specials=True)
        )
        live = LiveEngine(Engine(parrot, tokenizer, Limits(guess_up_to=0)))
        running = serving(
            Service("parrot", parrot.config, tokenizer, ImageLimits(), live, "a parrot"), options
        )
        open_servers.append(running)
        return running.__enter__()

    yield start
    for running in open_servers:
        running.__exit__(None, None, None)
