"""Step-up: before acts that are worth stealing a session for, its person shows who they are."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from agent_assist.admit.callers import Caller
from agent_assist.admit.second_factors import CodeRefused, SecondFactors
from agent_assist.admit.sessions import Sessions
from agent_assist.admit.sign_ins import SignInRefused, SignIns
from agent_assist.core.errors import FieldProblem, Forbidden, InvalidInput
from agent_assist.core.proofs import Means
from agent_assist.store.sessions import OpenSession

Shown = Literal["password", "code", "provider"]


class StepUpRequired(Forbidden):
    """A session's person has to show who they are; `how` says by what."""

    code = "step_up_required"

    def __init__(self, how: Sequence[Shown]) -> None:
        self.how = tuple(how)
        by = "send your " + " and your ".join(how) + " to `POST /v1/sessions/current/proof`"
        if "provider" in how:
            by = "sign in again at your identity provider"
        super().__init__(f"show once more who you are: {by}, then do this again")


class ProofRefused(Forbidden):
    """What was sent as proof is not good."""

    code = "proof_refused"

    def __init__(self, why: str) -> None:
        super().__init__(why)


class StepUp:
    """Asks sessions for proof, and takes it.

    Args:
        sessions: remember it.
        sign_ins, second_factors: know what is genuine.
        within: how long proof counts.
    """

    def __init__(
        self,
        sessions: Sessions,
        sign_ins: SignIns,
        second_factors: SecondFactors,
        within: timedelta,
    ) -> None:
        self._sessions = sessions
        self._sign_ins = sign_ins
        self._second_factors = second_factors
        self._within = within

    def check(self, session: OpenSession) -> None:
        """Refuse a session whose person showed too long ago who they are.

        Raises:
            StepUpRequired: says how to. Nobody simulated is asked: they have nothing to show.
        """
        if session.means is not Means.DEMO and session.unproved >= self._within:
            raise StepUpRequired(self._how(session))

    def prove(self, caller: Caller, session: OpenSession, password: str, code: str) -> datetime:
        """Take the proof of a session's person; gives until when it counts.

        Raises:
            InvalidInput: a code is needed as well.
            ProofRefused: the password or the code is wrong.
            TooManyAttempts: several failed; this one was not looked at.
            NotReady: too many are being looked at.
        """
        person = session.person.id
        needs_code = self._second_factors.has(person)
        if needs_code and not code.strip():
            raise InvalidInput([FieldProblem("/code", "missing", "give a code of your app")])
        try:
            self._sign_ins.check(person, password)
            if needs_code:
                self._second_factors.check(person, code)
        except SignInRefused:
            raise ProofRefused("the password is wrong") from None
        except CodeRefused as refusal:
            raise ProofRefused(str(refusal)) from None
        return self._sessions.prove(caller) + self._within

    def _how(self, session: OpenSession) -> tuple[Shown, ...]:
        if session.means in (Means.PROVIDER, Means.PROVIDER_SECOND):
            return ("provider",)
        has_app = self._second_factors.has(session.person.id)
        return ("password", "code") if has_app else ("password",)
