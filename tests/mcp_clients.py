"""The official MCP client, held open by one task for a whole module."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from mcp.client.client import Client

Call = Callable[..., Awaitable[Any]]


@asynccontextmanager
async def held_client(target: Any) -> AsyncIterator[Client]:
    """Open and close the client in the same task, which fixtures do not promise."""
    opened: asyncio.Future[Client] = asyncio.get_running_loop().create_future()
    done = asyncio.Event()

    async def hold() -> None:
        try:
            async with Client(target) as client:
                opened.set_result(client)
                await done.wait()
        except Exception as error:
            if not opened.done():
                opened.set_exception(error)

    task = asyncio.create_task(hold())
    try:
        yield await opened
    finally:
        done.set()
        await task


def make_call(client: Client) -> Call:
    """Return a function that calls one of the client's tools by name."""

    async def call(name: str, **arguments: Any) -> Any:
        return await client.call_tool(name, arguments)

    return call


def text_of(result: Any) -> str:
    """Return a tool's texts."""
    return "\n".join(block.text for block in result.content if block.type == "text")


def count_pictures(result: Any) -> int:
    return sum(block.type == "image" for block in result.content)
