"""The web: the API, its document, and the pages around it."""

from flask import Flask

from agent_assist.web import (
    audit,
    console,
    demo,
    events,
    health,
    observation,
    problems,
    security,
)
from agent_assist.web.admission import Admission
from agent_assist.web.approvals import approvals, queue, tuning
from agent_assist.web.contacts import contacts, days, feedback, outcomes
from agent_assist.web.drafts import acts as draft_acts
from agent_assist.web.drafts import drafts, replays, trials, versions
from agent_assist.web.drafts import policies as policy_drafts
from agent_assist.web.grants import brake, grants, spending
from agent_assist.web.insights import (
    declines,
    given,
    measures,
    preventable,
    sheets,
    spare,
    stakes,
    wordings,
)
from agent_assist.web.insights import suggestions as suggestion_measures
from agent_assist.web.library import catalogue, drift, models, policy_use
from agent_assist.web.metrics import Metrics
from agent_assist.web.observation import configure_log
from agent_assist.web.operations import Operations
from agent_assist.web.pages import Pages
from agent_assist.web.panel import Panel
from agent_assist.web.people import invitation, people, sessions
from agent_assist.web.people.browsers import Browsers
from agent_assist.web.people.provider import ProviderPages
from agent_assist.web.people.second_factor import SecondFactorPages
from agent_assist.web.people.sign_in import SignInPages
from agent_assist.web.services import Services
from agent_assist.web.streams import Streams
from agent_assist.web.systems import customers, hosts, keys, webhooks

__all__ = ["Services", "configure_log", "register"]

# In the order in which the document lists them.
_ROOMS = (
    sessions,
    contacts,
    feedback,
    drift,
    days,
    grants,
    brake,
    outcomes,
    approvals,
    queue,
    tuning,
    stakes,
    preventable,
    sheets,
    declines,
    spare,
    measures,
    given,
    suggestion_measures,
    wordings,
    audit,
    keys,
    hosts,
    webhooks,
    customers,
    versions,
    drafts,
    draft_acts,
    policy_drafts,
    policy_use,
    replays,
    trials,
    spending,
    catalogue,
    models,
)


def register(app: Flask, services: Services) -> None:
    """Put everything the web serves onto an app that has no routes but its static files.

    The app's folders of templates and static files are this package's: `Flask(__name__)` of it.

    Raises:
        SetupRefused: a route of the app does not declare whom it lets through.
    """
    # A path with two slashes is another path, not a redirect that changes a POST's method.
    app.url_map.merge_slashes = False
    app.url_map.converters["policy"] = catalogue.PolicyIdConverter
    app.url_map.converters["approval"] = approvals.ApprovalIdConverter
    metrics = Metrics()
    observation.install(app, metrics)

    def ladder() -> tuple[str, ...]:
        return services.live.current().vocabulary.ladder

    admission = Admission(
        app,
        services.keys,
        services.sessions,
        ladder,
        services.origin,
        services.proxies,
        services.step_up.check,
    )
    app.extensions["admission"] = admission
    browsers = Browsers(services.sign_ins, services.demands, admission.origin)
    problems.install(app)
    security.install(app)
    streams = Streams(app, services.events.newest, services.streams)
    app.extensions["streams"] = streams
    api = Operations(app, admission, services.drafts.answered)
    for room in _ROOMS:
        room.register(api, services)
    events.register(api, services, streams, admission.again)
    people.register(api, services, admission.origin)
    health.register(api, services)
    pages = Pages(app, admission)
    pages.add_home(services)
    pages.add_document(api)
    pages.add_metrics(metrics)
    SignInPages(services, browsers).register(pages)
    SecondFactorPages(services, browsers).register(pages)
    ProviderPages(services.provided, browsers, admission.origin).register(pages)
    invitation.register(pages, services)
    Panel(services, admission, browsers).register(pages)
    console.register(pages, services, browsers)
    demo.register(pages, services)
    admission.check()
