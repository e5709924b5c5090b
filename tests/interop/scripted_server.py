"""`python -m tests.interop.scripted_server FOLDER [serve's arguments]`: the scripted model behind
our server.

FOLDER gets a random checkpoint, for its tokenizer and sizes; the address is told on standard
output.
"""

from __future__ import annotations

import argparse
import socket
import sys
from dataclasses import replace
from pathlib import Path

import uvicorn

from inference.chat.images import read_limits as read_image_limits
from inference.chat.tokenizer import read_tokenizer
from inference.checkpoint.config import read_config
from inference.checkpoint.make_random import make_random
from inference.engine.engine import Engine
from inference.engine.live import LiveEngine
from inference.engine.scheduler import Limits
from inference.engine.service import Service
from inference.server import add_arguments, read_limits, read_options
from inference.server.app import create_app
from inference.server.room import fit_cache
from tests.interop.scripted import Scripted


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    args = parser.parse_args(arguments)
    if not (args.checkpoint / "config.json").exists():
        make_random(args.checkpoint, size="XS")
    service = open_scripted(
        args.checkpoint, args.cache_tokens, args.max_model_len, read_limits(args)
    )
    with socket.create_server((args.host, args.port)) as listening:
        print(f"http://{args.host}:{listening.getsockname()[1]}", flush=True)
        config = uvicorn.Config(create_app(service, read_options(args)), log_level="info")
        uvicorn.Server(config).run([listening])
    service.close()


def open_scripted(
    folder: Path, cache_tokens: int | None, context: int | None, limits: Limits
) -> Service:
    """Return a service of the scripted model."""
    config, tokenizer = read_config(folder), read_tokenizer(folder)
    model = Scripted(config, tokenizer)
    # A guess would put tokens into the history that nobody said.
    silent = replace(limits, guess_up_to=0)
    engine = Engine(model, tokenizer, fit_cache(model, silent, cache_tokens or 600_000, context))
    images = read_image_limits(folder)
    return Service("scripted", config, tokenizer, images, LiveEngine(engine), "a script")


if __name__ == "__main__":
    main(sys.argv[1:])
