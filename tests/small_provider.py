"""An identity provider of our own on loopback: it checks what real ones check, and signs RS256."""

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa


@cache
def a_key(number: int) -> rsa.RSAPrivateKey:
    """One of several keys, each made once: that takes its time."""
    del number
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


CLIENT, SECRET = "assist", "a secret of ours: +&% and so long"


class SmallProvider:
    """Knows one client. What it says of people is what a test gives it.

    Attributes:
        keys: what signs; the last one. All of them are published.
        tokens: how often a code was exchanged.
        comes: what it says of whoever a browser sends to it; None lets nobody in by itself.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.keys = [a_key(0)]
        self.tokens = 0
        self.issuer = ""
        self.comes: dict[str, Any] | None = None
        self._codes: dict[str, tuple[dict[str, str], dict[str, Any]]] = {}

    def authorise(self, address: str, **claims: Any) -> str:
        """What follows the address to which somebody is sent back, once they have signed in."""
        asked = {name: texts[0] for name, texts in parse_qs(urlsplit(address).query).items()}
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self._codes)}"
        self._codes[code] = asked, claims
        return f"?code={code}&state={asked['state']}"

    def sign(self, claims: dict[str, Any], key: rsa.RSAPrivateKey | None = None) -> str:
        """A token of its own."""
        signer = key or self.keys[-1]
        kid = str(self.keys.index(signer)) if signer in self.keys else "0"
        return jwt.encode(claims, signer, algorithm="RS256", headers={"kid": kid})

    def answer(self, path: str, sent: dict[str, str], given: str) -> tuple[int, object]:
        match path:
            case "/.well-known/openid-configuration":
                return 200, {
                    "issuer": self.issuer,
                    "authorization_endpoint": f"{self.issuer}/authorize",
                    "token_endpoint": f"{self.issuer}/token",
                    "jwks_uri": f"{self.issuer}/keys",
                }
            case "/keys":
                return 200, {"keys": [self._public(n) for n in range(len(self.keys))]}
            case "/token":
                return self._token(sent, given)
        return 404, {}

    def _token(self, sent: dict[str, str], given: str) -> tuple[int, object]:
        self.tokens += 1
        asked, claims = self._codes.pop(sent.get("code", ""), ({}, {}))
        hashed = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()
        own = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if given != f"Basic {own}" or challenge != asked.get("code_challenge"):
            return 400, {"error": "invalid_grant"}
        if sent["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        at = int(self.now().timestamp())
        usual = {
            "iss": self.issuer,
            "sub": "u-1",
            "aud": CLIENT,
            "iat": at,
            "exp": at + 300,
            "nonce": asked["nonce"],
        }
        make = claims.pop("token", self.sign)
        token = make({**usual, **claims})
        return 200, {"access_token": "opaque", "token_type": "Bearer", "id_token": token}

    def _public(self, number: int) -> dict[str, Any]:
        told = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.keys[number].public_key()))
        return {**told, "kid": str(number), "use": "sig"}


@contextmanager
def provided(now: Callable[[], datetime]) -> Iterator[SmallProvider]:
    """The provider, as long as it is needed."""
    provider = SmallProvider(now)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if provider.comes is not None and self.path.startswith("/authorize?"):
                self._send_back(provider.comes)
            else:
                self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer({name: texts[0] for name, texts in parse_qs(body).items()})

        def _send_back(self, claims: dict[str, Any]) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            told = {"auth_time": int(provider.now().timestamp()), **claims}
            back = asked["redirect_uri"][0] + provider.authorise(self.path, **told)
            self.send_response(303)
            self.send_header("Location", back)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _answer(self, sent: dict[str, str]) -> None:
            given = self.headers.get("Authorization", "")
            status, told = provider.answer(urlsplit(self.path).path, sent, given)
            content = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.issuer = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
