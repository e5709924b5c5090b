"""Random secrets for links and tokens; only their hashes are stored."""

from __future__ import annotations

import hashlib
import secrets


def make_secret(prefix: str = "") -> str:
    return prefix + secrets.token_urlsafe(32)


def hash_secret(secret: str) -> str:
    """Hash a secret of 256 random bits; passwords need a slow hash instead."""
    return hashlib.sha256(secret.encode()).hexdigest()
