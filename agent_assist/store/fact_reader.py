"""Facts of many kept cases: a value that was read once is not read again."""

from collections.abc import Hashable, Mapping
from typing import Any

from agent_assist.core.facts import Facts, FactType, FactValue, read_facts
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.store.ledger.records import raw_facts

_FORMS: Mapping[FactType, type] = {
    FactType.CHOICE: str,
    FactType.INTEGER: int,
    FactType.MONEY: dict,
    FactType.BOOLEAN: bool,
    FactType.DATE: str,
}


class FactReader:
    """Reads the facts of cases that one library decided.

    Args:
        vocabulary: the library's.
        remember: how many values of each fact to remember at most.
    """

    def __init__(self, vocabulary: Vocabulary, *, remember: int = 10_000) -> None:
        self._vocabulary = vocabulary
        self._values = {key: _Values(vocabulary, key, remember) for key in vocabulary.facts}

    def read(self, kept: Mapping[str, Any]) -> Facts:
        """Typed facts, from JSON as `store.ledger.records.write_facts` writes it.

        Raises:
            InvalidInput: as `core.facts.read_facts`.
        """
        facts: dict[str, FactValue] = {}
        for key, value in kept.items():
            values = self._values.get(key)
            # By its form first: 1, 1.0 and true would be found as each other.
            if values is None or type(value) is not values.form:
                return _read(kept, self._vocabulary)
            facts[key] = values[tuple(value.items()) if isinstance(value, dict) else value]
        return facts


class _Values(dict[Hashable, FactValue]):
    """The values of a fact that were read, by what they were read from.

    Attributes:
        form: the only type that JSON has them as.
    """

    def __init__(self, vocabulary: Vocabulary, fact: str, remember: int) -> None:
        super().__init__()
        self.form = _FORMS[vocabulary.facts[fact].type]
        self._vocabulary = vocabulary
        self._fact = fact
        self._remember = remember

    def __missing__(self, kept: Any) -> FactValue:
        if len(self) >= self._remember:
            self.clear()
        value = dict(kept) if isinstance(kept, tuple) else kept
        read = self[kept] = _read({self._fact: value}, self._vocabulary)[self._fact]
        return read


def _read(kept: Mapping[str, Any], vocabulary: Vocabulary) -> Facts:
    return read_facts(raw_facts(kept), vocabulary.facts, vocabulary.currency)
