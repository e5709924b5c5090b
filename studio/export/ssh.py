"""The way in by ssh: with a key from the vault, to a host whose key was seen before. Nothing of
this machine's own configuration, agents or keys is used.
"""

from __future__ import annotations

import base64
import hashlib
import io
from typing import TYPE_CHECKING, Any

from studio.outgoing.budget import Budget
from studio.outgoing.connection import connect
from studio.outgoing.errors import Unreachable
from studio.outgoing.policy import Policy

if TYPE_CHECKING:  # a tenth of a second at start-up, for what few use
    import paramiko


SILENCE = 60.0  # seconds between two pieces
HELLO = 20.0  # seconds for banners and the exchange of keys; a slow server takes one or two
COMPLAINT = 4096  # bytes read of what the server writes beside the protocol


class SshError(Exception):
    """What does not work, in one sentence of ours."""


class HostKeyError(SshError):
    """The server is not the one it was."""


class SshVendor:
    """What dulwich asks for a connection; `host_key`: as `scan_key` gave it. The budget is the
    whole exchange's.
    """

    def __init__(self, private_key: str, host_key: str, policy: Policy, budget: Budget) -> None:
        self.private_key, self.host_key = private_key, host_key
        self.policy, self.budget = policy, budget

    def run_command(
        self,
        host: str,
        command: bytes | str,
        username: str | None = None,
        port: int | None = None,
        **ignored: Any,
    ) -> Channel:
        import paramiko

        transport = open_transport(self.policy, host, port or 22, self.budget)
        try:
            seen = write_key_line(transport.get_remote_server_key())
            if seen != self.host_key:
                raise HostKeyError(
                    f"{host} shows another key ({compute_fingerprint(seen)}) than when the repository was added "
                    f"({compute_fingerprint(self.host_key) if self.host_key else 'none'})."
                )
            transport.auth_timeout = self.budget.seconds(HELLO)
            transport.auth_publickey(username or "git", load_key(self.private_key))
            channel = transport.open_session(timeout=self.budget.seconds(HELLO))
            channel.settimeout(self.budget.seconds(HELLO))
            channel.exec_command(command.decode() if isinstance(command, bytes) else command)
        except paramiko.AuthenticationException:
            transport.close()
            raise SshError("The server did not accept the key.") from None
        except (paramiko.SSHException, EOFError, OSError):
            transport.close()
            raise SshError("The server ended the connection before it ran git.") from None
        except BaseException:
            transport.close()
            raise
        return Channel(transport, channel, self.budget)


class Channel:
    """A command on the other side, as dulwich wants it."""

    def __init__(
        self, transport: paramiko.Transport, channel: paramiko.Channel, budget: Budget
    ) -> None:
        self.transport, self.channel, self.budget = transport, channel, budget

    @property
    def stderr(self) -> Any:
        return _Complaint(self.channel)

    def can_read(self) -> bool:
        return bool(self.channel.recv_ready())

    def write(self, data: bytes) -> None:
        self.channel.settimeout(self.budget.seconds(SILENCE))
        try:
            self.channel.sendall(data)
        except OSError:
            raise self._broken() from None

    def read(self, size: int | None = None) -> bytes:
        if size is None:
            return self._receive(65536)
        out = bytearray()
        while len(out) < size:
            piece = self._receive(size - len(out))
            if not piece:
                break
            out += piece
        return bytes(out)

    def close(self) -> None:
        self.channel.close()
        self.transport.close()

    def _receive(self, most: int) -> bytes:
        self.channel.settimeout(self.budget.seconds(SILENCE))
        try:
            data = bytes(self.channel.recv(most))
        except OSError:
            raise self._broken() from None
        self.budget.receive(len(data))
        return data

    def _broken(self) -> Exception:
        """Return the reason: the deadline's own error where it has passed."""
        try:
            self.budget.seconds(None)
        except Exception as error:
            return error
        return Unreachable(self.budget.host, f"The connection to {self.budget.host} broke off.")


class _Complaint:
    """What the server wrote beside the protocol, as far as it is there already."""

    def __init__(self, channel: paramiko.Channel) -> None:
        self.channel = channel

    def readlines(self) -> list[bytes]:
        self.channel.settimeout(1.0)
        try:
            return bytes(self.channel.recv_stderr(COMPLAINT)).splitlines()
        except OSError:
            return []


def scan_key(policy: Policy, host: str, port: int, budget: Budget) -> str:
    """Return the key that the host shows now, to be held against it from now on."""
    transport = open_transport(policy, host, port, budget)
    try:
        return write_key_line(transport.get_remote_server_key())
    finally:
        transport.close()


def open_transport(policy: Policy, host: str, port: int, budget: Budget) -> paramiko.Transport:
    """Return a connection with keys exchanged. Raises OutgoingError, or SshError where no ssh
    server answers.
    """
    import paramiko

    transport = paramiko.Transport(connect(policy, host, port, budget))
    seconds = budget.seconds(HELLO)
    transport.banner_timeout = transport.handshake_timeout = seconds
    try:
        transport.start_client(timeout=seconds)
        # start_client returns at its time-out as well, without a word
        transport.get_remote_server_key()
    except (paramiko.SSHException, EOFError, OSError):
        transport.close()
        raise SshError("No ssh server answered there.") from None
    return transport


def write_key_line(key: paramiko.PKey) -> str:
    return f"{key.get_name()} {key.get_base64()}"


def compute_fingerprint(line: str) -> str:
    digest = hashlib.sha256(base64.b64decode(line.split(" ")[1])).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def load_key(text: str) -> paramiko.PKey:
    """Return a private key that has no passphrase. Raises SshError."""
    import paramiko

    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text.strip() + "\n"))
        except (paramiko.SSHException, ValueError, IndexError):
            continue
    raise SshError(
        "This is no private key that can be used: give an Ed25519, ECDSA or RSA key without a passphrase."
    )
