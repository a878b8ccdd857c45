"""Headers that keep browsers from doing more than a page needs."""

from collections.abc import Sequence

from flask import Flask, Response, request

_BUILT = "/static/built/"
_LOCKED = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PAGES = f"default-src 'none'; style-src 'self'; img-src 'self' data:; {_LOCKED}"
# Swagger UI writes its own style attributes, and asks this server when someone tries a request.
DOCS = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    f"img-src 'self' data:; connect-src 'self'; {_LOCKED}"
)

_APART = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:"
FORM = f"{_APART}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
"""Of pages with forms and scripts of ours, which nobody may embed."""

DEMO = f"{_APART}; connect-src 'self'; frame-src 'self'; {_LOCKED}"
"""Of the demonstration's pages, which hold the panel."""


def panel(origins: Sequence[str]) -> str:
    """Of the panel, which exactly these pages may embed."""
    ancestors = " ".join(origins) or "'none'"
    return (
        f"{_APART}; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; "
        f"frame-ancestors {ancestors}"
    )


def with_policy(response: Response, policy: str) -> Response:
    """The answer under a policy of its own."""
    response.headers["Content-Security-Policy"] = policy
    return response


def install(app: Flask) -> None:
    """Add the headers to every answer of the app."""
    app.after_request(_protect)


def _protect(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", DOCS if request.path == "/docs" else PAGES)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    if response.status_code == 200 and request.path.startswith(_BUILT):
        # Their names hold a hash of what is in them.
        headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif request.endpoint != "static":
        headers.setdefault("Cache-Control", "no-store")
    return response
