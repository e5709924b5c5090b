"""Git over ssh, with the key from the vault and a known host key.

This machine's own ssh configuration, agents and keys are not used.
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

if TYPE_CHECKING:  # takes 0.1 s to import, and few need it
    import paramiko


SILENCE = 60.0  # seconds between two chunks
HELLO = 20.0  # seconds for banners and the key exchange; a slow server takes one or two
COMPLAINT = 4096  # bytes read of the server's stderr


class SshError(Exception):
    """Raised when ssh fails; the message is one sentence of ours."""


class HostKeyError(SshError):
    """Raised when the server's host key has changed."""


class SshVendor:
    """Opens connections for dulwich.

    `host_key` is a line of `scan_key`; the budget covers the whole exchange.
    """

    def __init__(self, private_key: str, host_key: str, policy: Policy, budget: Budget) -> None:
        self.private_key = private_key
        self.host_key = host_key
        self.policy = policy
        self.budget = budget

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
            host_key = write_key_line(transport.get_remote_server_key())
            if host_key != self.host_key:
                known_fingerprint = compute_fingerprint(self.host_key) if self.host_key else "none"
                raise HostKeyError(
                    f"The host key of {host} is {compute_fingerprint(host_key)}; "
                    f"it was {known_fingerprint} when the repository was added."
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
    """A remote command, as dulwich expects it."""

    def __init__(
        self, transport: paramiko.Transport, channel: paramiko.Channel, budget: Budget
    ) -> None:
        self.transport = transport
        self.channel = channel
        self.budget = budget

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
        """Return the reason of a broken connection: the deadline's error if it has passed."""
        try:
            self.budget.seconds(None)
        except Exception as error:
            return error
        return Unreachable(self.budget.host, f"The connection to {self.budget.host} was lost.")


class _Complaint:
    """The server's stderr, as far as it has arrived."""

    def __init__(self, channel: paramiko.Channel) -> None:
        self.channel = channel

    def readlines(self) -> list[bytes]:
        self.channel.settimeout(1.0)
        try:
            return bytes(self.channel.recv_stderr(COMPLAINT)).splitlines()
        except OSError:
            return []


def scan_key(policy: Policy, host: str, port: int, budget: Budget) -> str:
    """Return the host key that the server shows now."""
    transport = open_transport(policy, host, port, budget)
    try:
        return write_key_line(transport.get_remote_server_key())
    finally:
        transport.close()


def open_transport(policy: Policy, host: str, port: int, budget: Budget) -> paramiko.Transport:
    """Return a transport with keys exchanged.

    Raises OutgoingError, or SshError if no ssh server answers.
    """
    import paramiko

    transport = paramiko.Transport(connect(policy, host, port, budget))
    seconds = budget.seconds(HELLO)
    transport.banner_timeout = transport.handshake_timeout = seconds
    try:
        transport.start_client(timeout=seconds)
        # start_client also returns silently after its timeout
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
    """Load a private key without a passphrase. Raises SshError."""
    import paramiko

    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text.strip() + "\n"))
        except (paramiko.SSHException, ValueError, IndexError):
            continue
    raise SshError(
        "This private key cannot be used: enter an Ed25519, ECDSA or RSA key without a passphrase."
    )
