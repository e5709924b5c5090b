"""The ASGI application: pages over HTTP, live updates over WebSockets from our own pages.

Resource limits for strangers are enforced here, before Django: see `studio/edge`.
"""

from __future__ import annotations

import os
from typing import cast

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.config.settings")
http = get_asgi_application()

from django.conf import settings  # noqa: E402
from django.urls import re_path  # noqa: E402

from studio.accounts.credentials import is_signed_in  # noqa: E402
from studio.collaboration.routing import websocket_urlpatterns as collaboration_sockets  # noqa: E402
from studio.edge.base_path import BasePath  # noqa: E402
from studio.edge.bodies import BodyLimit, BodyLimits  # noqa: E402
from studio.edge.no_socket import NoSocket  # noqa: E402
from studio.edge.origins import SameOrigin  # noqa: E402
from studio.edge.pieces import Pieces  # noqa: E402
from studio.edge.refusal import App  # noqa: E402
from studio.mcp.http import McpDoor  # noqa: E402
from studio.runs.routing import websocket_urlpatterns as run_sockets  # noqa: E402 (models need the settings)

limits = BodyLimits(settings.BODY_BYTES, settings.UPLOAD_TOTAL_BYTES, settings.BODY_SECONDS)
routed = ProtocolTypeRouter(
    {
        "http": Pieces(BodyLimit(McpDoor(cast(App, http)), limits, is_signed_in)),
        "websocket": SameOrigin(
            AuthMiddlewareStack(
                URLRouter([*run_sockets, *collaboration_sockets, re_path("", NoSocket.as_asgi())])
            )
        ),
    }
)
application = BasePath(cast(App, routed), settings.BASE_PATH)
