"""Database sessions that know their user, so people see where they are signed in and end it."""

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

# Keys of the session's data.
BROWSER = "browser"
ADDRESS = "address"
SINCE = "since"
SEEN = "seen"
NOTED_EVERY = timedelta(minutes=5)
FRESH = timedelta(minutes=10)  # a sign-in this recent replaces the password of a person without one


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
    """Return True if the visitor signed in within FRESH."""
    since = request.session.get(SINCE)
    return since is not None and timezone.now() - datetime.fromisoformat(since) < FRESH


def end_session(*, user: User, handle: str) -> bool:
    """Sign that browser out; return False if it is not one of the user's."""
    sessions = user.sessions.all()
    keys = [session.session_key for session in sessions if session.handle == handle]
    return bool(user.sessions.filter(session_key__in=keys).delete()[0])


def end_other_sessions(*, user: User, kept: str | None) -> int:
    return user.sessions.exclude(session_key=kept).delete()[0]


def note_sign_in(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    _note(request)
    request.session[SINCE] = request.session[SEEN]


def note_browser(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that records a session's browser and, every five minutes, its last use."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.session.accessed and request.session.get(SESSION_KEY) and _is_outdated(request):
            _note(request)
        return response

    return middleware


def _is_outdated(request: HttpRequest) -> bool:
    seen_at = request.session.get(SEEN)
    if seen_at is None or timezone.now() - datetime.fromisoformat(seen_at) > NOTED_EVERY:
        return True
    origin = origin_of(request)
    # An unknown address is recorded with the next update of the time.
    has_moved = request.session.get(ADDRESS) not in (None, "", origin.address)
    return has_moved or bool(request.session.get(BROWSER) != origin.browser)


def _note(request: HttpRequest) -> None:
    origin = origin_of(request)
    request.session[BROWSER] = origin.browser
    request.session[ADDRESS] = origin.address
    request.session[SEEN] = timezone.now().isoformat()


user_logged_in.connect(note_sign_in)
