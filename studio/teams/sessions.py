"""Django's database sessions, each knowing whose it is, so that people see where they are signed in
and end it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from studio.teams.models import Session, User
from studio.teams.origin import origin_of

BROWSER, ADDRESS, SINCE, SEEN = "browser", "address", "since", "seen"
NOTED_EVERY = timedelta(minutes=5)
FRESH = timedelta(minutes=10)  # so long a sign-in stands for the password of who has none


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]
        user = data.get(SESSION_KEY)
        row.user_id = int(user) if user else None
        row.browser = str(data.get(BROWSER, ""))[:300]
        row.address = str(data.get(ADDRESS, ""))
        row.since = datetime.fromisoformat(data[SINCE]) if SINCE in data else timezone.now()
        return row


def is_fresh(request: HttpRequest) -> bool:
    """Return whether the visitor signed in a moment ago."""
    since = request.session.get(SINCE)
    return since is not None and timezone.now() - datetime.fromisoformat(since) < FRESH


def end_session(*, user: User, handle: str) -> bool:
    """Sign that browser out; False when it is none of the user's."""
    keys = [one.session_key for one in user.sessions.all() if one.handle == handle]
    return bool(user.sessions.filter(session_key__in=keys).delete()[0])


def end_other_sessions(*, user: User, kept: str | None) -> int:
    return user.sessions.exclude(session_key=kept).delete()[0]


def note_sign_in(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    _note(request)
    request.session[SINCE] = request.session[SEEN]


def note_browser(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a signed-in session knows its browser's name and, to five minutes, when it was
    last here.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.session.accessed and request.session.get(SESSION_KEY) and _is_outdated(request):
            _note(request)
        return response

    return middleware


def _is_outdated(request: HttpRequest) -> bool:
    seen = request.session.get(SEEN)
    if seen is None or timezone.now() - datetime.fromisoformat(seen) > NOTED_EVERY:
        return True
    origin = origin_of(request)
    # An address that is not known is noted with the next look at the clock.
    has_moved = request.session.get(ADDRESS) not in (None, "", origin.address)
    return has_moved or bool(request.session.get(BROWSER) != origin.browser)


def _note(request: HttpRequest) -> None:
    origin = origin_of(request)
    request.session[BROWSER] = origin.browser
    request.session[ADDRESS] = origin.address
    request.session[SEEN] = timezone.now().isoformat()


user_logged_in.connect(note_sign_in)
