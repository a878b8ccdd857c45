"""Enrol: people are added, changed, deactivated, and stood in for."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from agent_assist.core.errors import FieldProblem, InvalidInput
from agent_assist.core.ids import same_form
from agent_assist.core.people import Delegation, Person
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.store.people import PeopleStore

_LONGEST = 200


class Roster:
    """The people whom the server knows.

    Args:
        store: where they are kept.
        vocabulary: gives the live library's.
        now: gives the aware present.
    """

    def __init__(
        self,
        store: PeopleStore,
        *,
        vocabulary: Callable[[], Vocabulary],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._vocabulary = vocabulary
        self._now = now

    def add(self, person: Person, by: str) -> Person:
        """Add a person; InvalidInput names all that is wrong, and an id that is known."""
        self._check(person)
        self._store.add(person, by)
        return person

    def change(
        self,
        person_id: str,
        by: str,
        *,
        name: str | None = None,
        level: str | None = None,
        team: str | None = None,
        customer: str | None = None,
        active: bool | None = None,
    ) -> Person:
        """Change what is given of a person, and leave the rest.

        Raises:
            NotFound: nobody is known under the id.
            InvalidInput: names all that is wrong with what they would become.
        """
        given = {
            "name": name,
            "level": level,
            "team": team,
            "customer": customer,
            "active": active,
        }
        changes = {key: value for key, value in given.items() if value is not None}

        def edit(person: Person) -> Person:
            changed = replace(person, **changes)  # type: ignore[arg-type]  # each is its field's
            if changed.active:
                self._check(changed)
            return changed

        return self._store.change(person_id, edit, by)

    def page(self, *, limit: int, after: str | None) -> tuple[Person, ...]:
        """People in the order of their ids, from the first after `after`."""
        return self._store.page(limit=limit, after=after)

    def find(self, person_id: str) -> Person | None:
        """Who is known under an id, active or not; None for nobody."""
        return self._store.find(person_id)

    def delegate(self, delegation: Delegation, by: str) -> None:
        """Let somebody stand in for a person.

        Raises:
            InvalidInput: a person would stand in for themselves, or the days run backwards.
            NotFound: one of the two is not known.
        """
        problems = []
        if delegation.person == delegation.substitute:
            detail = "is the same person: somebody else must stand in"
            problems.append(FieldProblem("substitute", "same_person", detail))
        if delegation.last < delegation.first:
            problems.append(FieldProblem("last", "out_of_range", "is before the first day"))
        if problems:
            raise InvalidInput(problems)
        self._store.delegate(delegation, by)

    def end_delegations(self, person_id: str, by: str) -> int:
        """Nobody stands in for a person any more; gives how many delegations that ended."""
        return self._store.end_delegations(person_id, by)

    def substitutes(self) -> dict[str, str]:
        """Who stands in today, by whom they stand in for."""
        today = self._vocabulary().day(self._now())
        # The newest comes first, and is the one that counts.
        return {one.person: one.substitute for one in reversed(self._store.delegations(today))}

    def _check(self, person: Person) -> None:
        levels = [level.key for level in self._vocabulary().levels]
        texts = {"id": person.id, "name": person.name, "team": person.team}
        if person.customer is not None:
            texts["customer"] = person.customer
        problems = [
            FieldProblem(key, "wrong_form", f"must be 1 to {_LONGEST} visible characters")
            for key, text in texts.items()
            if not text.strip()
            or len(text) > _LONGEST
            or not text.isprintable()
            # The wire brings ids into this form, and would never find another.
            or (key in ("id", "customer") and text != same_form(text).strip())
        ]
        if person.level not in levels:
            detail = f"must be one of {', '.join(levels)}"
            problems.append(FieldProblem("level", "unknown_level", detail))
        if problems:
            raise InvalidInput(problems)
