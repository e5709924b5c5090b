"""A small OpenID Connect provider: discovery, a consent that is given at once, tokens with PKCE,
user info.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "likeness", "a secret of the client's"


class Provider(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.person: dict[str, Any] = {}  # who is signed in at the provider
        self.codes: dict[str, dict[str, str]] = {}
        self.in_id_token: dict[str, Any] = {}  # claims that only the id_token has

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def id_token(self, asked: dict[str, str]) -> str:
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": int(time.time()),
            "exp": int(time.time()) + 300,
        }
        more = {"nonce": asked["nonce"]} if "nonce" in asked else {}
        return jwt.encode(
            {**claims, **more, **self.person, **self.in_id_token},
            self.key,
            algorithm="RS256",
            headers={"kid": "1"},
        )


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path == "/.well-known/openid-configuration":
            base = self.server.issuer
            self.answer(
                {
                    "issuer": base,
                    "authorization_endpoint": f"{base}/authorize",
                    "token_endpoint": f"{base}/token",
                    "userinfo_endpoint": f"{base}/userinfo",
                    "jwks_uri": f"{base}/keys",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            )
        elif url.path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.server.key.public_key()))
            self.answer({"keys": [{**public, "kid": "1", "use": "sig", "alg": "RS256"}]})
        elif url.path == "/authorize":
            assert asked["client_id"] == CLIENT
            code = secrets.token_urlsafe()
            self.server.codes[code] = asked
            self.send_response(302)
            self.send_header(
                "Location",
                f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}",
            )
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            assert self.headers["Authorization"] == "Bearer access"
            self.answer(self.server.person)

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        asked = self.server.codes.pop(form["code"][0])
        verifier = hashlib.sha256(form["code_verifier"][0].encode()).digest()
        proved = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode() == asked["code_challenge"]
        if (
            form["client_secret"] != [SECRET]
            or form["redirect_uri"] != [asked["redirect_uri"]]
            or not proved
        ):
            return self.answer({"error": "invalid_grant"}, 400)
        self.answer(
            {
                "access_token": "access",
                "token_type": "Bearer",
                "id_token": self.server.id_token(asked),
            }
        )

    def answer(self, body: Any, status: int = 200) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None: ...


@contextmanager
def provider() -> Iterator[Provider]:
    with Provider() as running:
        threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
        yield running
        running.shutdown()
