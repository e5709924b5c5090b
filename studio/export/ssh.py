"""The way in by ssh: with a key from the vault, to a host whose key was seen before. Nothing of this machine's own
configuration, agents or keys is used."""

from __future__ import annotations

import base64
import hashlib
import io
import socket
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:  # a tenth of a second at start-up, for what few use
    import paramiko


class HostKeyError(Exception):
    """The server is not the one it was, in one sentence."""


class SshVendor:
    """What dulwich asks for a connection; `host_key`: as `scanned` gave it."""

    def __init__(self, private_key: str, host_key: str, seconds: float) -> None:
        self.private_key, self.host_key, self.seconds = private_key, host_key, seconds

    def run_command(
        self, host: str, command: bytes | str, username: str | None = None, port: int | None = None, **ignored: Any
    ) -> Channel:
        import paramiko

        transport = connected(host, port or 22, self.seconds)
        seen = line_of(transport.get_remote_server_key())
        if seen != self.host_key:
            transport.close()
            raise HostKeyError(
                f"{host} shows another key ({fingerprint(seen)}) than when the repository was added "
                f"({fingerprint(self.host_key) if self.host_key else 'none'})."
            )
        try:
            transport.auth_publickey(username or "git", load_key(self.private_key))
        except paramiko.AuthenticationException:
            transport.close()
            raise OSError("the server did not accept the key") from None
        channel = transport.open_session(timeout=self.seconds)
        channel.settimeout(self.seconds)
        channel.exec_command(command.decode() if isinstance(command, bytes) else command)
        return Channel(transport, channel)


class Channel:
    """A command on the other side, as dulwich wants it."""

    def __init__(self, transport: paramiko.Transport, channel: paramiko.Channel) -> None:
        self.transport, self.channel = transport, channel

    @property
    def stderr(self) -> Any:
        return self.channel.makefile_stderr("rb")

    def can_read(self) -> bool:
        return bool(self.channel.recv_ready())

    def write(self, data: bytes) -> None:
        self.channel.sendall(data)

    def read(self, size: int | None = None) -> bytes:
        wanted, out = size or 0, b""
        if size is None:
            return cast(bytes, self.channel.recv(65536))
        while len(out) < wanted:
            piece = self.channel.recv(wanted - len(out))
            if not piece:
                break
            out += piece
        return out

    def close(self) -> None:
        self.channel.close()
        self.transport.close()


def scanned(host: str, port: int, seconds: float = 20.0) -> str:
    """The key that the host shows now, to be held against it from now on. Raises OSError."""
    transport = connected(host, port, seconds)
    try:
        return line_of(transport.get_remote_server_key())
    finally:
        transport.close()


def connected(host: str, port: int, seconds: float) -> paramiko.Transport:
    import paramiko

    connection = socket.create_connection((host, port), seconds)
    transport = paramiko.Transport(connection)
    transport.banner_timeout = transport.handshake_timeout = seconds
    try:
        transport.start_client(timeout=seconds)
    except (paramiko.SSHException, EOFError) as error:
        transport.close()
        raise OSError(f"no ssh server answered ({error})") from None
    return transport


def line_of(key: paramiko.PKey) -> str:
    return f"{key.get_name()} {key.get_base64()}"


def fingerprint(line: str) -> str:
    digest = hashlib.sha256(base64.b64decode(line.split(" ")[1])).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def load_key(text: str) -> paramiko.PKey:
    """A private key without a passphrase; raises OSError."""
    import paramiko

    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text.strip() + "\n"))
        except (paramiko.SSHException, ValueError, IndexError):
            continue
    raise OSError("this is no private key that can be used: give an Ed25519, ECDSA or RSA key without a passphrase")
