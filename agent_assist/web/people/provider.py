"""/login/provider: people who come by an identity provider."""

from collections.abc import Callable

from flask import Response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from agent_assist.admit.provided import Provided, ProviderRefused
from agent_assist.core.errors import AgentAssistError, NotFound, NotReady
from agent_assist.store.provider_visits import Visit
from agent_assist.web import security
from agent_assist.web.pages import Pages
from agent_assist.web.people.afterwards import Afterwards
from agent_assist.web.people.browsers import Browsers

_BACK = "/login/provider/back"


class ProviderPages:
    """The way to the provider, and back.

    Args:
        provided: lets people in; None where no provider is set.
        browsers: remember who has come back, and who was sent.
        origin: gives our origin, as the browser at hand names it.
    """

    def __init__(
        self, provided: Provided | None, browsers: Browsers, origin: Callable[[], str]
    ) -> None:
        self._provided = provided
        self._browsers = browsers
        self._origin = origin

    def register(self, pages: Pages) -> None:
        """Add the pages."""
        pages.add("/login/provider", "provider", self.send)
        pages.add(_BACK, "provider_back", self.take)

    def send(self) -> BaseResponse:
        """Send the browser at hand to the provider."""
        after = Afterwards.of(request.args)
        visit = Visit(after.place, after.popup, request.args.get("again") == "1")
        try:
            address, state = self._known().send(visit, self._back())
        except NotReady as refusal:
            return _refused(after, refusal, 503)
        response = redirect(address, 303)
        self._browsers.sent(response, state)
        return response

    def take(self) -> BaseResponse:
        """Take who comes back."""
        code, state = request.args.get("code", ""), request.args.get("state", "")
        kept, replaces = self._browsers.was_sent(), self._browsers.secret()
        try:
            arrived = self._known().take(self._back(), code, state, kept, replaces)
        except (ProviderRefused, NotReady) as refusal:
            status = 503 if isinstance(refusal, NotReady) else 401
            response: BaseResponse = _refused(Afterwards.of({}), refusal, status)
        else:
            after = Afterwards(arrived.visit.place, arrived.visit.popup)
            response = redirect(after.at("/login"), 303)
            self._browsers.remember(response, arrived.secret)
        self._browsers.is_back(response)
        return response

    def _known(self) -> Provided:
        if self._provided is None:
            raise NotFound("identity provider", "here: see AGENT_ASSIST_OIDC_ISSUER")
        return self._provided

    def _back(self) -> str:
        return f"{self._origin()}{_BACK}"


def _refused(after: Afterwards, refusal: AgentAssistError, status: int) -> Response:
    page = render_template("login.html", after=after, name="", refusal=refusal, provider=True)
    return security.with_policy(Response(page, status), security.FORM)
