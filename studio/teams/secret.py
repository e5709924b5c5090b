"""Links and tokens: a long random text that is shown once, and the hash of it that is kept."""

from __future__ import annotations

import hashlib
import secrets


def make_secret(prefix: str = "") -> str:
    return prefix + secrets.token_urlsafe(32)


def hash_secret(secret: str) -> str:
    """Enough for a text of 256 random bits; passwords, which people choose, are hashed slowly
    instead.
    """
    return hashlib.sha256(secret.encode()).hexdigest()
