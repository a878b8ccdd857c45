"""The API's published document, of an app without a database: `python -m tests.document`."""

import json
import sys
from typing import Any
from unittest.mock import MagicMock

import structlog
from flask import Flask

from agent_assist import web


def published() -> dict[str, Any]:
    app = Flask("agent_assist.web")
    web.register(app, MagicMock(streams=1))
    found: dict[str, Any] = app.test_client().get("/openapi.json").get_json()
    return found


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    sys.stdout.write(json.dumps(published()))
