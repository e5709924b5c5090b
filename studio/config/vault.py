"""Encryption of stored secrets (keys, tokens) that must be used again.

The first of several keys encrypts and all decrypt, so keys can be replaced while running. They come
from VAULT_KEYS or from a file in the data folder (one per line), read each time so that running
processes notice new ones.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from studio.config.environment import make_secret, replace_secret


class VaultError(Exception):
    """Raised for a stored secret that no key decrypts; the message says what to do."""


def seal(secret: str) -> str:
    return _make_cipher(list_keys()).encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Decrypt a secret. Raises VaultError."""
    try:
        return _make_cipher(list_keys()).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise VaultError(
            "The stored secret cannot be decrypted with VAULT_KEYS: add the old key after the new one, "
            "or enter the secret again."
        ) from None


def reseal(sealed: str) -> str:
    """Encrypt the secret with the first key again. Raises VaultError."""
    return seal(unseal(sealed))


def list_keys() -> tuple[str, ...]:
    """Return the keys, newest first; create the data folder's first key if needed."""
    if settings.VAULT_KEYS:
        return tuple(settings.VAULT_KEYS)
    if not get_key_file().exists():
        make_secret(get_key_file(), make_key())
    return tuple(get_key_file().read_text().split())


def get_key_file() -> Path:
    return Path(settings.DATA_DIR) / "vault-key"


def make_key() -> str:
    return secrets.token_urlsafe(50)


def keep_keys(keys: tuple[str, ...]) -> None:
    """Replace the key file atomically: readers see the old or the new keys."""
    replace_secret(get_key_file(), "\n".join(keys))


@lru_cache(maxsize=4)
def _make_cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([_make_fernet(key) for key in keys])


def _make_fernet(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()))
