"""/invitation: who was invited chooses a password."""

from flask import Response, render_template, request

from agent_assist.admit.invitations import InvitationRefused
from agent_assist.core.errors import InvalidInput
from agent_assist.web import security
from agent_assist.web.admission import OWN_FORM
from agent_assist.web.pages import Pages
from agent_assist.web.services import Services


def register(pages: Pages, services: Services) -> None:
    """Add the page. The link's secret stands after the `#`, which browsers keep to themselves."""

    def invitation() -> Response:
        return _page()

    def accept() -> Response:
        secret, password = request.form.get("invitation", ""), request.form.get("password", "")
        if password != request.form.get("again", ""):
            return _page(422, refusal="the two passwords are not the same", secret=secret)
        try:
            person = services.invitations.accept(secret, password)
        except InvitationRefused as refusal:
            return _page(401, refusal=str(refusal))
        except InvalidInput as refusal:
            return _page(422, refusal=f"the password {_faults(refusal)}", secret=secret)
        return _page(person=person.id)

    pages.add("/invitation", "invitation", invitation)
    pages.add("/invitation", "accept_invitation", accept, method="POST", admits=OWN_FORM)


def _page(status: int = 200, **told: str) -> Response:
    page = Response(render_template("invitation.html", **told), status)
    return security.with_policy(page, security.FORM)


def _faults(refusal: InvalidInput) -> str:
    return "; ".join(problem.detail for problem in refusal.problems)
