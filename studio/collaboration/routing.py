from __future__ import annotations

from django.urls import path

from studio.collaboration.consumers import TogetherConsumer

websocket_urlpatterns = [path("ws/runs/<uuid:run_id>/together", TogetherConsumer.as_asgi())]
