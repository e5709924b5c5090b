"""No module of the studio makes a connection past `studio.outgoing`, but the few whose addresses
nobody else types.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
# Module → why it may: its addresses are this machine's own, or it runs on a person's machine.
OWN = {
    "studio/cli/client.py": "the command `likeness`, on a person's own machine",
    "studio/processes/trial_studio.py": "a throw-away studio that it started itself",
    "studio/processes/serve.py": "asks the web process that it started",
    "studio/processes/web.py": "listens",
    "studio/processes/valkey.py": "the Valkey that it started",
    "studio/load/measure.py": "the load test, against a studio that it started",
    "studio/management/commands/bench_memory.py": "the memory test, against a studio that it started",
    "studio/cli/address_site.py": "`likeness compare --url`, on a person's own machine, with rules of its own",
    "studio/processes/writer_server.py": "the writer that it started, on loopback",
    "studio/processes/writer_weights.py": "`make writer`: the publisher's address, size and hash checked",
    "studio/outgoing/connection.py": "the guarded way itself",
}
CONNECTS = {
    "socket.create_connection",
    "socket.socket",
    "urllib.request.urlopen",
    "httpx.get",
    "httpx.post",
    "httpx.request",
    "httpx.stream",
    "httpx.AsyncClient",
    "requests.get",
    "requests.post",
    "requests.request",
    "requests.Session",
    "paramiko.SSHClient",
    "Urllib3HttpGitClient",
    "HttpGitClient.from_parsedurl",
}


def name_of(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return f"{name_of(function.value)}.{function.attr}"
    return function.id if isinstance(function, ast.Name) else ""


def connections(source: str) -> Iterator[str]:
    """The calls that connect without a checked address; an httpx.Client with a transport of ours
    does not.
    """
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = name_of(node.func)
        given = {keyword.arg for keyword in node.keywords}
        if name in CONNECTS or (name == "httpx.Client" and "transport" not in given):
            yield name


def test_every_connection_goes_through_the_guarded_way() -> None:
    found = {}
    for path in sorted((ROOT / "studio").rglob("*.py")):
        name = str(path.relative_to(ROOT))
        calls = sorted(set(connections(path.read_text())))
        if calls and name not in OWN:
            found[name] = calls
    assert not found, f"use studio.outgoing instead: {found}"


def test_a_way_past_it_would_be_seen() -> None:
    source = (
        "import httpx, socket\nhttpx.post('x')\nhttpx.Client()\n"
        "httpx.Client(transport=t)\nsocket.create_connection(a)"
    )
    assert sorted(connections(source)) == ["httpx.Client", "httpx.post", "socket.create_connection"]
