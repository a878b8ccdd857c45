"""What a caller says of a contact beside the customer's words, read against the library."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent_assist.core.errors import FieldProblem, InvalidInput
from agent_assist.core.facts import MOST, Facts, RawValue, read_facts
from agent_assist.core.grants import Parties
from agent_assist.core.vocabulary import Unit, Vocabulary
from agent_assist.library.cells import CellFault, parse_amount


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Who asks, about whom. Ids are the CRM's; they change an answer by what was granted to them.

    Attributes:
        level: as the caller may state it; None for the lowest of the ladder. It counts, as the
            team does, where the server does not know the rep.
    """

    facts: Mapping[str, RawValue] = field(default_factory=dict)
    level: str | None = None
    rep: str | None = None
    customer: str | None = None
    order: str | None = None
    contact: str | None = None
    team: str | None = None
    channel: str | None = None
    locale: str | None = None
    key: str | None = None

    def parties(self) -> Parties:
        """Whose budgets count."""
        return Parties(self.contact, self.order, self.customer, self.rep, self.team)


@dataclass(frozen=True, slots=True)
class StatedAmount:
    """How much of a remedy somebody states.

    Attributes:
        text: a decimal number, a percentage without its sign.
        unit: in which it is stated; None for the remedy's, whichever that is.
        currency: of money, likewise; None for the library's.
    """

    text: str
    unit: Unit | None = None
    currency: str | None = None

    def read(self, unit: Unit, currency: str) -> int:
        """Whole parts of a remedy's unit, at least 1; CellFault says what is wrong with it."""
        if self.unit not in (None, unit):
            raise CellFault(f"must be in the remedy's unit, which is {unit}")
        if self.currency not in (None, currency):
            raise CellFault(f"must be in {currency}")
        if self.text != self.text.strip():
            raise CellFault("must have no space before or after it")
        sign = "%" if unit is Unit.PERCENT else ""
        amount = parse_amount(self.text + sign, unit, currency)
        if amount == 0:
            raise CellFault("must be more than 0")
        # Sums of amounts must be numbers that every database has.
        if amount > MOST:
            raise CellFault("is larger than any amount may be")
        return amount


@dataclass(frozen=True, slots=True)
class RemedyAsked:
    """A remedy to decide on, and how much of it; None asks for the most."""

    remedy: str
    amount: StatedAmount | None = None


def read_circumstances(around: Circumstances, vocabulary: Vocabulary) -> tuple[str, Facts]:
    """The level, the lowest unless one is stated, and the typed facts.

    Raises:
        InvalidInput: names every problem of both.
    """
    problems: list[FieldProblem] = []
    facts: Facts = {}
    keys = vocabulary.ladder
    level = keys[0] if around.level is None else around.level
    try:
        facts = read_facts(around.facts, vocabulary.facts, vocabulary.currency)
    except InvalidInput as invalid:
        problems += invalid.problems
    if level not in keys:
        detail = f"must be one of {', '.join(keys)}"
        problems.append(FieldProblem("/rep/level", "unknown_level", detail))
    if problems:
        raise InvalidInput(problems)
    return level, facts


def check_issue(issue: str, vocabulary: Vocabulary) -> None:
    """Refuse an issue that the library does not know (InvalidInput)."""
    if issue not in vocabulary.issues:
        detail = "is not an issue of this library; GET /v1/issues lists them"
        raise InvalidInput([FieldProblem("/issue", "unknown_issue", detail)])


def read_amounts(asked: tuple[RemedyAsked, ...], vocabulary: Vocabulary) -> dict[str, int | None]:
    """How much of each remedy, in whole parts of its unit; None for the most.

    Raises:
        InvalidInput: names every remedy that is unknown or asked for twice, and every bad amount.
    """
    amounts: dict[str, int | None] = {}
    problems: list[FieldProblem] = []
    for index, one in enumerate(asked):
        pointer = f"/remedies/{index}"
        if one.remedy not in vocabulary.remedies:
            detail = "is not a remedy of this library; GET /v1/remedies lists them"
            problems.append(FieldProblem(f"{pointer}/remedy", "unknown_remedy", detail))
        elif one.remedy in amounts:
            problems.append(FieldProblem(f"{pointer}/remedy", "duplicate", "is asked for twice"))
        else:
            try:
                amounts[one.remedy] = _read_amount(one, vocabulary)
            except CellFault as fault:
                problems.append(FieldProblem(f"{pointer}/amount", "bad_amount", str(fault)))
    if problems:
        raise InvalidInput(problems)
    return amounts


def _read_amount(asked: RemedyAsked, vocabulary: Vocabulary) -> int | None:
    if asked.amount is None:
        return None
    return asked.amount.read(vocabulary.remedies[asked.remedy].unit, vocabulary.currency)
