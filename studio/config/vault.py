"""Keeps secrets that have to be used again (keys, tokens of repositories): encrypted in the
database, never shown.

Several keys may be set: the first encrypts, all of them decrypt, so that a key can be exchanged
without a stop. They come from VAULT_KEYS or lie in the data folder, one a line; read each time, so
that new ones reach running processes.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import tempfile
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from studio.config.environment import make_secret


class VaultError(Exception):
    """A stored secret that none of the keys opens; one sentence that says what to do."""


def seal(secret: str) -> str:
    return _make_cipher(list_keys()).encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Raises VaultError."""
    try:
        return _make_cipher(list_keys()).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise VaultError(
            "The stored secret cannot be read with the keys in VAULT_KEYS: put the old key back behind the new one, "
            "or enter the secret again."
        ) from None


def reseal(sealed: str) -> str:
    """The same secret, encrypted with the first key. Raises VaultError."""
    return seal(unseal(sealed))


def list_keys() -> tuple[str, ...]:
    """The newest first; the data folder's first one is made when it is needed."""
    if settings.VAULT_KEYS:
        return tuple(settings.VAULT_KEYS)
    if not get_key_file().exists():
        make_secret(get_key_file(), make_key())
    return tuple(get_key_file().read_text().split())


def get_key_file() -> Path:
    return Path(settings.DATA_DIR) / "vault-key"


def make_key() -> str:
    return secrets.token_urlsafe(50)


def keep_keys(found: tuple[str, ...]) -> None:
    """Replace the file's keys in one step: a reader finds the old ones or the new ones."""
    handle, aside = tempfile.mkstemp(dir=get_key_file().parent)  # mode 0600
    with os.fdopen(handle, "w") as file:
        file.write("\n".join(found))
    os.replace(aside, get_key_file())


@lru_cache(maxsize=4)
def _make_cipher(found: tuple[str, ...]) -> MultiFernet:
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())) for key in found]
    )
