"""The space of all cases: what values each dimension has, rows as boxes, boxes as cases."""

from collections.abc import Mapping
from datetime import date

from agent_assist.core.conditions import Conditions, Is, NoneOf, OneOf, Test, Within
from agent_assist.core.facts import Fact, FactType, FactValue, numbers_of
from agent_assist.core.limits import LimitRow
from agent_assist.core.money import Money
from agent_assist.core.review.amounts import Range
from agent_assist.core.review.boxes import Box, Values, both
from agent_assist.core.review.findings import Case
from agent_assist.core.vocabulary import Vocabulary

# Facts are two words joined by a dot, so these names are free.
ISSUE, DAY = "issue", "day"
_DAYS = (date.min.toordinal(), date.max.toordinal())
_NO, _YES = 1, 2


class Space:
    """The cases that a vocabulary has words for, from a day on.

    Args:
        vocabulary: whatever rows and budgets refer to must be in it (KeyError if not).
        since: earlier days are left out; None for all days.
    """

    def __init__(self, vocabulary: Vocabulary, since: date | None = None) -> None:
        self.vocabulary = vocabulary
        self.everything: dict[str, Values] = {
            ISSUE: (1 << len(vocabulary.issues)) - 1,
            DAY: _DAYS if since is None else (since.toordinal(), _DAYS[1]),
        }
        for key, fact in vocabulary.facts.items():
            self.everything[key] = _all_values(fact, vocabulary.currency)
        self._issues = {key: 1 << place for place, key in enumerate(vocabulary.issues)}
        self._places = {
            key: {choice: 1 << place for place, choice in enumerate(fact.choices)}
            for key, fact in vocabulary.facts.items()
        }
        self._known: dict[tuple[str, Test], Values | None] = {}

    def box(self, row: LimitRow) -> Box | None:
        """The cases that meet the row; None for none."""
        tested = self.conditions(row.conditions)
        days = both(self.everything[DAY], days_of(row))
        if tested is None or days is None:
            return None
        box = {**tested}
        if row.issues:
            box[ISSUE] = self.issues(row)
        if row.effective_from or row.effective_to:
            box[DAY] = days
        return box

    def conditions(self, conditions: Conditions) -> dict[str, Values] | None:
        """The cases that meet all tests; None for none."""
        box: dict[str, Values] = {}
        for fact, test in conditions.items():
            values = self.values(fact, test)
            if values is None:
                return None
            box[fact] = values
        return box

    def values(self, fact: str, test: Test) -> Values | None:
        """The values of a fact that pass a test; None for none."""
        try:
            return self._known[fact, test]
        except KeyError:
            values = _accepted(test, self._places[fact])
            everything = self.everything[fact]
            self._known[fact, test] = found = both(everything, values) if values else None
            return found

    def issues(self, row: LimitRow) -> int:
        """Bits of the issues a row is about."""
        if not row.issues:
            return (1 << len(self._issues)) - 1
        return sum(self._issues[issue] for issue in row.issues)

    def numbers(self, box: Box, fact: str) -> tuple[int, int]:
        """The whole numbers that a number, money or date fact may be in a box."""
        values = box.get(fact, self.everything[fact])
        if isinstance(values, int):
            raise TypeError(f"{fact} has no order")
        return values

    def amounts(self, box: Box) -> Range:
        """The numbers that ceilings are to be compared at; below zero they do not change."""

        def numbers(fact: str) -> tuple[int, int]:
            low, high = self.numbers(box, fact)
            return max(low, min(high, 0)), high

        return numbers

    def case(
        self, box: Box, remedy: str, *, known: Mapping[str, int], bases: frozenset[str]
    ) -> Case:
        """A case of the box, with a value for each of its facts and of `bases`.

        Args:
            box: where the case is from.
            remedy: its remedy.
            known: numbers that are settled already, by fact.
            bases: facts that must have a value even if the box does not speak of them.
        """
        facts: dict[str, FactValue] = {}
        for key, fact in self.vocabulary.facts.items():
            if key in box or key in bases:
                values = box.get(key, self.everything[key])
                facts[key] = self._value(fact, values, known.get(key))
        return Case(self._issue(box), remedy, facts, self._day(box))

    def _issue(self, box: Box) -> str:
        bits = box.get(ISSUE, self.everything[ISSUE])
        return next((key for key, bit in self._issues.items() if _bits(bits) & bit), "")

    def _day(self, box: Box) -> date | None:
        low, high = self.numbers(box, DAY)
        if low > _DAYS[0]:
            return date.fromordinal(low)
        return date.fromordinal(high) if high < _DAYS[1] else None

    def _value(self, fact: Fact, values: Values, known: int | None) -> FactValue:
        if isinstance(values, int):
            if fact.type is FactType.BOOLEAN:
                return not values & _NO
            return next(choice for choice, bit in self._places[fact.key].items() if values & bit)
        number = _simplest(values, fact.type) if known is None else known
        match fact.type:
            case FactType.MONEY:
                return Money(number, self.vocabulary.currency)
            case FactType.DATE:
                return date.fromordinal(number)
            case _:
                return number


def days_of(row: LimitRow) -> tuple[int, int]:
    """The days on which a row is in effect."""
    first, last = row.effective_from, row.effective_to
    return (
        first.toordinal() if first else _DAYS[0],
        last.toordinal() if last else _DAYS[1],
    )


def _all_values(fact: Fact, currency: str) -> Values:
    match fact.type:
        case FactType.CHOICE:
            return (1 << len(fact.choices)) - 1
        case FactType.BOOLEAN:
            return _NO | _YES
        case _:
            return numbers_of(fact, currency)


def _accepted(test: Test, places: Mapping[str, int]) -> Values:
    match test:
        case OneOf(values):
            return sum(places[value] for value in values)
        case NoneOf(values):
            return sum(bit for choice, bit in places.items() if choice not in values)
        case Is(answer):
            return _YES if answer else _NO
        case Within(low, high):
            # Past every number a fact may hold; the space cuts it to what there is.
            return -(1 << 70) if low is None else low, (1 << 70) if high is None else high


def _simplest(values: tuple[int, int], kind: FactType) -> int:
    """The number closest to zero; for dates one that a person may have seen."""
    low, high = values
    natural = date(2000, 1, 1).toordinal() if kind is FactType.DATE else 0
    return min(max(natural, low), high)


def _bits(values: Values) -> int:
    if isinstance(values, int):
        return values
    raise TypeError("issues are a finite list")
