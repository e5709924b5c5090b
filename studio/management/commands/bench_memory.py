"""`manage.py bench_memory`: a studio's memory and availability during attacks."""

from __future__ import annotations

import gzip
import io
import json
import socket
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.core.management.base import BaseCommand, CommandParser
from PIL import Image

from studio.load.perception_memory import make_page
from studio.processes.trial_studio import Trial, run_trial_studio
from studio.runs.models import Run

GLANCE = 0.05  # seconds between samples of the processes' memory
LONGEST = 420.0  # seconds that one attack may take
CALM = 3.0  # seconds of rest before each attack
# The most that an endless sender sends.
FLOOD_BYTES = 1_000_000_000
FLOOD_SECONDS = 15.0
HALF_REQUESTS = 1500
ZIP_MEGABYTES = 600  # of zeros; compressing more takes longer than decompressing
LARGE_PAGE = (2000, 20_000)  # px, 40 million: the most that is taken
MEGABYTE = 2**20
Attack = Callable[[Trial], str]


class Command(BaseCommand):
    help = "Measure the peak memory of web process and worker, with their children, under each known memory bomb."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("only", nargs="*", help="names of attacks; none: all of them")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, only: list[str], **options: Any) -> None:
        results = []
        with evil_model() as url, run_trial_studio(MODEL_URL=url) as studio:
            for name, attack in ATTACKS.items():
                if not only or name in only:
                    results.append(measure(studio, name, attack))
                    self.stderr.write(f"{name}: {results[-1].outcome}")
        rows = [asdict(row) for row in results]
        self.stdout.write(json.dumps(rows) if options["json"] else "\n".join(_lines(results)))


@dataclass(frozen=True, slots=True)
class Row:
    """The result of one attack.

    Memory in MB, of the process with its children; `slowest` in ms, of other requests.
    """

    attack: str
    web_idle: int
    web_peak: int
    worker_idle: int
    worker_peak: int
    answered: int
    failed: int
    slowest: int
    outcome: str


def measure(studio: Trial, name: str, attack: Attack) -> Row:
    time.sleep(CALM)
    idle = memory_of(studio.process)
    peak = dict(idle)
    answers: list[float] = []
    failures: list[str] = []
    done = threading.Event()

    def watch() -> None:
        while not done.wait(GLANCE):
            now = memory_of(studio.process)
            peak.update({part: max(peak[part], now[part]) for part in peak})

    def visit() -> None:
        while not done.wait(0.5):
            begun = time.monotonic()
            try:
                httpx.get(f"{studio.address}/sign-in", timeout=30).raise_for_status()
                answers.append(time.monotonic() - begun)
            except httpx.HTTPError as error:
                failures.append(type(error).__name__)

    threads = [threading.Thread(target=target, daemon=True) for target in (watch, visit)]
    for thread in threads:
        thread.start()
    try:
        outcome = attack(studio)
    except (httpx.HTTPError, OSError) as error:
        outcome = f"the connection ended ({type(error).__name__})"
    done.set()
    for thread in threads:
        thread.join()
    return Row(
        attack=name,
        web_idle=idle["web"] // MEGABYTE,
        web_peak=peak["web"] // MEGABYTE,
        worker_idle=idle["worker"] // MEGABYTE,
        worker_peak=peak["worker"] // MEGABYTE,
        answered=len(answers),
        failed=len(failures),
        slowest=round(1000 * max(answers, default=0)),
        outcome=outcome[:160],
    )


def memory_of(serve: int) -> dict[str, int]:
    """Return the resident bytes of web process and worker, each with all its children.

    Shared file pages are left out; a browser's processes would count them seven times.
    """
    import resource

    parents: dict[int, int] = {}
    lines: dict[int, str] = {}
    sizes: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError, IndexError):
            process = int(folder.name)
            parents[process] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            lines[process] = (
                (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            )
            resident, shared = [int(pages) for pages in (folder / "statm").read_text().split()[1:3]]
            sizes[process] = (resident - shared) * resource.getpagesize()
    memory = {}
    for part, words in (("web", "studio.processes.web"), ("worker", "celery")):
        children = [process for process, parent in parents.items() if parent == serve]
        roots = {process for process in children if words in lines.get(process, "")}
        members = [process for process in parents if _is_below(process, roots, parents)]
        memory[part] = sum(sizes.get(process, 0) for process in members)
    return memory


def _is_below(process: int, roots: set[int], parents: dict[int, int]) -> bool:
    while process > 1:
        if process in roots:
            return True
        process = parents.get(process, 0)
    return False


def send_zip(studio: Trial, method: int) -> str:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", method) as archive,
        archive.open("index.html", "w", force_zip64=True) as member,
    ):
        for _ in range(ZIP_MEGABYTES):
            member.write(bytes(MEGABYTE))
    with studio.client() as client:
        form = {"csrfmiddlewaretoken": studio.cookies["likeness_csrf"]}
        response = client.post(
            "/import", data=form, files={"page": ("x.zip", out.getvalue())}, headers=_from(studio)
        )
    return f"{len(out.getvalue()) / 1000:.1f} kB of zip: status {response.status_code}"


