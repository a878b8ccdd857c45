"""/console: the page of those who tune limits and decide on requests."""

from typing import Any

from flask import Response, render_template, request

from agent_assist.core.errors import NotFound
from agent_assist.web import security
from agent_assist.web.pages import Pages, built_assets
from agent_assist.web.people.browsers import Browsers
from agent_assist.web.services import Services


def register(pages: Pages, services: Services, browsers: Browsers) -> None:
    """Add the pages. The script decides by the address what is shown; here they are all one."""
    demo = services.demo

    def console(place: str = "") -> Response:  # noqa: ARG001  for the script
        visitor = browsers.visitor(browsers.secret())
        return _page(None if visitor is None else services.sessions.code_of(visitor, None))

    def simulated() -> Response:
        if not demo.is_on():
            raise NotFound("demonstration", "here: `agent-assist setup --demo` makes one")
        ladder = services.live.current().vocabulary.ladder
        level = request.args.get("level", "")
        person = demo.colleague(level) if level in ladder[1:] else demo.supervisor(ladder)
        return _page(demo.console_code(person))

    pages.add("/console", "console", console)
    pages.add("/console/", "console_root", console)
    pages.add("/console/<path:place>", "console_place", console)
    pages.add("/demo/console", "demo_console", simulated)


def _page(code: str | None) -> Response:
    boot: dict[str, Any] = {"code": code}
    page = render_template("console.html", assets=built_assets() or {}, boot=boot)
    return security.with_policy(Response(page), security.panel(()))
