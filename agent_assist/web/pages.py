"""Pages: what is no operation of the API; the home page, the document and the figures."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from flask import Flask, render_template
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from agent_assist import __version__
from agent_assist.web import examples, openapi
from agent_assist.web.admission import PUBLIC, Admission, Admits
from agent_assist.web.health import run_checks
from agent_assist.web.metrics import Metrics
from agent_assist.web.operations import Operations
from agent_assist.web.services import Services

_MANIFEST = Path(__file__).parent / "static" / "built" / "manifest.json"


class Pages:
    """Adds pages that anybody may see to an app."""

    def __init__(self, app: Flask, admission: Admission) -> None:
        self._app = app
        self._admission = admission
        admission.declare("static", PUBLIC)

    def add_home(self, services: Services) -> None:
        """`/`: what this is, whether it is ready, where to go."""

        def home() -> str:
            failing = run_checks(services.checks)
            return render_template(
                "home.html",
                version=__version__,
                failing=failing,
                snapshot=None if failing else services.live.current(),
                demo=services.demo.is_on(),
                example=json.dumps({"text": examples.SUGGESTION["text"]}),
            )

        self.add("/", "home", home)

    def add_document(self, api: Operations) -> None:
        """`/openapi.json`, and `/docs` to browse it."""

        @cache
        def published() -> bytes:
            return json.dumps(openapi.document(api.all), ensure_ascii=False).encode()

        def openapi_json() -> FlaskResponse:
            return FlaskResponse(published(), mimetype="application/json")

        def docs() -> str:
            return render_template("docs.html", assets=built_assets())

        self.add("/openapi.json", "openapi_json", openapi_json)
        self.add("/docs", "docs", docs)

    def add_metrics(self, metrics: Metrics) -> None:
        """`/metrics`, for Prometheus."""
        self.add("/metrics", "metrics", metrics.page)

    def add(
        self,
        rule: str,
        endpoint: str,
        view: Callable[..., str | Response],
        *,
        method: str = "GET",
        admits: Admits = PUBLIC,
    ) -> None:
        """Add a page, for anybody unless it says otherwise."""
        self._admission.declare(endpoint, admits)
        self._app.add_url_rule(
            rule, endpoint, view, methods=[method], provide_automatic_options=False
        )


def built_assets() -> Mapping[str, str] | None:
    """Addresses of the built assets below `static`, by plain name; None if nobody built them."""
    try:
        text = _MANIFEST.read_text("utf-8")
    except FileNotFoundError:
        return None
    built: dict[str, str] = json.loads(text)
    return built