def send_pictures(studio: Trial) -> str:
    """Upload four large pictures at once; the runs are another row's attack."""
    statuses: list[int] = []

    def send() -> None:
        with studio.client() as client:
            client.timeout = httpx.Timeout(LONGEST)
            form = {"csrfmiddlewaretoken": studio.cookies["likeness_csrf"], "rounds": "0"}
            response = client.post(
                "/", data=form, files={"mockup": _large_picture(4)}, headers=_from(studio)
            )
            statuses.append(response.status_code)
            if "Location" in response.headers:
                client.post(
                    f"{response.headers['Location']}cancel", data=form, headers=_from(studio)
                )

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return f"statuses {sorted(statuses)}"


def run_large_mockup(studio: Trial) -> str:
    with studio.client() as client:
        return finish(studio, client, studio.start_run(client, _large_picture(1), rounds="0"))


def run_large_page(studio: Trial) -> str:
    """Start a run of a mockup of as many pixels that is full of text, boxes and pictures."""
    out = io.BytesIO()
    make_page(*LARGE_PAGE).save(out, "PNG")
    with studio.client() as client:
        return finish(studio, client, studio.start_run(client, out.getvalue(), rounds="0"))


def run_with_model(studio: Trial, word: str) -> str:
    """Start a run whose model answers with the bomb named in the prompt."""
    with studio.client() as client:
        form = {
            "csrfmiddlewaretoken": studio.cookies["likeness_csrf"],
            "rounds": "1",
            "stack": "react",
        }
        response = client.post("/", data={**form, "prompt": f"bomb:{word}"}, headers=_from(studio))
        return finish(studio, client, response.headers["Location"])


def finish(studio: Trial, client: httpx.Client, run: str) -> str:
    """Wait until the run ends and describe how it ended."""
    import sqlite3

    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        with sqlite3.connect(studio.data_dir / "studio.sqlite3") as database:
            table = Run._meta.db_table
            query = f"SELECT state, stop_reason, message FROM {table} WHERE id = ?"  # noqa: S608 (our own table's name)
            [row] = database.execute(query, (run.split("/")[2].replace("-", ""),)).fetchall()
        if row[0] not in ("queued", "running"):
            return f"{row[0]}: {row[2] or row[1]}"
        time.sleep(0.5)
    form = {"csrfmiddlewaretoken": studio.cookies["likeness_csrf"]}
    client.post(f"{run}cancel", data=form, headers=_from(studio))
    return f"still {row[0]} after {LONGEST:g} s"


def flood(studio: Trial, head: bytes, piece: bytes) -> str:
    """Send data on one anonymous connection until it is closed or enough was sent."""
    sent = 0
    begun = time.monotonic()
    with _connection(studio) as connection, suppress(OSError):
        connection.sendall(head)
        while sent < FLOOD_BYTES and time.monotonic() - begun < FLOOD_SECONDS:
            connection.sendall(piece)
            sent += len(piece)
        return f"took {sent / MEGABYTE:.0f} MB in {time.monotonic() - begun:.1f} s"
    return f"closed after {sent / MEGABYTE:.0f} MB and {time.monotonic() - begun:.1f} s"


