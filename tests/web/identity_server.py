"""A small OpenID Connect server for tests: discovery, a token for a code, and a page about the person.

It follows OpenID Connect Core 1.0 (code flow, section 3.1, with PKCE left to the client) and Discovery 1.0.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Answers(BaseHTTPRequestHandler):
    """The person is the code that was handed out."""

    def do_GET(self) -> None:
        here = f"http://{self.headers['Host']}"
        path = urlsplit(self.path).path
        if path == "/.well-known/openid-configuration":
            self._say({
                "issuer": here, "authorization_endpoint": f"{here}/authorize", "token_endpoint": f"{here}/token",
                "userinfo_endpoint": f"{here}/userinfo", "jwks_uri": f"{here}/jwks",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            })  # fmt: skip
        elif path == "/userinfo":
            name = self.headers["Authorization"].removeprefix("Bearer ")
            self._say({"sub": f"id-of-{name}", "preferred_username": name})
        else:
            self._say({}, 404)

    def do_POST(self) -> None:
        said = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        known = (said.get("client_id"), said.get("client_secret")) == (["huxue"], ["between us"])
        self._say(
            {"access_token": said["code"][0], "token_type": "Bearer"} if known else {"error": "x"},
            200 if known else 401,
        )

    def _say(self, what: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name
        """Say nothing."""


@contextmanager
def identity_server() -> Iterator[str]:
    """Yield the address of a server of its own."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
