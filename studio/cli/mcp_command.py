"""`likeness mcp`: an MCP server over standard input and output, for one agent's local files."""

from __future__ import annotations

import argparse
import os
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `likeness mcp`."""
    parser.add_argument(
        "--root", type=Path, default=Path(), help="the working folder (default: the current one)"
    )
    parser.add_argument(
        "--allow", type=Path, action="append", default=[], help="a further folder; may be repeated"
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        help="a host whose pages may be opened, besides this machine; may be repeated",
    )
    parser.add_argument(
        "--browser", default=os.environ.get("LIKENESS_BROWSER", ""), help="the path of a Chromium"
    )
    parser.add_argument(
        "--model-url",
        default=os.environ.get("MODEL_URL", ""),
        help="the model of `generate`: http(s)://…/v1 or local:NAME; without one it makes the draft",
    )
    parser.add_argument("--model-name", default=os.environ.get("MODEL_NAME", ""))
    parser.set_defaults(run_here=run)


def run(args: argparse.Namespace) -> int:
    """Serve until the agent closes standard input."""
    import anyio
    from mcp.server.stdio import stdio_server

    from studio.cli.local_door import LocalDoor
    from studio.cli.local_options import LocalOptions
    from studio.mcp.server import create_server

    options = LocalOptions(
        (args.root, *args.allow),
        tuple(args.allow_host),
        browser=args.browser,
        model_url=args.model_url,
        model_name=args.model_name,
        model_key=os.environ.get("MODEL_API_KEY", ""),
    )

    async def serve(door: LocalDoor) -> None:
        server = create_server(door)
        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())

    with LocalDoor(options) as door:
        anyio.run(serve, door)
    return 0