def half_requests(studio: Trial) -> str:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4096)), hard))
    connections = []
    try:
        for _ in range(HALF_REQUESTS):
            connections.append(_connection(studio))
            connections[-1].sendall(b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        time.sleep(FLOOD_SECONDS)
        return f"{len(connections)} connections held"
    finally:
        for connection in connections:
            connection.close()


def _connection(studio: Trial) -> socket.socket:
    at = urlsplit(studio.address)
    return socket.create_connection((at.hostname or "", at.port or 0), timeout=10)


def _from(studio: Trial) -> dict[str, str]:
    return {"Referer": studio.address}


def _large_picture(number: int) -> bytes:
    """Return a picture of 40 megapixels in 40 kB."""
    out = io.BytesIO()
    Image.new("RGB", LARGE_PAGE, (250, 250, 255 - number)).save(out, "PNG")
    return out.getvalue()


@contextmanager
def evil_model() -> Iterator[str]:
    """Run a model server that answers with the bomb the prompt asks for; yield its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _EvilModel)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    server.shutdown()


class _EvilModel(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        body = json.dumps({"object": "list", "data": [{"id": "evil", "object": "model"}]}).encode()
        self._head("application/json", {"Content-Length": str(len(body))})
        self.wfile.write(body)

    def do_POST(self) -> None:
        prompt = self.rfile.read(int(self.headers["Content-Length"]))
        with suppress(OSError):
            if b"bomb:gzip" in prompt:
                self._head("text/event-stream", {"Content-Encoding": "gzip"})
                self.wfile.write(gzip.compress(b"data: " + bytes(1500 * MEGABYTE), 1))
            elif b"bomb:line" in prompt:
                self._head("text/event-stream", {})
                self._send_for_long(b"data: ", b"x" * MEGABYTE)
            elif b"bomb:thinking" in prompt:
                self._head("text/event-stream", {})
                self._send_for_long(b"", _event("reasoning_content", "word " * 2000))
            else:
                self._head("text/event-stream", {})
                names = ", ".join(f"a{i} = a{i - 1} + a{i - 1}" for i in range(1, 31))
                code = (
                    f"enum A {{ a0 = 'x' + 'y', {names} }}\nexport default () => <p>{{A.a30}}</p>;"
                )
                self.wfile.write(
                    _event("content", f"```tsx src/App.tsx\n{code}\n```\n") + b"data: [DONE]\n\n"
                )

    def _head(self, kind: str, headers: dict[str, str]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _send_for_long(self, first: bytes, piece: bytes) -> None:
        self.wfile.write(first)
        begun = time.monotonic()
        sent = 0
        while sent < 2 * FLOOD_BYTES and time.monotonic() - begun < 4 * FLOOD_SECONDS:
            self.wfile.write(piece)
            sent += len(piece)


def _event(kind: str, text: str) -> bytes:
    chunk = {"choices": [{"index": 0, "delta": {kind: text}}]}
    return f"data: {json.dumps(chunk)}\n\n".encode()


def _lines(rows: list[Row]) -> Iterator[str]:
    yield "| attack | web: idle, peak (MB) | worker: idle, peak (MB) | others: answered, failed, slowest | outcome |"
    yield "|---|---|---|---|---|"
    for row in rows:
        yield (
            f"| {row.attack} | {row.web_idle}, {row.web_peak} | {row.worker_idle}, {row.worker_peak} "
            f"| {row.answered}, {row.failed}, {row.slowest} ms | {row.outcome} |"
        )


POST = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
MULTIPART = POST.replace(b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=x")
ATTACKS: dict[str, Attack] = {
    "zip-bzip2": partial(send_zip, method=zipfile.ZIP_BZIP2),
    "zip-lzma": partial(send_zip, method=zipfile.ZIP_LZMA),
    "zip-deflate": partial(send_zip, method=zipfile.ZIP_DEFLATED),
    "pictures": send_pictures,
    "mockup": run_large_mockup,
    "page": run_large_page,
    "model-bundle": partial(run_with_model, word="bundle"),
    "model-gzip": partial(run_with_model, word="gzip"),
    "model-line": partial(run_with_model, word="line"),
    "model-thinking": partial(run_with_model, word="thinking"),
    "body": partial(
        flood, head=MULTIPART + b"Content-Length: 99000000000\r\n\r\n", piece=bytes(MEGABYTE)
    ),
    "headers": partial(flood, head=POST, piece=b"X-Bomb: " + b"x" * 8000 + b"\r\n"),
    "request-line": partial(flood, head=b"GET /", piece=b"x" * 65_536),
    "half-requests": half_requests,
}
