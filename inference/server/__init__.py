"""`python -m inference serve`: a checkpoint behind OpenAI's and Anthropic's API."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inference.client.tracing import TracingError, make_provider
from kernels.dispatch import WISHES

if TYPE_CHECKING:
    from inference.engine.batch import Model
    from inference.engine.scheduler import Limits
    from inference.server.options import ServerOptions

ALL = "*"
SERVICE = "likeness-model"  # the name in traces


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("checkpoint", type=Path, help="a checkpoint's folder")
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to listen on (default: this machine only)"
    )
    parser.add_argument("--port", type=int, default=8001, help="0: any that is free")
    parser.add_argument(
        "--name",
        action="append",
        default=[],
        help="the model's name in the API (default: the folder's); may be given several times, and "
        "with wildcards: --name kimi --name 'claude-*'",
    )
    parser.add_argument(
        "--max-model-len",
        type=int,
        help="most tokens of a conversation (default: the model's, as memory allows)",
    )
    parser.add_argument(
        "--cache-tokens",
        type=int,
        help="room of the cache, for all streams together (default: half of free memory)",
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
    parser.add_argument(
        "--api-key",
        action="append",
        default=[],
        help="a key that requests must carry; may be given several times",
    )
    parser.add_argument(
        "--api-key-file",
        type=Path,
        help="a file of such keys, one a line, which no other user sees",
    )
    parser.add_argument(
        "--allowed-host",
        action="append",
        default=[],
        help="a name this server is reached by, beside addresses and localhost; * for all; not needed with --api-key",
    )
    parser.add_argument(
        "--cors-origin",
        action="append",
        default=[],
        help="a web page's origin that may ask, such as https://chat.example; * for all (default: none)",
    )
    parser.add_argument(
        "--unknown-fields",
        choices=("refuse", "ignore"),
        default="refuse",
        help="what happens to a request with a field this server does not know",
    )
    parser.add_argument(
        "--traces",
        metavar="URL",
        help="an OpenTelemetry collector that spans of requests are sent to (OTLP over HTTP)",
    )


def run(args: argparse.Namespace) -> int:
    """Serve until told to end; return the exit status."""
    import uvicorn

    from inference.engine.service import open_service
    from inference.server.app import create_app

    try:
        limits, options = read_limits(args), read_options(args)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    try:
        tracer = _make_tracer(args.traces)
    except TracingError as error:
        print(error, file=sys.stderr)
        return 2
    budget = None if args.gpu_expert_gb is None else int(1e9 * args.gpu_expert_gb)

    def fit(model: Model) -> Limits:
        from inference.server.room import fit_cache

        return fit_cache(model, limits, args.cache_tokens, args.max_model_len)

    name = next((one for one in args.name if not set("*?[") & set(one)), None)
    service = open_service(args.checkpoint, name, fit, args.kernels, budget)
    engine = service.live.engine
    print(
        f"{service.name}: a context of {engine.context} tokens, a cache of "
        f"{engine.limits.blocks * engine.limits.block_size}; {service.kernels}.",
        file=sys.stderr,
    )
    if not options.keys and args.host not in ("127.0.0.1", "localhost", "::1"):
        print("Everybody who reaches this address may ask: there is no --api-key.", file=sys.stderr)
    app = create_app(service, options, tracer)
    try:
        uvicorn.run(
            app, host=args.host, port=args.port, log_level="info", timeout_graceful_shutdown=5
        )
    finally:
        service.close()
    return 0


def _make_tracer(url: str | None) -> Any:
    return make_provider(url, SERVICE).get_tracer(SERVICE) if url else None


def read_limits(args: argparse.Namespace) -> Limits:
    """Return the engine's limits, with room for one block until the model is loaded. Raises
    ValueError.
    """
    from inference.engine.scheduler import Limits

    if args.cache_tokens is not None and args.cache_tokens < 1:
        raise ValueError(f"--cache-tokens is {args.cache_tokens}; it must be at least 1.")
    if args.max_model_len is not None and args.max_model_len < 2:
        raise ValueError(f"--max-model-len is {args.max_model_len}; it must be at least 2.")
    return Limits(blocks=1, step_tokens=args.step_tokens, running=args.streams, waiting=args.queue)


def read_options(args: argparse.Namespace) -> ServerOptions:
    """Return how the server is set up. Raises ValueError."""
    from inference.server.options import ServerOptions

    keys = [*args.api_key, *_read_keys(args.api_key_file)]
    if any(not key.strip() or not key.isascii() for key in keys):
        raise ValueError(
            "An --api-key is empty or has characters beyond ASCII, which no header can carry."
        )
    hosts = None if ALL in args.allowed_host else (*args.allowed_host, args.host)
    return ServerOptions(
        names=tuple(args.name),
        keys=tuple(keys),
        hosts=hosts,
        origins=tuple(args.cors_origin),
        unknown=args.unknown_fields,
    )


def _read_keys(path: Path | None) -> list[str]:
    if path is None:
        return []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"--api-key-file {path} cannot be read: {error}.") from None
    keys = [line.strip() for line in lines if line.strip()]
    if not keys:
        raise ValueError(f"--api-key-file {path} is empty; it must have a key on a line.")
    return keys
