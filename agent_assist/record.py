"""Record: contacts as the CRM describes them, and how they ended."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from agent_assist.core.contact import Contact
from agent_assist.core.errors import FieldProblem, InvalidInput
from agent_assist.core.outcomes import Ending
from agent_assist.core.people import EVERYTHING, Sight
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.live import Snapshot
from agent_assist.store.contacts import Answer, ContactRecord, ContactStore
from agent_assist.store.once import Once, StoredAnswer

_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
AHEAD = timedelta(minutes=5)
"""What a time may lie ahead: a CRM's clock may be faster than ours."""


class Recorder:
    """Keeps contacts and their outcomes; never what a customer said.

    Args:
        store: where they are kept.
        now: gives the aware present.
    """

    def __init__(self, store: ContactStore, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def put(self, snapshot: Snapshot, contact: Contact, sight: Sight = EVERYTHING) -> ContactRecord:
        """Keep a contact as it is described now, in place of any earlier description.

        Raises:
            InvalidInput: issues that the library does not have, or that are named twice; times
                that lie ahead, long ago, or in the wrong order.
            OtherTeam: as `ContactStore.put`.
        """
        problems = contact_faults(contact, snapshot.vocabulary, self._now())
        if problems:
            raise InvalidInput(problems)
        return self._store.put(contact, sight)

    def find(self, external_id: str, sight: Sight = EVERYTHING) -> ContactRecord:
        """A contact with its outcomes; NotFound if none with that id is in sight."""
        return self._store.find(external_id, sight)

    def known(self, external_id: str, sight: Sight = EVERYTHING) -> ContactRecord | None:
        """A contact with its outcomes; None if none with that id is in sight."""
        return self._store.known(external_id, sight)

    def end(
        self,
        external_id: str,
        ending: Ending,
        by: str,
        once: Once,
        answer: Answer,
        *,
        sight: Sight = EVERYTHING,
    ) -> StoredAnswer:
        """Add an outcome to a contact in sight; errors as `ContactStore.end`."""
        return self._store.end(external_id, ending, by, once, answer, sight)


def contact_faults(contact: Contact, vocabulary: Vocabulary, now: datetime) -> list[FieldProblem]:
    """What is wrong with a contact as it is described: its issues, its times."""
    return [*_of_issues(contact, vocabulary), *_of_times(contact, now + AHEAD)]


def _of_issues(contact: Contact, vocabulary: Vocabulary) -> list[FieldProblem]:
    problems = []
    for number, issue in enumerate(contact.issues):
        if issue not in vocabulary.issues:
            detail = "is not an issue of this library; GET /v1/issues lists them"
            problems.append(FieldProblem(f"/issues/{number}", "unknown_issue", detail))
        elif issue in contact.issues[:number]:
            problems.append(FieldProblem(f"/issues/{number}", "duplicate", "is named twice"))
    return problems


def _of_times(contact: Contact, latest: datetime) -> list[FieldProblem]:
    times = {"/opened_at": contact.opened_at}
    if contact.closed_at is not None:
        times["/closed_at"] = contact.closed_at
    problems = [
        FieldProblem(pointer, "out_of_range", "must lie after 1999, and not in the future")
        for pointer, at in times.items()
        if not _EARLIEST <= at <= latest
    ]
    if contact.closed_at is not None and contact.closed_at < contact.opened_at:
        detail = "must not be before opened_at"
        problems.append(FieldProblem("/closed_at", "out_of_order", detail))
    return problems
