"""/panel: the page of the representative's panel, alone or inside of a host's."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask import Response, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from agent_assist.admit.hosts import DEMO
from agent_assist.admit.launches import LaunchRefused
from agent_assist.core.errors import NotFound
from agent_assist.store.hosts import Host, HostKind
from agent_assist.web import security
from agent_assist.web.admission import Admission
from agent_assist.web.pages import Pages, built_assets
from agent_assist.web.people.browsers import Browsers
from agent_assist.web.services import Services

_LOCALES = ("en", "es", "de")
_STATIC = Path(__file__).parent / "static"
_SOON = "public, max-age=300"


class Panel:
    """The page, for whoever opens it.

    Args:
        services: know hosts, people and codes.
        admission: knows our own origin.
        browsers: know who has signed in.
    """

    def __init__(self, services: Services, admission: Admission, browsers: Browsers) -> None:
        self._services = services
        self._admission = admission
        self._browsers = browsers

    def register(self, pages: Pages) -> None:
        """Add the pages."""
        pages.add("/panel", "panel", self.open)
        # Signed by the host, which is more than an origin says: its own pages send it.
        pages.add("/panel/launch", "launch_panel", self.launch, method="POST")
        pages.add("/panel/loader.js", "panel_loader", self.loader)

    def open(self) -> BaseResponse:
        """The page, with a code for whoever is known already."""
        host_id = request.args.get("host")
        if host_id is None:
            return self._page_for(None)
        host = self._host(host_id)
        if host.id != DEMO:
            return self._page_for(host)
        ladder = self._services.live.current().vocabulary.ladder
        rep = self._services.demo.rep(ladder)
        code = self._services.demo.code_for(rep)
        return self._page(host, None if rep is None else rep.id, code)

    def launch(self) -> BaseResponse:
        """The page, for whom a host's token names."""
        host = self._host(request.args.get("host", ""))
        try:
            person, code = self._services.launches.launch(host, request.form.get("token", ""))
        except LaunchRefused as refusal:
            page = render_template("launch_refused.html", refusal=refusal)
            return security.with_policy(Response(page, 401), security.panel(host.origins))
        return self._page(host, person, code)

    def loader(self) -> BaseResponse:
        """The script that pages of others load, under an address that never changes."""
        assets = built_assets()
        if assets is None or "panel/loader.js" not in assets:
            raise NotFound("file", "panel/loader.js")
        content = (_STATIC / "built" / assets["panel/loader.js"]).read_bytes()
        response = Response(content, mimetype="text/javascript")
        response.headers["Cache-Control"] = _SOON
        return response

    def _host(self, host_id: str) -> Host:
        if host_id == DEMO and self._services.demo.is_on():
            return Host(DEMO, HostKind.CHATWOOT, (self._admission.origin(),))
        host = self._services.hosts.find(host_id)
        if host is None:
            raise NotFound("host", host_id[:80])
        return host

    def _page_for(self, host: Host | None) -> Response:
        """The page for whoever has signed in in the browser at hand."""
        visitor = self._browsers.visitor(self._browsers.secret())
        if visitor is None:
            return self._page(host, None, None)
        code = self._services.sessions.code_of(visitor, None if host is None else host.id)
        return self._page(host, visitor.person.id, code)

    def _page(self, host: Host | None, person: str | None, code: str | None) -> Response:
        boot: dict[str, Any] = {
            "host": _written(host),
            "person": person,
            "code": code,
            "locale": request.accept_languages.best_match(_LOCALES, default="en"),
            "demo": host is not None and host.id == DEMO,
        }
        page = render_template("panel.html", assets=built_assets() or {}, boot=boot)
        origins: Sequence[str] = () if host is None else host.origins
        return security.with_policy(Response(page), security.panel(origins))


def _written(host: Host | None) -> dict[str, Any] | None:
    if host is None:
        return None
    return {"id": host.id, "kind": host.kind, "origins": list(host.origins)}
