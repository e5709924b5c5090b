"""`python generated_client.py URL TOKEN RUN OUTLINED FOLDER`: make every call with a client that
openapi-python-client generated into FOLDER from the studio's description.

RUN: the id of a finished run from a mockup, with two versions; OUTLINED: of one from words, which has an outline.
"""

from __future__ import annotations

import importlib
import io
import json
import pkgutil
import struct
import sys
import zlib
from typing import Any

url, token, run_id, outlined_id, folder = sys.argv[1:]
sys.path.insert(0, folder)

import httpx  # noqa: E402
import likeness_api.api  # noqa: E402
from likeness_api import AuthenticatedClient, models  # noqa: E402
from likeness_api.types import File  # noqa: E402


def draw_png(side: int) -> bytes:
    """Return a white square as PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xff" * side) * side)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", rows), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


client = AuthenticatedClient(
    base_url=url, token=token, raise_on_unexpected_status=True, timeout=httpx.Timeout(50)
)
done: dict[str, str] = {}


def call(group: str, name: str, *path: Any, **fields: Any) -> Any:
    """Make the call and return what it was parsed to; a problem is noted."""
    module = importlib.import_module(f"likeness_api.api.{group}.{name}")
    answer = module.sync_detailed(*path, client=client, **fields)
    problem = isinstance(answer.parsed, models.Problem)
    done[name] = f"{answer.status_code}: {answer.parsed.detail}" if problem else "ok"
    return answer.parsed


def list_operations() -> set[str]:
    groups = pkgutil.iter_modules(likeness_api.api.__path__)
    return {
        operation.name
        for group in groups
        for operation in pkgutil.iter_modules(
            importlib.import_module(f"likeness_api.api.{group.name}").__path__
        )
    }


call("projects", "list_projects")
call("projects", "create_project", body=models.ProjectIn(name="Generated"))
upload = call(
    "uploads",
    "upload_mockup",
    body=models.UploadMockupFileParams(file=File(io.BytesIO(draw_png(40)), "a.png", "image/png")),
)
choices = call("models", "list_models")
started = call(
    "runs",
    "start_run",
    body=models.RunIn(mockups=[upload.id], model=choices[-1].id, prompt="A page"),
)
call("runs", "cancel_run", started.id)
call("runs", "get_run", started.id)
call("runs", "list_runs", before=started.created_at)
events = call("runs", "follow_events", run_id)
call("versions", "list_versions", run_id)
files = call("versions", "get_files", run_id, 1)
archive = call("versions", "get_zip", run_id, 1)
picture = call("versions", "get_picture", run_id, 1, "render")
call("versions", "delete_version", run_id, 2)
call("versions", "undelete_version", run_id, 2)
call("versions", "follow_up", run_id, 1, body=models.FollowUpIn(prompt="Larger"))
call("versions", "restore_version", run_id, 1)
found = call("versions", "get_outline", outlined_id, 1)
outline = found.outline.to_dict()
outline["sections"] = outline["sections"][:-1]
changed = models.OutlineIn(outline=models.OutlineInOutline.from_dict(outline))
remade = call("versions", "change_outline", outlined_id, 1, body=changed)
tokens = models.DesignIn(tokens=":root { --color-accent: #2563eb }")
call("design_system", "put_design", body=tokens)
design = call("design_system", "get_design")
call("design_system", "delete_design")
page = models.CompareInFiles.from_dict({"index.html": "<!doctype html><title>A page</title>"})
asked = models.CompareIn(mockup=upload.id, files=page)
comparison = call("comparisons", "start_comparison", body=asked)
outcome = call("comparisons", "get_comparison", comparison.id)
call("webhooks", "list_webhooks")
hook = call("webhooks", "create_webhook", body=models.WebhookIn(url="https://example.org/hook"))
call("webhooks", "remove_webhook", hook.id)

for name, told in {
    "follow_events": "event: over" in events,
    "get_files": "index.html" in files.files.additional_properties,
    "get_zip": archive.payload.read(2) == b"PK",
    "get_picture": picture.payload.read(4) == b"\x89PNG",
    "get_outline": outline["sections"],
    "change_outline": remade.id not in (run_id, outlined_id),
    "get_design": "#2563eb" in design.tokens,
    "get_comparison": outcome.state == "waiting",
}.items():
    done[name] = done[name] if told else "not what it should be"
done |= {name: "not called" for name in list_operations() - done.keys()}
print(json.dumps({"version": "", "results": done}))
