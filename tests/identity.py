"""A small identity provider on loopback: OpenID Connect's code flow, with lies on request."""

import asyncio
import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass(slots=True)
class Provider:
    """What the provider knows. `lies` change claims of the next ID token."""

    issuer: str = ""
    email: str = ""
    lies: dict[str, Any] = field(default_factory=dict)
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    forger: ec.EllipticCurvePrivateKey | None = None
    _asked: dict[str, dict[str, str]] = field(default_factory=dict)

    def authorise(self, url: str) -> dict[str, str]:
        """What the browser brings back after somebody signed in at the provider."""
        parts = urlsplit(url)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        code = f"code-{len(self._asked)}"
        self._asked[code] = asked
        return {"code": code, "state": asked["state"]}

    async def describe(self, _request: web.Request) -> web.Response:
        ends = {"authorization_endpoint": "/auth", "token_endpoint": "/token", "jwks_uri": "/keys"}
        told = {name: self.issuer + path for name, path in ends.items()}
        return web.json_response({"issuer": self.issuer, **told})

    async def keys(self, _request: web.Request) -> web.Response:
        public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self.key.public_key()))
        return web.json_response({"keys": [{**public, "kid": "one", "alg": "ES256"}]})

    async def token(self, request: web.Request) -> web.Response:
        form = await request.post()
        asked = self._asked.pop(str(form["code"]), None)
        proof = hashlib.sha256(str(form["code_verifier"]).encode()).digest()
        shown = base64.urlsafe_b64encode(proof).rstrip(b"=").decode()
        if asked is None or shown != asked["code_challenge"] or form["client_secret"] != "geheim":
            return web.json_response({"error": "invalid_grant"}, status=400)
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": asked["client_id"],
            "sub": "1",
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "email": self.email,
            "email_verified": True,
            **self.lies,
        }
        signed = jwt.encode(
            claims, self.forger or self.key, algorithm="ES256", headers={"kid": "one"}
        )
        return web.json_response({"id_token": signed, "token_type": "Bearer"})


@contextmanager
def running() -> Iterator[Provider]:
    """Run a provider until the block ends."""
    provider, loop = Provider(), asyncio.new_event_loop()
    app = web.Application()
    app.router.add_get("/.well-known/openid-configuration", provider.describe)
    app.router.add_get("/keys", provider.keys)
    app.router.add_post("/token", provider.token)
    runner = web.AppRunner(app, access_log=None)

    async def serve() -> None:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        provider.issuer = f"http://127.0.0.1:{runner.addresses[0][1]}"

    loop.run_until_complete(serve())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()
