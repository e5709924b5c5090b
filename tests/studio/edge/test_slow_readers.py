"""Who does not take an answer keeps neither a place nor memory, signed in or not."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from tests.processes import ROOT, Studio, wait_for

SCRIPT = ROOT / "static" / "dist" / "code-editor.js"  # the largest file that a stranger may have
# Requests of one connection: more than the system's own buffers take (4 MB each way).
REQUESTS = 24
CONNECTIONS = 50
MEGABYTE = 1_000_000


@contextmanager
def asking(served: Studio) -> Iterator[socket.socket]:
    """A connection that asks for the script many times and has read nothing yet."""
    parts = urlsplit(served.address)
    request = f"GET /static/dist/code-editor.js HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode()
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(20)
        connection.connect((parts.hostname or "", parts.port or 0))
        connection.sendall(request * REQUESTS)
        yield connection


def resident(process: int) -> int:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1000 for line in lines if line.startswith("VmRSS"))


def open_files(process: int) -> int:
    return len(os.listdir(f"/proc/{process}/fd"))


def test_who_never_reads_is_cut_off_and_costs_little(served: Studio) -> None:
    [web] = served.find("studio.processes.web")
    httpx.get(f"{served.address}/static/dist/code-editor.js")
    before, idle = open_files(web), resident(web)
    with ExitStack() as stack:
        for _ in range(CONNECTIONS):
            stack.enter_context(asking(served))
        wait_for(lambda: open_files(web) > before + CONNECTIONS // 2, seconds=10, what="them")
        wait_for(lambda: open_files(web) <= before + 2, seconds=30, what="their end")
        # Less than one of the REQUESTS answers for each.
        assert resident(web) - idle < CONNECTIONS * SCRIPT.stat().st_size
        assert httpx.get(f"{served.address}/sign-in").status_code == 200


def test_who_reads_slowly_but_steadily_gets_everything(served: Studio) -> None:
    """For three seconds; a client that takes nothing has one."""
    wanted = 3 * SCRIPT.stat().st_size
    with asking(served) as connection:
        begun, read = time.monotonic(), 0
        while read < wanted:
            piece = connection.recv(20_000)
            assert piece, f"cut off after {read} bytes"
            read += len(piece)
            if time.monotonic() - begun < 3:
                time.sleep(0.05)
