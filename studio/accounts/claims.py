"""Checks and normalizes the claims of an OpenID Connect provider. No Django.

Claims are read only here, because a provider's JSON is untrusted input.
"""

from __future__ import annotations

import hmac
import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LONGEST_SUBJECT = 255  # characters; OpenID Connect Core 1.0, section 2
LONGEST_EMAIL = 254  # characters; the column of `User.email`

SMALL_LETTERS = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


class ClaimError(Exception):
    """Raised for claims that cannot be trusted; the message is for the log."""


@dataclass(frozen=True, slots=True)
class Identity:
    """One person as the provider knows them. `email` is in lower case, "" if none was given."""

    subject: str
    email: str
    email_verified: bool


def read_identity(
    *, id_token: Mapping[str, Any], userinfo: Mapping[str, Any], nonce: str
) -> Identity:
    """Return the person whom both responses describe.

    Raises ClaimError if the ID token does not match our request (`nonce`), or if the responses
    describe different people.
    """
    check_nonce(id_token, nonce)
    subject = read_subject(id_token)
    if userinfo and read_subject(userinfo) != subject:
        raise ClaimError("userinfo is about another subject than the id_token")
    source = userinfo if userinfo.get("email") else id_token
    return Identity(subject, read_email(source), is_verified(source.get("email_verified")))


def check_nonce(id_token: Mapping[str, Any], nonce: str) -> None:
    """Raise ClaimError unless the ID token has the nonce that was sent."""
    received = id_token.get("nonce")
    if not nonce or not isinstance(received, str):
        raise ClaimError("the id_token has no nonce")
    if not hmac.compare_digest(received.encode(), nonce.encode()):
        raise ClaimError("the id_token has another nonce than the one that was sent")


def read_subject(claims: Mapping[str, Any]) -> str:
    """Return the provider's id of the person; some providers send a number."""
    subject = claims.get("sub")
    if isinstance(subject, int) and not isinstance(subject, bool):
        subject = str(subject)
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise ClaimError(f"sub is missing, no text, or longer than {LONGEST_SUBJECT} characters")
    if not subject.isprintable():
        raise ClaimError("sub holds characters that cannot be printed")
    return subject


def read_email(claims: Mapping[str, Any]) -> str:
    """Return the address in lower case; empty where there is none.

    An address with other capital letters than A to Z is refused: in lower case, the Kelvin sign is
    a "k" and would make it the address of somebody else.
    """
    email = claims.get("email")
    if email is None or email == "":
        return ""
    if not isinstance(email, str) or len(email) > LONGEST_EMAIL or email.count("@") != 1:
        raise ClaimError("email is not an e-mail address")
    found = email.strip().translate(SMALL_LETTERS)
    is_plain = found.isprintable() and " " not in found and found == found.lower()
    if not is_plain or "" in found.split("@"):
        raise ClaimError("email is not an e-mail address")
    return found


def is_verified(claim: object) -> bool:
    """Return True for a verified address: the claim is True or the text "true"."""
    return claim is True or (isinstance(claim, str) and claim == "true")
