"""What a provider says about a person: read in one place, trusted only where it is plain."""

from __future__ import annotations

from typing import Any

import pytest

from studio.accounts.claims import ClaimError, Identity, is_verified, read_identity

PERSON = {"sub": "42", "email": "Eve@Example.org", "email_verified": True}


def read(
    id_token: dict[str, Any] | None = None, userinfo: dict[str, Any] | None = None, nonce: str = "n"
) -> Identity:
    return read_identity(
        id_token={"sub": "42", "nonce": "n", **(id_token or {})},
        userinfo=PERSON if userinfo is None else userinfo,
        nonce=nonce,
    )


def test_an_address_is_kept_in_lower_case() -> None:
    assert read() == Identity("42", "eve@example.org", True)


@pytest.mark.parametrize(
    "email",
    [
        "\u212aim@example.org",  # the Kelvin sign, whose lower case is a plain k
        "a@b\r\nBcc: c@d",
        "a\0@b",
        "a @b",
        "@b",
        "a@",
        "\ud800@b",
        "a\u202e@b",
        ["a@b"],
        1,
        {"a": 1},
    ],
)
def test_what_a_mail_could_not_be_sent_to_is_refused(email: object) -> None:
    with pytest.raises(ClaimError, match="email is not an e-mail address"):
        read(userinfo={**PERSON, "email": email})


@pytest.mark.parametrize("subject", ["a\0b", "\ud800", "a\nb"])
def test_a_subject_that_no_database_keeps_is_refused(subject: str) -> None:
    with pytest.raises(ClaimError, match="sub holds"):
        read({"sub": subject}, {"sub": subject})


def test_without_userinfo_the_id_token_speaks() -> None:
    assert read(PERSON, {}) == Identity("42", "eve@example.org", True)


def test_an_address_is_not_verified_by_the_other_answer() -> None:
    found = read({"email_verified": True}, {"sub": "42", "email": "eve@example.org"})
    assert not found.email_verified


@pytest.mark.parametrize("claim", [True, "true"])
def test_true_counts(claim: object) -> None:
    assert is_verified(claim)


@pytest.mark.parametrize(
    "claim", [False, "false", "0", "True", "TRUE", "yes", 1, 1.0, [True], {"a": 1}, None]
)
def test_nothing_else_counts(claim: object) -> None:
    assert not is_verified(claim)


@pytest.mark.parametrize("sent", ["n2", ""])
def test_a_nonce_must_be_the_one_that_was_sent(sent: str) -> None:
    with pytest.raises(ClaimError, match="nonce"):
        read(nonce=sent)


@pytest.mark.parametrize("other", ["43", 43, None, True, "", "4" * 256])
def test_both_answers_must_be_about_one_person(other: object) -> None:
    with pytest.raises(ClaimError, match="sub"):
        read(userinfo={**PERSON, "sub": other})


def test_a_number_is_the_same_subject_as_its_text() -> None:
    assert read({"sub": 42}).subject == "42"


@pytest.mark.parametrize("email", [["eve@example.org"], "eve", "a@b@c", "e" * 250 + "@b.org"])
def test_what_is_no_address_is_refused(email: object) -> None:
    with pytest.raises(ClaimError, match="email"):
        read(userinfo={**PERSON, "email": email})
