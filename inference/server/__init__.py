"""`python -m inference serve`: a checkpoint behind OpenAI's and Anthropic's API."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from kernels.dispatch import WISHES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("checkpoint", type=Path, help="a checkpoint's folder")
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to listen on (default: this machine only)"
    )
    parser.add_argument("--port", type=int, default=8001, help="0: any that is free")
    parser.add_argument("--name", help="the model's name in the API (default: the folder's)")
    parser.add_argument(
        "--cache-tokens",
        type=int,
        default=16_384,
        help="room of the cache, for all streams together",
    )
    parser.add_argument("--streams", type=int, default=32, help="requests computed at once")
    parser.add_argument(
        "--queue", type=int, default=64, help="requests that may wait; more get 429"
    )
    parser.add_argument(
        "--step-tokens",
        type=int,
        default=512,
        help="tokens of one pass; longer prompts are cut to it",
    )
    parser.add_argument(
        "--gpu-expert-gb",
        type=float,
        help="GB of the GPU for routed experts; others stay on the CPU",
    )
    parser.add_argument(
        "--kernels",
        choices=WISHES,
        default="auto",
        help="compiled: int8 products; reference: float32",
    )


def run(args: argparse.Namespace) -> int:
    import uvicorn

    from inference.engine.scheduler import Limits
    from inference.engine.service import open_service
    from inference.server.app import App

    block = Limits.block_size
    try:
        limits = Limits(
            blocks=-(-args.cache_tokens // block),
            step_tokens=args.step_tokens,
            running=args.streams,
            waiting=args.queue,
        )
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    budget = None if args.gpu_expert_gb is None else int(1e9 * args.gpu_expert_gb)
    service = open_service(args.checkpoint, args.name, limits, args.kernels, budget)
    print(
        f"{service.name}: a context of {service.live.engine.context} tokens; {service.kernels}.",
        file=sys.stderr,
    )
    try:
        uvicorn.run(
            App(service),
            host=args.host,
            port=args.port,
            log_level="info",
            timeout_graceful_shutdown=5,
        )
    finally:
        service.close()
    return 0
