"""Sends the studio's mails."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext

from studio.config.topology import PRINTED_MAIL
from studio.teams.errors import TeamError

logger = logging.getLogger(__name__)


def is_mail_printed() -> bool:
    """Return True if mails go to the log, because EMAIL_URL is not set."""
    return bool(settings.EMAIL_BACKEND == PRINTED_MAIL)


def send(*, to: str, subject: str, text: str) -> None:
    """Send a mail; raises TeamError on failure."""
    try:
        send_mail(" ".join(subject.split()), text, settings.DEFAULT_FROM_EMAIL, [to])
    except OSError as error:
        reason = gettext("The mail could not be sent ({reason}); check EMAIL_URL.").format(
            reason=type(error).__name__
        )
        raise TeamError(reason) from None


def notify(*, to: str, subject: str, text: str) -> None:
    """Send a mail whose failure is only logged."""
    try:
        send(to=to, subject=subject, text=text)
    except TeamError as error:
        logger.warning("a notice was not sent: %s", error)
