"""Serves the studio below BASE_PATH, whether a proxy passes that path on or removes it."""

from __future__ import annotations

from django.urls import set_script_prefix

from studio.edge.refusal import App, Receive, Scope, Send

PERMANENT = 308  # a redirect that keeps method and body


class BasePath:
    """ASGI middleware that tells the application its path by `root_path`, as ASGI describes it.

    An address without the path is served as well: a proxy may have removed it, and health checks on
    this machine ask for `/health`. Every link in an answer has the path.
    """

    def __init__(self, app: App, base_path: str) -> None:
        self.app = app
        self.base_path = base_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self.base_path:
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        if scope["type"] == "http" and path == self.base_path:
            await self._redirect(scope, send)
            return
        if not path.startswith(f"{self.base_path}/"):
            path = f"{self.base_path}{path}"
        # Django does this for its own views only, not for MCP and WebSockets.
        set_script_prefix(self.base_path)
        await self.app({**scope, "path": path, "root_path": self.base_path}, receive, send)

    async def _redirect(self, scope: Scope, send: Send) -> None:
        """Add the slash at the end: relative links and the cookies' path need it."""
        query = scope.get("query_string", b"")
        target = f"{self.base_path}/".encode() + (b"?" + query if query else b"")
        headers = [(b"location", target), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": PERMANENT, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
