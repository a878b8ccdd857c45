"""The web: the API, its document, and the pages around it."""

from flask import Flask

from agent_assist.web import (
    approvals,
    audit,
    brake,
    catalogue,
    contacts,
    draft_acts,
    drafts,
    events,
    grants,
    health,
    observation,
    outcomes,
    people,
    problems,
    replays,
    security,
    versions,
)
from agent_assist.web.admission import Admission
from agent_assist.web.metrics import Metrics
from agent_assist.web.observation import configure_log
from agent_assist.web.operations import Operations
from agent_assist.web.pages import Pages
from agent_assist.web.services import Services

__all__ = ["Services", "configure_log", "register"]


def register(app: Flask, services: Services) -> None:
    """Put everything the web serves onto an app that has no routes but its static files.

    The app's folders of templates and static files are this package's: `Flask(__name__)` of it.

    Raises:
        SetupRefused: a route of the app does not declare whom it lets through.
    """
    # A path with two slashes is another path, not a redirect that changes a POST's method.
    app.url_map.merge_slashes = False
    metrics = Metrics()
    observation.install(app, metrics)
    admission = Admission(app, services.keys)
    problems.install(app)
    security.install(app)
    api = Operations(app, admission)
    contacts.register(api, services)
    grants.register(api, services)
    brake.register(api, services)
    outcomes.register(api, services)
    approvals.register(api, services)
    events.register(api, services)
    audit.register(api, services)
    people.register(api, services)
    versions.register(api, services)
    drafts.register(api, services)
    draft_acts.register(api, services)
    replays.register(api, services)
    catalogue.register(api, services)
    health.register(api, services)
    pages = Pages(app, admission)
    pages.add_home(services)
    pages.add_document(api)
    pages.add_metrics(metrics)
    admission.check()
