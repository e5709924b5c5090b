"""What an OpenID Connect provider says about a person, checked and normalised. Knows no Django.

All claims are read here and nowhere else: a provider's JSON is input like any other.
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
    """Claims that cannot be trusted; the message is for the log."""


@dataclass(frozen=True, slots=True)
class Identity:
    """One person as the provider knows them. `email` is in lower case; empty: none was given."""

    subject: str
    email: str
    email_verified: bool


def read_identity(
    *, id_token: Mapping[str, Any], userinfo: Mapping[str, Any], nonce: str
) -> Identity:
    """Return the person that both answers are about.

    Raises ClaimError where the ID token is not the answer to our request (`nonce`), or where the
    two answers are about different people.
    """
    check_nonce(id_token, nonce)
    subject = read_subject(id_token)
    if userinfo and read_subject(userinfo) != subject:
        raise ClaimError("userinfo is about another subject than the id_token")
    source = userinfo if userinfo.get("email") else id_token
    return Identity(subject, read_email(source), is_verified(source.get("email_verified")))


def check_nonce(id_token: Mapping[str, Any], nonce: str) -> None:
    """Raise ClaimError unless the ID token carries the nonce that was sent."""
    got = id_token.get("nonce")
    if (
        not nonce
        or not isinstance(got, str)
        or not hmac.compare_digest(got.encode(), nonce.encode())
    ):
        raise ClaimError("the id_token has not the nonce that was sent")


def read_subject(claims: Mapping[str, Any]) -> str:
    """Return the provider's id for the person. Some providers send it as a number."""
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
    """Return whether an address counts as verified: only for `True` and the text "true"."""
    return claim is True or (isinstance(claim, str) and claim == "true")
