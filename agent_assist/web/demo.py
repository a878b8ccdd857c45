"""/demo/crm: a page that behaves like a CRM, with the panel at its side, where all is simulated."""

from flask import Response, render_template

from agent_assist.admit.hosts import DEMO
from agent_assist.core.errors import NotFound
from agent_assist.web import security
from agent_assist.web.pages import Pages
from agent_assist.web.services import Services


def register(pages: Pages, services: Services) -> None:
    """Add the page."""
    demo = services.demo

    def crm() -> Response:
        person = None
        if demo.is_on():
            person = demo.rep(services.live.current().vocabulary.ladder)
        if person is None:
            raise NotFound("demonstration", "here: `agent-assist setup --demo` makes one")
        name = person.name.removesuffix(" (simulated)")  # the whole page says so
        boot = {
            "person": {"id": person.id, "name": name, "level": person.level},
            "panel": f"/panel?host={DEMO}",
        }
        response = Response(render_template("demo/crm.html", boot=boot))
        return security.with_policy(response, security.DEMO)

    pages.add("/demo/crm", "demo_crm", crm)
