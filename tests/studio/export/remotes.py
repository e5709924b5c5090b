"""Real remotes: bare repositories on disk, git's own http-backend behind a server that asks for a
token, an sshd, and a proxy that cuts connections.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

# Method, path with query, headers, JSON → status, JSON.
Api = Callable[[str, str, dict[str, str], Any], tuple[int, Any]]
WHO = {"GIT_AUTHOR_NAME": "Ben", "GIT_AUTHOR_EMAIL": "ben@example.org"}
ENVIRONMENT = {
    **os.environ,
    **WHO,
    "GIT_COMMITTER_NAME": "Ben",
    "GIT_COMMITTER_EMAIL": "ben@example.org",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_SYSTEM": "/dev/null",
}


def git(*words: str, cwd: Path) -> str:
    done = subprocess.run(
        ["git", *words], cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


class Bare:
    """A bare repository, as people push to it and look into it."""

    def __init__(self, folder: Path, files: Mapping[str, str] | None = None) -> None:
        self.path = folder / "site.git"
        self.work = folder / "work"
        git("init", "-q", "--bare", "-b", "main", str(self.path), cwd=folder)
        git("-C", str(self.path), "config", "http.receivepack", "true", cwd=folder)
        self.edit("main", files or {"README.md": "A site.\n"}, "First")

    @property
    def url(self) -> str:
        return f"file://{self.path}"

    def edit(self, branch: str, files: Mapping[str, str | None], message: str = "By hand") -> None:
        """A person's commit, pushed; None deletes."""
        shutil.rmtree(self.work, ignore_errors=True)
        git("clone", "-q", str(self.path), str(self.work), cwd=self.path.parent)
        there = self.branches()
        if branch in there:
            git("checkout", "-q", branch, cwd=self.work)
        elif there:
            git("checkout", "-q", "-b", branch, cwd=self.work)
        for path, text in files.items():
            target = self.work / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink() if text is None else target.write_text(text)
        git("add", "-A", cwd=self.work)
        git("commit", "-q", "-m", message, cwd=self.work)
        git("push", "-q", "origin", f"HEAD:{branch}", cwd=self.work)

    def rewrite(self, branch: str, files: Mapping[str, str]) -> None:
        """A force-push: the branch's history is another one."""
        self.edit(branch, files)
        git("checkout", "-q", "--orphan", "other", cwd=self.work)
        git("commit", "-q", "-m", "Rewritten", cwd=self.work)
        git("push", "-q", "--force", "origin", f"HEAD:{branch}", cwd=self.work)

    def branches(self) -> list[str]:
        return git("for-each-ref", "--format=%(refname:short)", "refs/heads", cwd=self.path).split()

    def log(self, branch: str) -> list[str]:
        return git("log", "--format=%s", branch, cwd=self.path).splitlines()

    def files(self, branch: str) -> set[str]:
        return set(git("ls-tree", "-r", "--name-only", branch, cwd=self.path).splitlines())

    def read(self, branch: str, path: str) -> str:
        return git("show", f"{branch}:{path}", cwd=self.path)

    def protect(self, branch: str) -> None:
        """As a forge does it: the push is refused by a hook."""
        hook = self.path / "hooks" / "pre-receive"
        words = f"echo 'GH006: Protected branch update failed for {branch}.' >&2; exit 1"
        lines = (
            f'while read old new ref; do [ "$ref" = "refs/heads/{branch}" ] && {{ {words}; }}; done'
        )
        hook.write_text(f"#!/bin/sh\n{lines}\nexit 0\n")
        hook.chmod(0o755)


