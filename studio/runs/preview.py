"""Serves a generated page so that it can harm nobody: an opaque origin, and no address but its own
files.

Three locks, each for what the others let through (measured in Chromium 156): the policy below; the
parent page's `frame-src` against navigating away; Connection-Allowlist against preconnect and
WebRTC, which no policy covers. A browser that does not know the last one leaves those two open.
PREVIEW_HOST adds a fourth: a site of its own, so that every browser that isolates sites runs the
page in another process than the studio.
"""

from __future__ import annotations

import mimetypes
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from studio.runs.models import Run
from studio.teams import access
from studio.teams.models import Session, User

TEXTS = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


SALT = "runs.preview"
LASTS = 86_400  # seconds that an address can be used
CACHED = (
    600  # seconds that a browser may keep a file without asking again whether it may still be seen
)


@dataclass(frozen=True, slots=True)
class Shown:
    """Which page an address shows; `attempt` None: the one that the model is writing just now."""

    run: uuid.UUID
    attempt: int | None


@dataclass(frozen=True, slots=True)
class Viewer:
    """For whom an address was made; it ends with their session and their access. `site`: the page
    around the frame.
    """

    user: int
    session: str  # its handle: the key itself would sign the generated page in
    site: str

    @classmethod
    def of(cls, request: HttpRequest) -> Viewer:
        session = Session(session_key=request.session.session_key or "")
        return cls(access.get_person(request).pk, session.handle, site_of(request))


def site_of(request: HttpRequest) -> str:
    """The origin under which the studio is visited."""
    return f"{request.scheme}://{request.get_host()}"


def make_token(shown: Shown, viewer: Viewer) -> str:
    return signing.dumps(
        [shown.run.hex, shown.attempt, viewer.user, viewer.session, viewer.site], salt=SALT
    )


def read_token(token: str) -> tuple[Shown, Viewer] | None:
    """None for an address that was not made here, or too long ago."""
    try:
        run, attempt, *viewer = signing.loads(token, salt=SALT, max_age=LASTS)
        return Shown(uuid.UUID(run), attempt), Viewer(*viewer)
    except (signing.BadSignature, TypeError, ValueError):  # made up, or by an older studio
        return None


def may_see(shown: Shown, viewer: Viewer) -> bool:
    """Whether the run is still there and the viewer, in the session the address was made in, may
    still see it.
    """
    user = User.objects.filter(pk=viewer.user).first()
    if user is None:
        return False
    session = next((one for one in user.sessions.all() if one.handle == viewer.session), None)
    return bool(
        session and access.find_standing(Run.objects.all(), user, session.session_key, pk=shown.run)
    )


def frame_proof(token: str) -> str:
    """What the script in the frame says with each message, and the page's own scripts cannot know.

    Of what the token shows and for whom, not of the token itself: a browser that goes back, or
    loads a page again, may put the frame's earlier address beside a newer page.
    """
    found = read_token(token)
    assert found is not None, "proofs are given for addresses made here"
    shown, viewer = found
    about = f"{shown.run.hex}:{shown.attempt}:{viewer.user}:{viewer.session}"
    return salted_hmac("runs.frame", about, algorithm="sha256").hexdigest()[:32]


def build_policy(own: str, site: str) -> str:
    """The page's Content-Security-Policy; `own`: the address below which its files lie, `site`: who
    may frame it.
    """
    around = site if settings.PREVIEW_HOST else "'self'"
    return (
        "sandbox allow-scripts; default-src 'none'; "
        f"img-src {own} data: blob:; style-src {own} 'unsafe-inline'; font-src {own} data:; "
        f"script-src {own} 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        f"frame-ancestors {around}"
    )


def build_response(
    name: str, content: bytes, own: str, *, site: str, lasting: bool
) -> HttpResponse:
    """One file of the page. Its origin is opaque, so even its own modules and fonts need leave to
    be read.
    """
    kept = f"private, max-age={CACHED}" if lasting else "no-store"
    headers = {
        "Content-Security-Policy": build_policy(own, site),
        "Access-Control-Allow-Origin": "*",
        "X-Content-Type-Options": "nosniff",
        "X-DNS-Prefetch-Control": "off",
        "Connection-Allowlist": "(response-origin)",
        # On a host of its own it then runs in a process of its own, even where a browser does not
        # isolate sites.
        "Origin-Agent-Cluster": "?1",
        "Cache-Control": kept,
    }
    found = HttpResponse(content, content_type=guess_media_type(name), headers=headers)
    if settings.PREVIEW_HOST:
        found.xframe_options_exempt = True  # it knows no other site than its own
    else:
        found["X-Frame-Options"] = "SAMEORIGIN"
    return found


def guess_media_type(name: str) -> str:
    suffix = name[name.rfind(".") :].lower()
    if suffix in TEXTS:
        return f"{TEXTS[suffix]}; charset=utf-8"
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
