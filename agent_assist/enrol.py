"""Enrol: people are added, changed, deactivated, and stood in for."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple, TypedDict, Unpack

from agent_assist.core.errors import FieldProblem, Forbidden, InvalidInput
from agent_assist.core.ids import same_form
from agent_assist.core.people import (
    OPERATOR,
    Delegation,
    Editor,
    Person,
    above_lowest,
    check_acting,
    check_level,
    whose_requests,
)
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.store.people import ANYBODY, PeopleStore, Whom

_LONGEST = 200


class Absences(NamedTuple):
    """Who is away on a day or later, by the first day, and all who could stand in."""

    today: date
    delegations: tuple[Delegation, ...]
    deciders: tuple[Person, ...]


class Changes(TypedDict, total=False):
    """What is to become of a person; what is left out or None stays."""

    name: str | None
    level: str | None
    team: str | None
    customer: str | None
    active: bool | None
    admin: bool | None


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

    def add(self, person: Person, by: str, editor: Editor = OPERATOR) -> Person:
        """Add a person.

        Raises:
            InvalidInput: names all that is wrong, and an id that is known.
            AdministratorsAlone: as `Editor.check`.
        """
        _check(person, self._vocabulary().ladder)
        editor.check(None, person)
        self._store.add(person, by)
        return person

    def change(
        self, person_id: str, by: str, editor: Editor = OPERATOR, **given: Unpack[Changes]
    ) -> Person:
        """Change what is given of a person, and leave the rest.

        Raises:
            NotFound: nobody is known under the id.
            InvalidInput: names all that is wrong with what they would become.
            OwnStanding, AdministratorsAlone: as `Editor.check`.
            LastAdministrator: nobody would be left who is one.
        """
        changes = {key: value for key, value in given.items() if value is not None}
        # Looked up before: whatever is asked within the change would be asked of its session.
        ladder = self._vocabulary().ladder

        def edit(person: Person) -> Person:
            changed = replace(person, **changes)  # type: ignore[arg-type]  # each is its field's
            if changed.active:
                _check(changed, ladder)
            editor.check(person, changed)
            return changed

        return self._store.change(person_id, edit, by)

    def page(self, *, limit: int, after: str | None, wanted: Whom = ANYBODY) -> tuple[Person, ...]:
        """Some of the people, in the order of their ids, from the first after `after`."""
        return self._store.page(limit=limit, after=after, wanted=wanted)

    def find(self, person_id: str) -> Person | None:
        """Who is known under an id, active or not; None for nobody."""
        return self._store.find(person_id)

    def delegate(self, delegation: Delegation, by: str) -> None:
        """Somebody who decides will be away, and another stands in, beside what was said before.

        Raises:
            as `be_away`.
        """
        self._check_absence(delegation, "")
        self._store.delegate(delegation, by)

    def be_away(self, delegation: Delegation, by: str) -> None:
        """Somebody who decides is away, and says who stands in, instead of whatever they said.

        Raises:
            UnknownPerson: nobody active is known under their id.
            LevelTooLow: they decide on nothing, so nobody needs to stand in.
            InvalidInput: the days run backwards or are over; or the substitute is themselves, not
                known, not active, or decides on nothing that is asked of them.
        """
        self._check_absence(delegation, "/")
        self._store.replace_delegations(delegation, by)

    def _check_absence(self, delegation: Delegation, root: str) -> None:
        vocabulary = self._vocabulary()
        ladder = vocabulary.ladder
        person = check_acting(self._store.find(delegation.person))
        check_level(person, above_lowest(ladder), ladder)
        problems = _delegation_problems(delegation, root)
        if delegation.last < vocabulary.day(self._now()):
            problems.append(
                FieldProblem(f"{root}last", "out_of_range", "is over: give a later day")
            )
        if not _stands_in(self._store.find(delegation.substitute), person, ladder):
            detail = "must be active, and decide for the same team or for every team"
            problems.append(FieldProblem(f"{root}substitute", "cannot_stand_in", detail))
        if problems:
            raise InvalidInput(problems)

    def absences(self) -> Absences:
        """Who is away today or later, and who could stand in."""
        vocabulary = self._vocabulary()
        today = vocabulary.day(self._now())
        levels = vocabulary.ladder[vocabulary.ladder.index(above_lowest(vocabulary.ladder)) :]
        return Absences(today, self._store.delegations_from(today), self._store.active_at(levels))

    def end_delegations(self, person_id: str, by: str) -> int:
        """Nobody stands in for a person any more; gives how many delegations that ended."""
        return self._store.end_delegations(person_id, by)

    def substitutes(self) -> dict[str, str]:
        """Who stands in today, by whom they stand in for."""
        today = self._vocabulary().day(self._now())
        # The newest comes first, and is the one that counts.
        return {one.person: one.substitute for one in reversed(self._store.delegations(today))}


def _delegation_problems(delegation: Delegation, root: str = "") -> list[FieldProblem]:
    """What no delegation can be."""
    problems = []
    if delegation.person == delegation.substitute:
        detail = "is the same person: somebody else must stand in"
        problems.append(FieldProblem(f"{root}substitute", "same_person", detail))
    if delegation.last < delegation.first:
        problems.append(FieldProblem(f"{root}last", "out_of_range", "is before the first day"))
    return problems


def _stands_in(substitute: Person | None, person: Person, ladder: Sequence[str]) -> bool:
    """Whether somebody decides on what is asked of a person's team."""
    try:
        substitute = check_acting(substitute)
        check_level(substitute, above_lowest(ladder), ladder)
    except Forbidden:
        return False
    return whose_requests(substitute, ladder).covers(None, person.team)


def _check(person: Person, ladder: Sequence[str]) -> None:
    """Refuse what a person cannot be; InvalidInput names all that is wrong."""
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
    if person.level not in ladder:
        detail = f"must be one of {', '.join(ladder)}"
        problems.append(FieldProblem("level", "unknown_level", detail))
    if problems:
        raise InvalidInput(problems)
