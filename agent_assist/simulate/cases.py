"""What is known in a contact: facts that fit its issue, drawn from what the limit rows test."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from random import Random
from statistics import median_high

from agent_assist.core.ceilings import Fixed, PerCount, ShareOf
from agent_assist.core.conditions import Conditions, Is, Test, Within
from agent_assist.core.facts import AmountText, Fact, Facts, FactType, FactValue, RawValue
from agent_assist.core.limits import LimitRow
from agent_assist.core.money import Money
from agent_assist.core.vocabulary import Vocabulary

_OF_CUSTOMER = "customer."
"""Facts that begin so are the customer's, and the same in all their contacts."""
_KNOWN = 0.97
"""The share of facts that a rep knows."""
_FITTING = 0.8
"""The share of cases that some limit row is about."""
_OFTEN = 8
_YES = 0.2
_ORDINARY = "40"
"""An amount of money, where a library says nothing of an amount's size."""


class CaseBook:
    """Draws the facts of contacts.

    Args:
        vocabulary: the library's.
        rows: of its limit table.
        seed: decides what is true of each customer.
        often: a row that more cases are about than others; None for none.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        rows: Iterable[LimitRow],
        seed: int,
        *,
        often: LimitRow | None = None,
    ) -> None:
        self._often = often
        self._vocabulary = vocabulary
        self._rows = tuple(sorted(rows, key=lambda row: row.key))
        self._seed = seed
        self._usual = Money.parse(_ORDINARY, vocabulary.currency).minor
        self._sizes = self._find_sizes()
        self._asked_about: dict[str, frozenset[str]] = {}

    def facts(
        self, issue: str, customer: str, day: date, random: Random
    ) -> tuple[dict[str, RawValue], int]:
        """What is known of a case, as a CRM sends it, and how much money it is about.

        The second is in minor units: the largest amount among the facts, or an ordinary one.
        """
        about = [row for row in self._rows if issue in row.issues]
        asked = self._asked(issue)
        values = self._of_customer(customer, day)
        fitting = [row for row in about if _may_meet(row, values)]
        tested: Conditions = {}
        if fitting and random.random() < _FITTING:
            shares = [_OFTEN if row is self._often else 1 for row in fitting]
            tested = random.choices(fitting, shares)[0].conditions
        # In the order of the library's facts, so that a draw depends on nothing else.
        for key, fact in self._vocabulary.facts.items():
            if key not in values and key in asked:
                values[key] = self._draw(fact, tested.get(key), day, random)
        amounts = [value.minor for value in values.values() if isinstance(value, Money)]
        known = {key: value for key, value in values.items() if random.random() < _KNOWN}
        return {key: _raw(value) for key, value in known.items()}, max(amounts, default=self._usual)

    def _asked(self, issue: str) -> frozenset[str]:
        """Facts that some row about an issue, or about any, depends on."""
        asked = self._asked_about.get(issue)
        if asked is None:
            about = (row for row in self._rows if issue in row.issues or not row.issues)
            asked = frozenset(key for row in about for key in (*row.conditions, *row.bases()))
            self._asked_about[issue] = asked
        return asked

    def _of_customer(self, customer: str, day: date) -> dict[str, FactValue]:
        random = Random(f"{self._seed}/customer/{customer}")  # noqa: S311 - a simulation
        return {
            key: self._draw(fact, None, day, random)
            for key, fact in self._vocabulary.facts.items()
            if key.startswith(_OF_CUSTOMER)
        }

    def _draw(self, fact: Fact, test: Test | None, day: date, random: Random) -> FactValue:
        """A value of a fact; one that the test accepts, if there is one."""
        match fact.type:
            case FactType.CHOICE:
                accepted = [one for one in fact.choices if test is None or test.accepts(one)]
                shares = [1 / (1 + fact.choices.index(one)) for one in accepted]
                return random.choices(accepted, shares)[0]
            case FactType.BOOLEAN:
                return test.answer if isinstance(test, Is) else random.random() < _YES
            case FactType.DATE:
                before = day - timedelta(days=int(random.expovariate(1 / 10)))
                return date.fromordinal(_within(before.toordinal(), None, None, test, random))
            case FactType.MONEY:
                drawn = round(self._sizes[fact.key] * random.lognormvariate(-0.4, 0.7))
                return Money(_within(drawn, 1, None, test, random), self._vocabulary.currency)
            case FactType.INTEGER:
                drawn = int(random.expovariate(1 / max(self._sizes[fact.key], 1)))
                return _within(drawn, fact.least, fact.most, test, random)

    def _find_sizes(self) -> Mapping[str, int]:
        """An ordinary size of each number and amount: where the table draws its lines."""
        lines: dict[str, list[int]] = {}
        for row in self._rows:
            for key, test in row.conditions.items():
                if isinstance(test, Within):
                    lines.setdefault(key, []).extend(b for b in (test.low, test.high) if b)
            for ceiling in row.ceilings.values():
                most = [term.amount for term in ceiling.terms if isinstance(term, Fixed)]
                for term in ceiling.terms:
                    if isinstance(term, ShareOf):
                        lines.setdefault(term.base, []).extend([*most, term.most or 0])
                    if isinstance(term, PerCount) and term.most:
                        lines.setdefault(term.count, []).append(term.most // max(term.amount, 1))
        ordinary = {FactType.MONEY: self._usual, FactType.INTEGER: 2}
        return {
            key: median_high([line for line in lines.get(key, ()) if line] or [ordinary[fact.type]])
            for key, fact in self._vocabulary.facts.items()
            if fact.type in ordinary
        }


def _may_meet(row: LimitRow, values: Facts) -> bool:
    """True unless what is known of the customer keeps the row from being met."""
    return all(test.accepts(values[key]) for key, test in row.conditions.items() if key in values)


def _raw(value: FactValue) -> RawValue:
    match value:
        case Money():
            return AmountText(str(value), value.currency)
        case date():
            return value.isoformat()
    return value


def _within(
    drawn: int, low: int | None, high: int | None, test: Test | None, random: Random
) -> int:
    """What was drawn, moved to where a test accepts it."""
    if isinstance(test, Within):
        low = max((b for b in (low, test.low) if b is not None), default=None)
        high = min((b for b in (high, test.high) if b is not None), default=None)
    if low is not None and drawn < low:
        drawn = low + int(random.expovariate(1 / max(abs(low), 1))) // 2
    return drawn if high is None else min(drawn, high)