@contextmanager
def served(folder: Path, token: str, api: Api | None = None) -> Iterator[str]:
    """git-http-backend over the folder's repositories, for whoever has the token; `api`: what lies
    in /api/.
    """
    backend = Path(git("--exec-path", cwd=folder).strip()) / "git-http-backend"
    if not backend.exists():
        pytest.skip("git-http-backend is not installed: it comes with git")
    wanted = {
        f"Basic {base64.b64encode(f'{name}:{token}'.encode()).decode()}" for name in ("git", "ada")
    }

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.body()
            if api is not None and self.path.startswith("/api/"):
                status, said = api(
                    self.command, self.path, dict(self.headers), json.loads(body) if body else None
                )
                data = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
                return
            if self.headers.get("Authorization") not in wanted:
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="git"')
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            path, _, query = self.path.partition("?")
            environment = {
                **ENVIRONMENT,
                "GIT_PROJECT_ROOT": str(folder),
                "GIT_HTTP_EXPORT_ALL": "1",
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "REQUEST_METHOD": self.command,
                "REMOTE_USER": "ada",
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(len(body)),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            }
            done = subprocess.run(
                [str(backend)], input=body, env=environment, capture_output=True, check=False
            )
            head, _, content = done.stdout.partition(b"\r\n\r\n")
            fields = dict(line.split(": ", 1) for line in head.decode().splitlines())
            self.send_response(int(fields.pop("Status", "200").split()[0]))
            for name, value in fields.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def body(self) -> bytes:
            if self.headers.get("Transfer-Encoding") == "chunked":
                pieces = []
                while size := int(self.rfile.readline(), 16):
                    pieces.append(self.rfile.read(size))
                    self.rfile.readline()
                self.rfile.readline()
                return b"".join(pieces)
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))

        do_GET = do_POST = do_PATCH = do_PUT = answer

        def log_message(self, *words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


class Cutter:
    """A proxy in front of a server that breaks connections off when told to: once so many bytes
    came back.
    """

    def __init__(self, address: str) -> None:
        self.target = ("127.0.0.1", int(address.rsplit(":", 1)[1]))
        self.cut_push: bool = False
        self.after_arrival: bool = False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                inside, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(inside,), daemon=True).start()

    def _carry(self, inside: socket.socket) -> None:
        outside = socket.create_connection(self.target)
        pushing = threading.Event()

        def back() -> None:
            while data := self._received(outside):
                if pushing.is_set():  # it arrived and was taken, and nobody hears of it
                    end(inside)
                    return
                try:
                    inside.sendall(data)
                except OSError:
                    return

        threading.Thread(target=back, daemon=True).start()
        while data := self._received(inside):
            if self.cut_push and b"POST" in data and b"git-receive-pack" in data:
                if not self.after_arrival:
                    end(inside)
                    end(outside)
                    return
                pushing.set()
            outside.sendall(data)

    def _received(self, connection: socket.socket) -> bytes:
        try:
            return connection.recv(65536)
        except OSError:
            return b""

    def close(self) -> None:
        self.listener.close()


def end(connection: socket.socket) -> None:
    """For whoever waits on it as well."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


@contextmanager
def sshd(folder: Path) -> Iterator[tuple[str, str]]:
    """An sshd of this test's own: the address of its root, and the private key that it lets in."""
    program = shutil.which("sshd") or "/usr/sbin/sshd"
    if not Path(program).exists():
        pytest.skip("sshd is not installed: apt install openssh-server")
    for name in ("host", "user"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True
        )
    (folder / "authorized").write_text((folder / "user.pub").read_text())
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    Path("/run/sshd").mkdir(exist_ok=True)
    settings = {
        "Port": port,
        "ListenAddress": "127.0.0.1",
        "HostKey": folder / "host",
        "PidFile": folder / "pid",
        "AuthorizedKeysFile": folder / "authorized",
        "StrictModes": "no",
        "UsePAM": "no",
        "PasswordAuthentication": "no",
    }
    (folder / "config").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    server = subprocess.Popen(
        [program, "-D", "-e", "-f", str(folder / "config")], stderr=subprocess.DEVNULL
    )
    try:
        wait_for_port(port)
        user = subprocess.run(
            ["id", "-un"], capture_output=True, text=True, check=True
        ).stdout.strip()
        yield f"ssh://{user}@127.0.0.1:{port}", (folder / "user").read_text()
    finally:
        server.terminate()
        server.wait()


def wait_for_port(port: int) -> None:
    from tests.processes import wait_for

    def answers() -> bool:
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", port)) == 0

    wait_for(lambda: answers() or None, seconds=30, what="sshd")
