"""What each SDK's script shares: run its checks, tell the results as one line of JSON.

Runs in the SDK's own environment, so it imports nothing of ours.
"""

from __future__ import annotations

import base64
import json
import struct
import sys
import traceback
import zlib
from collections.abc import Callable
from importlib.metadata import version

URL = sys.argv[1] if len(sys.argv) > 1 else ""
MODEL = "scripted"
LONG = "word " * 12_000
WEATHER = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
CALL = 'How is it? [[call weather {"city": "Graz"}]]'
PERSON = '[[say {"name": "Ada", "age": 36}]]'


def run(package: str, **checks: Callable[[], object]) -> None:
    """Run every check and print its result: ok, or the last line of what went wrong."""
    results = {}
    for name, check in checks.items():
        try:
            check()
            results[name] = "ok"
        except Exception as error:
            traceback.print_exc()
            results[name] = f"{type(error).__name__}: {error}"[:300]
    print(json.dumps({"version": version(package), "results": results}))


def picture() -> str:
    """Return a small PNG in base64: 56 × 56 pixels of one color."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    row = b"\0" + b"\x20\x80\xc0" * 56
    data = zlib.compress(row * 56)
    head = struct.pack(">IIBBBBB", 56, 56, 8, 2, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return base64.b64encode(png).decode()


def expect(found: object, wanted: str) -> None:
    """Raise where `wanted` is not in `found`."""
    if wanted not in str(found):
        raise AssertionError(f"{wanted!r} is not in {found!r}")
