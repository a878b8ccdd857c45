"""/second-factor: people bring our secret into an app that shows codes, or into another one."""

from collections.abc import Mapping

import segno
from flask import Response, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from agent_assist.admit.attempts import TooManyAttempts
from agent_assist.admit.demands import Lack
from agent_assist.admit.second_factors import CodeRefused, Offer, OfferOver
from agent_assist.core.errors import AgentAssistError
from agent_assist.core.people import Person
from agent_assist.store.accounts import SignedIn
from agent_assist.web import security
from agent_assist.web.admission import OWN_FORM
from agent_assist.web.pages import Pages
from agent_assist.web.people.afterwards import SECOND_FACTOR, Afterwards
from agent_assist.web.people.browsers import Browsers
from agent_assist.web.services import Services


class SecondFactorPages:
    """The pages: what there is, a secret that is offered, and the code that confirms it.

    Args:
        services: know people and their second factors.
        browsers: know who has signed in.
    """

    def __init__(self, services: Services, browsers: Browsers) -> None:
        self._services = services
        self._factors = services.second_factors
        self._browsers = browsers

    def register(self, pages: Pages) -> None:
        """Add the pages."""
        pages.add(SECOND_FACTOR, "second_factor", self.standing)
        for page, name, view in (
            ("offer", "offer_second_factor", self.offer),
            ("confirmation", "confirm_second_factor", self.confirm),
        ):
            pages.add(f"{SECOND_FACTOR}/{page}", name, view, method="POST", admits=OWN_FORM)

    def standing(self) -> BaseResponse:
        """What there is."""
        signed_in = self._signed_in()
        if signed_in is None:
            return _to_login()
        return self._standing(signed_in.person, request.args)

    def offer(self) -> BaseResponse:
        """Offer a secret; who has one already shows first that it is theirs."""
        signed_in, form = self._signed_in(), request.form
        if signed_in is None:
            return _to_login()
        person = signed_in.person
        if self._factors.has(person.id):
            try:
                self._factors.check(person.id, form.get("code", ""))
            except (CodeRefused, TooManyAttempts) as refusal:
                return self._standing(person, form, refusal)
        return _page("offer", form, _drawn(self._factors.offer(person)))

    def confirm(self) -> BaseResponse:
        """Take the first code of what was offered; then whoever gave it has signed in."""
        signed_in, form = self._signed_in(), request.form
        if signed_in is None:
            return _to_login()
        person = signed_in.person
        try:
            offered = self._factors.offered(person)
        except OfferOver as refusal:
            return self._standing(person, form, refusal)
        try:
            codes = self._factors.confirm(person, form.get("code", ""))
        except (CodeRefused, OfferOver, TooManyAttempts) as refusal:
            return _page("offer", form, _drawn(offered), refusal)
        response = _page("codes", form, {"codes": codes})
        secret = self._services.sign_ins.complete(signed_in, self._browsers.secret())
        self._browsers.remember(response, secret)
        return response

    def _signed_in(self) -> SignedIn | None:
        """Who may have an app here: who has signed in, or lacks nothing but this."""
        secret = self._browsers.secret()
        halfway = self._browsers.halfway(secret)
        if halfway is not None and halfway.lack is Lack.APP:
            return halfway.signed_in
        return self._browsers.visitor(secret)

    def _standing(
        self, person: Person, asked: Mapping[str, str], refusal: AgentAssistError | None = None
    ) -> Response:
        has, left = self._factors.has(person.id), self._factors.recovery_left(person.id)
        return _page("standing", asked, {"has": has, "left": left}, refusal)


def _to_login() -> BaseResponse:
    return redirect(Afterwards(SECOND_FACTOR, popup=False).at("/login"), 303)


def _drawn(offer: Offer) -> Mapping[str, object]:
    """A secret in words and as a picture, which holds no style that our policy would refuse."""
    code = segno.make(offer.address, error="m", micro=False)
    picture = code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True)
    groups = [offer.secret[n : n + 4] for n in range(0, len(offer.secret), 4)]
    return {
        "secret": " ".join(groups),
        "address": offer.address,
        "picture": Markup(picture),  # noqa: S704  nothing but lines is in it
    }


def _page(
    step: str,
    asked: Mapping[str, str],
    shown: Mapping[str, object],
    refusal: AgentAssistError | None = None,
) -> Response:
    after = Afterwards.of(asked)
    page = render_template("second_factor.html", step=step, after=after, refusal=refusal, **shown)
    response = Response(page, 401 if refusal else 200)
    if isinstance(refusal, TooManyAttempts):
        response.status_code = 429
        response.headers["Retry-After"] = str(refusal.seconds)
    return security.with_policy(response, security.FORM)
