"""/login and /logout: people who come by a password, in a window of ours."""

from flask import Response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from agent_assist.admit.attempts import TooManyAttempts
from agent_assist.admit.demands import Lack
from agent_assist.admit.second_factors import CodeRefused
from agent_assist.admit.sign_ins import SignInRefused
from agent_assist.core.errors import AgentAssistError, NotReady
from agent_assist.store.accounts import SignedIn
from agent_assist.web import security
from agent_assist.web.admission import OWN_FORM
from agent_assist.web.pages import Pages
from agent_assist.web.people.afterwards import SECOND_FACTOR, Afterwards
from agent_assist.web.people.browsers import Browsers
from agent_assist.web.services import Services

_STATUS = {SignInRefused: 401, CodeRefused: 401, TooManyAttempts: 429, NotReady: 503}


class SignInPages:
    """The pages: a password, then a code where one is asked for.

    Args:
        services: know people and their codes.
        browsers: know who has signed in.
    """

    def __init__(self, services: Services, browsers: Browsers) -> None:
        self._services = services
        self._browsers = browsers

    def register(self, pages: Pages) -> None:
        """Add the pages."""
        pages.add("/login", "login", self.login)
        pages.add("/login", "sign_in", self.sign_in, method="POST", admits=OWN_FORM)
        pages.add("/login/code", "give_code", self.give_code, method="POST", admits=OWN_FORM)
        pages.add("/logout", "sign_out", self.sign_out, method="POST", admits=OWN_FORM)

    def login(self) -> BaseResponse:
        """What is asked of the browser at hand."""
        after = Afterwards.of(request.args)
        return self._onward(after, self._browsers.secret()) or self._form(after)

    def sign_in(self) -> BaseResponse:
        """Take a name and a password."""
        after = Afterwards.of(request.form)
        name, password = request.form.get("id", ""), request.form.get("password", "")
        replaces = self._browsers.secret()
        try:
            _, secret = self._services.sign_ins.sign_in(name, password, replaces)
        except (SignInRefused, TooManyAttempts, NotReady) as refusal:
            return self._form(after, name[:200], refusal)
        return self._remembered(after, secret)

    def give_code(self) -> BaseResponse:
        """Take a code, from whoever has given their password here a moment ago."""
        after, secret = Afterwards.of(request.form), self._browsers.secret()
        halfway = self._browsers.halfway(secret)
        if halfway is None or halfway.lack is not Lack.CODE:
            return redirect(after.at("/login"), 303)
        try:
            self._services.second_factors.check(halfway.person.id, request.form.get("code", ""))
        except (CodeRefused, TooManyAttempts) as refusal:
            return _code_form(after, refusal)
        return self._remembered(after, self._services.sign_ins.complete(halfway.signed_in, secret))

    def sign_out(self) -> BaseResponse:
        """End what the browser at hand stands for."""
        self._services.sign_ins.sign_out(self._browsers.secret())
        response = redirect("/login", 303)
        self._browsers.forget(response)
        return response

    def _remembered(self, after: Afterwards, secret: str) -> BaseResponse:
        response = self._onward(after, secret) or redirect(after.at("/login"), 303)
        self._browsers.remember(response, secret)
        return response

    def _onward(self, after: Afterwards, secret: str | None) -> BaseResponse | None:
        """What whoever has a browser's secret sees next; None where it opens nothing."""
        visitor = self._browsers.visitor(secret)
        if visitor is not None:
            return self._welcome(visitor) if after.popup else redirect(after.place, 303)
        halfway = self._browsers.halfway(secret)
        if halfway is None:
            return None
        if halfway.lack is Lack.APP:
            return redirect(after.at(SECOND_FACTOR), 303)
        return _code_form(after)

    def _form(
        self, after: Afterwards, name: str = "", refusal: AgentAssistError | None = None
    ) -> Response:
        provider = self._services.provided is not None
        page = render_template(
            "login.html", after=after, name=name, refusal=refusal, provider=provider
        )
        return _answer(page, refusal)

    def _welcome(self, visitor: SignedIn) -> Response:
        """The page that hands a code to the panel that had opened it, and closes."""
        code = self._services.sessions.code_of(visitor, None)
        page = render_template("signed_in.html", code=code, name=visitor.person.name)
        return security.with_policy(Response(page), security.FORM)


def _code_form(after: Afterwards, refusal: AgentAssistError | None = None) -> Response:
    return _answer(render_template("login_code.html", after=after, refusal=refusal), refusal)


def _answer(page: str, refusal: AgentAssistError | None) -> Response:
    response = Response(page, _STATUS.get(type(refusal), 200) if refusal else 200)
    if isinstance(refusal, TooManyAttempts):
        response.headers["Retry-After"] = str(refusal.seconds)
    return security.with_policy(response, security.FORM)
