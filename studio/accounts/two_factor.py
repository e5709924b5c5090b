"""Two-factor authentication: codes of an authenticator app (TOTP, RFC 6238) and recovery codes."""

from __future__ import annotations

import base64
import secrets
import time

import pyotp
import segno
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_noop

from studio.config import vault
from studio.teams.activity import record_account, record_by_operator
from studio.teams.errors import TeamError
from studio.teams.models import RecoveryCode, Team, TwoFactor, User
from studio.teams.secret import hash_secret

STEP = 30  # seconds that a code is valid; authenticator apps assume it
DRIFT = 1  # steps by which a device's clock may differ
RECOVERY_CODES = 10
RECOVERY_BYTES = 10  # 80 bits: cannot be guessed, 16 letters to type


def make_secret() -> str:
    """Return a new secret in base32, as authenticator apps expect."""
    return pyotp.random_base32()


def setup_address(*, user: User, secret: str) -> str:
    """Return the content of the QR code: the secret and the name the app shows."""
    return pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name="Likeness")


def qr_svg(text: str) -> str:
    """Return a QR code as an SVG element, dark on light in every theme."""
    code = segno.make(text, error="m", micro=False)
    return code.svg_inline(
        scale=5, border=4, dark="#000", light="#fff", svgclass="qr", omitsize=False
    )


def turn_on(*, user: User, secret: str, code: str) -> list[str]:
    """Enable codes; return the recovery codes, which cannot be read again.

    Raises TeamError if `code` is not the app's current one.
    """
    step = _matching_step(secret, code)
    if step is None:
        raise TeamError(
            gettext(
                "This is not the current code of your app; check the clock of its device and "
                "try again."
            )
        )
    with transaction.atomic():
        TwoFactor.objects.update_or_create(
            user=user, defaults={"secret": vault.seal(secret), "last_step": step}
        )
        record_account(user=user, verb=gettext_noop("turned on two-factor authentication"))
        return _replace_recovery_codes(user)


def turn_off(*, user: User) -> None:
    """Disable codes; raises TeamError while a team of the user requires them."""
    team = teams_that_need_it(user).first()
    if team is not None:
        raise TeamError(
            gettext(
                "{name} requires two-factor authentication; leave it first, or ask its owner."
            ).format(name=team.name)
        )
    _forget_two_factor(user)
    record_account(user=user, verb=gettext_noop("turned off two-factor authentication"))


def forget_two_factor(*, user: User) -> None:
    """Disable codes whatever teams require; for an operator helping a person who lost all."""
    _forget_two_factor(user)
    record_by_operator(user=user, verb=gettext_noop("turned off the two-factor authentication of"))


def _forget_two_factor(user: User) -> None:
    with transaction.atomic():
        TwoFactor.objects.filter(user=user).delete()
        RecoveryCode.objects.filter(user=user).delete()


def make_recovery_codes(*, user: User) -> list[str]:
    """Return new recovery codes; earlier ones become invalid."""
    record_account(user=user, verb=gettext_noop("made new recovery codes"))
    return _replace_recovery_codes(user)


def _replace_recovery_codes(user: User) -> list[str]:
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    with transaction.atomic():
        RecoveryCode.objects.filter(user=user).delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(user=user, digest=hash_secret(_bare(code))) for code in codes
        )
    return codes


def check_code(*, user: User, code: str) -> bool:
    """Return True for a valid code of the app or recovery code; both are used up."""
    factor = TwoFactor.objects.filter(user=user).first()
    if factor is None:
        return False
    step = _matching_step(vault.unseal(factor.secret), code)
    if step is not None:
        unused = TwoFactor.objects.filter(pk=factor.pk, last_step__lt=step)
        return bool(unused.update(last_step=step))
    codes = RecoveryCode.objects.filter(user=user, digest=hash_secret(_bare(code)))
    is_used_up = bool(codes.delete()[0])
    if is_used_up:
        record_account(user=user, verb=gettext_noop("used a recovery code"))
    return is_used_up


def teams_that_need_it(user: User) -> QuerySet[Team]:
    return Team.objects.filter(memberships__user=user, needs_two_factor=True).order_by("name")


def _matching_step(secret: str, code: str) -> int | None:
    """Return the time step of the code, newest first; None if it matches none."""
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdecimal()):
        return None
    totp = pyotp.TOTP(secret)
    now = int(time.time()) // STEP
    for step in range(now + DRIFT, now - DRIFT - 1, -1):
        if secrets.compare_digest(totp.generate_otp(step), digits):
            return step
    return None


def _recovery_code() -> str:
    letters = base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def _bare(code: str) -> str:
    """Return a recovery code without spaces and hyphens, in lower case."""
    return "".join(code.split()).replace("-", "").lower()
