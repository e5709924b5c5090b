"""Serves generated pages safely: an opaque origin, and no address but the page's own files.

Three measures, each for what the others allow (measured in Chromium 156): the content security
policy below; the parent page's `frame-src` against navigation; Connection-Allowlist against
preconnect and WebRTC, which no policy covers. Browsers without the last one allow those two.
PREVIEW_HOST adds a fourth: a separate site, so that browsers with site isolation run the page in
another process than the studio.
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
LASTS = 86_400  # seconds for which an address is valid
CACHED = 600  # seconds for which a browser may cache a file without checking access again


@dataclass(frozen=True, slots=True)
class Shown:
    """Which page an address shows; `attempt` None: the page that the model is writing now."""

    run: uuid.UUID
    attempt: int | None


@dataclass(frozen=True, slots=True)
class Viewer:
    """For whom an address was made; it is valid while their session and access are.

    `site` is the origin of the page around the frame.
    """

    user: int
    session: str  # a handle of the session: its key would let the generated page sign in
    site: str

    @classmethod
    def of(cls, request: HttpRequest) -> Viewer:
        session = Session(session_key=request.session.session_key or "")
        return cls(access.get_person(request).pk, session.handle, get_site(request))


def get_site(request: HttpRequest) -> str:
    """Return the origin under which the studio is visited."""
    return f"{request.scheme}://{request.get_host()}"


def make_token(shown: Shown, viewer: Viewer) -> str:
    return signing.dumps(
        [shown.run.hex, shown.attempt, viewer.user, viewer.session, viewer.site], salt=SALT
    )


def read_token(token: str) -> tuple[Shown, Viewer] | None:
    """Return the content of a token; None if it is forged or expired."""
    try:
        run, attempt, *viewer = signing.loads(token, salt=SALT, max_age=LASTS)
        return Shown(uuid.UUID(run), attempt), Viewer(*viewer)
    # forged, or from an older version of the studio
    except (signing.BadSignature, TypeError, ValueError):
        return None


def may_see(shown: Shown, viewer: Viewer) -> bool:
    """Return True if the run exists and the viewer, in the same session, still has access."""
    user = User.objects.filter(pk=viewer.user).first()
    if user is None:
        return False
    session = next((each for each in user.sessions.all() if each.handle == viewer.session), None)
    return bool(
        session and access.find_standing(Run.objects.all(), user, session.session_key, pk=shown.run)
    )


def make_frame_proof(token: str) -> str:
    """Return the secret that the frame's script sends with each message.

    The page's own scripts cannot know it. It depends on the run and the viewer, not on the token
    itself, because a browser that goes back or reloads may combine the frame's earlier address with
    a newer page.
    """
    content = read_token(token)
    assert content is not None, "proofs are given for addresses made here"
    shown, viewer = content
    about = f"{shown.run.hex}:{shown.attempt}:{viewer.user}:{viewer.session}"
    return salted_hmac("runs.frame", about, algorithm="sha256").hexdigest()[:32]


def build_policy(own: str, site: str) -> str:
    """Build the page's Content-Security-Policy.

    `own` is the address below which its files are, `site` the origin that may frame it.
    """
    framing_site = site if settings.PREVIEW_HOST else "'self'"
    return (
        "sandbox allow-scripts; default-src 'none'; "
        f"img-src {own} data: blob:; style-src {own} 'unsafe-inline'; font-src {own} data:; "
        f"script-src {own} 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        f"frame-ancestors {framing_site}"
    )


def build_response(
    name: str, content: bytes, own: str, *, site: str, lasting: bool
) -> HttpResponse:
    """Build the response for one file of the page.

    The page's origin is opaque, so even its own modules and fonts need CORS.
    """
    caching = f"private, max-age={CACHED}" if lasting else "no-store"
    headers = {
        "Content-Security-Policy": build_policy(own, site),
        "Access-Control-Allow-Origin": "*",
        "X-Content-Type-Options": "nosniff",
        "X-DNS-Prefetch-Control": "off",
        "Connection-Allowlist": "(response-origin)",
        # On its own host the page then runs in its own process, even without site isolation.
        "Origin-Agent-Cluster": "?1",
        "Cache-Control": caching,
    }
    response = HttpResponse(content, content_type=guess_media_type(name), headers=headers)
    if settings.PREVIEW_HOST:
        # PREVIEW_HOST differs from the framing site; frame-ancestors decides
        response.xframe_options_exempt = True
    else:
        response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def guess_media_type(name: str) -> str:
    suffix = name[name.rfind(".") :].lower()
    if suffix in TEXTS:
        return f"{TEXTS[suffix]}; charset=utf-8"
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
