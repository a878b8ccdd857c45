"""Requests that happen once: the header that names them, and answers that are given again."""

import hashlib
import json
import re

from flask import Response, request
from pydantic import BaseModel

from agent_assist.admit import Caller
from agent_assist.core.errors import KeyMissing
from agent_assist.store.once import Once, StoredAnswer

KEY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotent-Replayed"
KEY_PATTERN = "^[!-~]{1,200}$"
_KEY = re.compile(r"[!-~]{1,200}", re.ASCII)


def read_key() -> str:
    """The request's key; KeyMissing if it has none that can be used."""
    key = request.headers.get(KEY_HEADER, "")
    if not _KEY.fullmatch(key):
        raise KeyMissing(
            f"send the header {KEY_HEADER} with 1 to 200 visible ASCII characters, new for each "
            "thing to be done and the same in every retry"
        )
    return key


def once_for(
    rule: str,
    key: str,
    given: BaseModel,
    caller: Caller,
    edit: int = 0,
    *,
    path: str | None = None,
) -> Once:
    """What tells a request from others: its key, and a hash over its path, body and edit.

    `path` is where a part of a request would have been sent alone; None for that of the request.
    """
    body = json.dumps(given.model_dump(mode="json"), sort_keys=True)
    digest = hashlib.sha256(f"{path or request.path}\n{edit}\n{body}".encode()).hexdigest()
    return Once(caller.principal, f"POST {rule}", key, digest)


def respond_stored(answer: StoredAnswer) -> Response:
    """An answer as it was kept."""
    response = Response(answer.body, answer.status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    if answer.replayed:
        response.headers[REPLAYED_HEADER] = "true"
    return response
