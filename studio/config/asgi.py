"""The web process's way in: pages over HTTP, a run's events over WebSockets (from our own pages only)."""

from __future__ import annotations

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.config.settings")
http = get_asgi_application()

from studio.collaboration.routing import websocket_urlpatterns as collaboration_sockets  # noqa: E402
from studio.runs.routing import websocket_urlpatterns as run_sockets  # noqa: E402 (models need the settings)

application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": AllowedHostsOriginValidator(
            AuthMiddlewareStack(URLRouter([*run_sockets, *collaboration_sockets]))
        ),
    }
)
