"""What a review finds: a stable code, how serious it is, the rows, and what to do about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from agent_assist.core.facts import Facts, FactValue
from agent_assist.core.limits import LimitRow


class Severity(StrEnum):
    """How serious a finding is, the most serious first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Code(StrEnum):
    """The stable codes, in the order in which findings of one severity are listed.

    Sentences of rows have the codes of whoever reads them, such as `amount_in_say`.
    """

    NEVER_MET = "never_met"
    CONTRADICTION = "contradiction"
    LADDER_FALLS = "ladder_falls"
    SAY = "say"
    CONFLICT = "conflict"
    GAP = "gap"
    UNREACHABLE = "unreachable"
    OVER_BUDGET = "over_budget"
    LADDER_MAY_FALL = "ladder_may_fall"
    DUPLICATE = "duplicate"
    REDUNDANT = "redundant"
    EXPIRES = "expires"
    NOT_SETTLED = "not_settled"
    PAST = "past"
    UNCOVERED = "uncovered"


@dataclass(frozen=True, slots=True)
class Case:
    """A case that shows a finding: the least that must be known for the engine to decide it.

    Attributes:
        day: the calendar day; None where any day will do.
    """

    issue: str
    remedy: str
    facts: Mapping[str, FactValue]
    day: date | None = None


@dataclass(frozen=True, slots=True)
class PastCase:
    """What a rep asked about, and how often."""

    issue: str
    remedy: str
    level: str
    facts: Facts
    count: int = 1


@dataclass(frozen=True, slots=True)
class Detail:
    """What a finding says.

    Attributes:
        message: a sentence or two that tell a supervisor what is so and what to do.
        case: a case that shows it.
        proposal: a row that settles it, ready to be added; giving never grows by it.
    """

    message: str
    case: Case | None = None
    proposal: LimitRow | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at.

    Attributes:
        rows: keys of the rows it is about, in the order the message names them; may be empty.
        told: what it says, or how that is worked out: of tens of thousands few are read.
        count: how many past cases fall under it.
        column: the cell of the first row that it is about; empty for the whole row.
    """

    code: str
    severity: Severity
    rows: tuple[str, ...]
    told: Detail | Callable[["Finding"], Detail]
    count: int = 0
    column: str = ""

    @property
    def detail(self) -> Detail:
        """What it says; of a table that is being edited, as it is now."""
        return self.told if isinstance(self.told, Detail) else self.told(self)

    @property
    def message(self) -> str:
        """A sentence or two that tell a supervisor what is so and what to do."""
        return self.detail.message

    @property
    def case(self) -> Case | None:
        """A case that shows it."""
        return self.detail.case

    @property
    def proposal(self) -> LimitRow | None:
        """A row that settles it, ready to be added; giving never grows by it."""
        return self.detail.proposal


_SEVERITIES = {severity: rank for rank, severity in enumerate(Severity)}
_CODES = {str(code): rank for rank, code in enumerate(Code)}


def weight(finding: Finding) -> tuple[int, int, int, tuple[str, ...]]:
    """What findings are sorted by: serious first, then by kind, frequent first, by row."""
    kind = _CODES.get(finding.code, _CODES[Code.SAY])
    return _SEVERITIES[finding.severity], kind, -finding.count, finding.rows
