"""Who operates this studio, and so sees what belongs to no team."""

from __future__ import annotations

from django.conf import settings

from studio.teams.models import User


def is_operator(user: User) -> bool:
    """Return True for the accounts that OPERATORS lists; without a list for the studio's first one.

    An address counts only once it is known to be theirs: anybody may type one at the sign-up.
    """
    if not user.is_active:
        return False
    if settings.OPERATORS:
        return user.confirmed and user.email in settings.OPERATORS
    first = User.objects.order_by("pk").values_list("pk", flat=True).first()
    return user.pk == first
