"""Sessions: a one-time code becomes a panel that acts as its person, for a shift at most."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent_assist.admit.callers import Caller
from agent_assist.admit.keys import short_id
from agent_assist.admit.pepper import Pepper, new_secret
from agent_assist.core.errors import Unauthenticated
from agent_assist.core.ids import SESSION
from agent_assist.core.people import Person
from agent_assist.core.proofs import Means
from agent_assist.store.accounts import SignedIn
from agent_assist.store.sessions import NewSecrets, OpenedAt, OpenSession, SessionStore

CODE_LIFE = timedelta(seconds=60)
TOKEN_LIFE = timedelta(minutes=15)
SESSION_LIFE = timedelta(hours=12)
"""A long shift; then the person signs in, or their CRM launches the panel, once more."""

BEARER = "aas_"
"""A session's token begins with it, an API key never does."""

CODE = "aac_"
_RENEWAL = "aar_"
_REFUSED = "the session has ended, or never was: open the panel again, or sign in"
_CODE_REFUSED = "the code was used, is older than a minute, or never was: open the panel again"


@dataclass(frozen=True, slots=True)
class Opened:
    """A session with the secrets that are handed out this once."""

    session: OpenSession
    token: str
    renewal: str


class Sessions:
    """Gives out codes, turns them into sessions, and recognises these.

    Args:
        store: where hashes are kept.
        pepper: what secrets are hashed with.
        allows: which sessions were opened by enough for what their person may do; others have
            ended to whoever asks.
    """

    def __init__(
        self,
        store: SessionStore,
        pepper: Pepper,
        allows: Callable[[OpenSession], bool] = lambda _: True,
    ) -> None:
        self._store = store
        self._pepper = pepper
        self._allows = allows

    def asking(self, allows: Callable[[OpenSession], bool]) -> "Sessions":
        """The same, where only some sessions were opened by enough."""
        return Sessions(self._store, self._pepper, allows)

    def code_for(
        self,
        person: Person,
        host: str | None,
        means: Means = Means.PASSWORD,
        proved_at: datetime | None = None,
    ) -> str:
        """A code that opens one session as a person within a minute, in a host (None: our page).

        They have come by some means, and showed at `proved_at` (None: just now) who they are.
        """
        code = new_secret(CODE)
        self._store.leave_code(
            self._pepper.hash(code), person.id, host, CODE_LIFE, means=means, proved_at=proved_at
        )
        return code

    def code_of(self, signed_in: SignedIn, host: str | None) -> str:
        """As `code_for`, as who has signed in in a browser."""
        proof = signed_in.proof
        return self.code_for(signed_in.person, host, proof.means, proof.at)

    def begin(self, code: str) -> Opened:
        """The session that a code becomes.

        Raises:
            Unauthenticated: the code is unknown, used or too old, or its person left.
        """
        token, renewal = new_secret(BEARER), new_secret(_RENEWAL)
        session_id = SESSION + short_id()
        found = self._store.begin(
            self._pepper.hash(code), session_id, self._hashed(token, renewal), SESSION_LIFE
        )
        if found is None or not self._allows(found):
            raise Unauthenticated(_CODE_REFUSED)
        return Opened(found, token, renewal)

    def renew(self, renewal: str) -> Opened:
        """A session's next token and renewal; a renewal that comes twice ends the session.

        Raises:
            Unauthenticated: the renewal is unknown or was used, or the session has ended.
        """
        token, following = new_secret(BEARER), new_secret(_RENEWAL)
        found = self._store.renew(self._pepper.hash(renewal), self._hashed(token, following))
        if found is None or not self._allows(found):
            raise Unauthenticated(_REFUSED)
        return Opened(found, token, following)

    def authenticate(self, token: str) -> OpenSession:
        """The session that a token belongs to.

        Raises:
            Unauthenticated: the token is unknown or too old, the session ended, or its person
                was deactivated, or by now needs more than it was opened by.
        """
        found = self._store.find(self._pepper.hash(token))
        if found is None or not self._allows(found):
            raise Unauthenticated(_REFUSED)
        return found

    def again(self, session_id: str) -> OpenSession | None:
        """A session as it stands now, with its person; None once it ended, or they left."""
        found = self._store.find_open(session_id)
        return found if found is not None and self._allows(found) else None

    def prove(self, caller: Caller) -> datetime:
        """Remember that a caller has just shown who they are; gives when; NotFound if it ended."""
        return self._store.prove(caller.key_id, caller.actor)

    def end(self, caller: Caller) -> None:
        """End a caller's session; NotFound if it has ended."""
        self._store.end(caller.key_id, caller.actor)

    def open_to(self, person: str) -> tuple[OpenedAt, ...]:
        """What is open to a person now, newest first."""
        return self._store.of_person(person)

    def end_all(self, person: str, by: str) -> int:
        """End all that is open to a person, at once; gives how many; NotFound for nobody."""
        return self._store.end_all(person, by)

    def purge(self) -> None:
        """Delete what nobody can use any more."""
        self._store.purge(SESSION_LIFE * 2)

    def _hashed(self, token: str, renewal: str) -> NewSecrets:
        return NewSecrets(self._pepper.hash(token), self._pepper.hash(renewal), TOKEN_LIFE)
