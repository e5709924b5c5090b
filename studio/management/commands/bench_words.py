"""`manage.py bench_words`: pages from words alone, each prompt once, with the model that is there."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from inference.types import Chunk, Finished, Message, ModelClient, ModelRequest, TextPart
from studio.load.prompt_files import read_entries
from studio.pipeline.loop.attempts import LoopEvent, LoopOptions, Result
from studio.pipeline.loop.generate import generate
from studio.pipeline.loop.report import build_report
from studio.pipeline.loop.terminal import write_result
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.stacks.kinds import Stack
from studio.processes.writer_server import find_writer
from studio.runs.model_client import open_model_client

# Each twenty was written before a page of it was seen, and is measured once.
SETS = Path(__file__).resolve().parents[2] / "load" / "words"
PROMPTS = SETS / "third.toml"
NARROW = 390  # CSS px, a phone
STACK: Stack = "html-css"
FREELY = (
    "Write this web page as one complete HTML document with its CSS in a style element: {prompt}"
)
MOST_TOKENS = 3000  # of a page written freely; the small writer takes ten minutes for them


class Command(BaseCommand):
    help = (
        "Make a page of each prompt, once: seconds to the first section and to the whole page, "
        "tokens, code quality, and how far it overflows on a phone. Needs the writer (make run, or "
        "--model-url)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("only", nargs="*", help="keys of prompts; none: all")
        parser.add_argument(
            "--prompts", type=Path, default=PROMPTS, help="a TOML file with key, kind and text"
        )
        parser.add_argument("--model-url", default="", help="a model's address instead")
        parser.add_argument("--out", type=Path, required=True, help="folder for the pages")
        parser.add_argument(
            "--free", action="store_true", help="let the small writer write the page itself"
        )
        parser.add_argument("--json", action="store_true")

    def handle(
        self,
        *args: Any,
        only: list[str],
        prompts: Path,
        out: Path,
        model_url: str,
        free: bool,
        **options: Any,
    ) -> None:
        asked = read_entries(prompts, "prompts", only)
        address = model_url or find_writer(settings.DATA_DIR)
        if not address:
            raise CommandError(
                "No writer answers: run `make writer` and `make run`, or give --model-url."
            )
        with open_model_client(address) as client, Renderer(settings.BROWSER) as renderer:
            assert client is not None  # there is an address
            for prompt in asked:
                model = FreeWriter(client, prompt["text"]) if free else client
                row = make_page(prompt, out / prompt["key"], renderer, model)
                self.stdout.write(json.dumps(row) if options["json"] else describe_row(row))
                self.stdout.flush()


class FreeWriter:
    """The small writer under another name, so that a run lets it write the whole page; it is told the prompt
    alone, because a run's own request with the library's page is larger than its context.
    """

    def __init__(self, client: ModelClient, prompt: str) -> None:
        self._client, self._prompt = client, prompt
        self.name = f"{client.name} (free)"
        self.task = client.task

    def stream(
        self, request: ModelRequest, *, cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[Chunk | Finished]:
        told = (Message("user", (TextPart(FREELY.format(prompt=self._prompt)),)),)
        plain = replace(request, messages=told, max_tokens=MOST_TOKENS)
        return self._client.stream(plain, cancelled=cancelled)

    def close(self) -> None:
        self._client.close()


def make_page(
    prompt: Mapping[str, str], folder: Path, renderer: Renderer, client: ModelClient
) -> dict[str, Any]:
    """Make one page, write it to `folder` with its pictures, and return what was measured."""
    began = time.monotonic()
    first: float | None = None

    def watch(event: LoopEvent) -> None:
        nonlocal first
        if first is None and event.kind == "outline" and event.data["written"] > 0:
            first = time.monotonic() - began

    options = LoopOptions(
        prompt=prompt["text"],
        stack=STACK,
        seconds=settings.RUN_SECONDS,
        tokens=settings.RUN_TOKENS,
        rounds=1,
    )
    result = generate(None, options=options, renderer=renderer, client=client, emit=watch)
    seconds = time.monotonic() - began
    report = build_report(result, mockup=None, model=client.name)
    write_result(result, report, folder, STACK)
    return {
        "key": prompt["key"],
        "kind": prompt["kind"],
        "first_section": None if first is None else round(first, 1),
        "seconds": round(seconds, 1),
        "tokens": report["tokens"]["completion"],
        "quality": report["quality"],
        "overflow": picture_page(result, folder, renderer),
    }


def picture_page(result: Result, folder: Path, renderer: Renderer) -> float | None:
    """Picture the page wide and narrow; return by how many px it overflows when it is narrow."""
    if result.winner is None:
        return None
    wide, narrow = (renderer.render(result.winner.bundle, width=width) for width in (1280, NARROW))
    (folder / "wide.png").write_bytes(wide.png)
    (folder / "narrow.png").write_bytes(narrow.png)
    return narrow.overflow


def describe_row(row: Mapping[str, Any]) -> str:
    return "  ".join(f"{name} {value}" for name, value in row.items())
