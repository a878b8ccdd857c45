"""limits.csv and limits.xlsx: limit rows to a sheet and back."""

from collections.abc import Sequence

from agent_assist.core.ceilings import Ceiling
from agent_assist.core.limits import Effect, LimitRow, Offer
from agent_assist.core.vocabulary import Remedy, Vocabulary
from agent_assist.library.cells import CellFault, format_ceiling, parse_ceiling
from agent_assist.library.columns import Cells, check_columns, condition_cells, tested_facts
from agent_assist.library.faults import Faults
from agent_assist.library.files import Folder
from agent_assist.library.sheets import Record, read_sheet, sheet_name

_REQUIRED = ("row", "issue", "remedy", "effect")
_OPTIONAL = ("priority", "offer", "say", "reason", "effective_from", "effective_to")


def read_limits(folder: Folder, vocabulary: Vocabulary, faults: Faults) -> tuple[LimitRow, ...]:
    """Every row of the folder's limit sheet that can be read; faults are noted by cell."""
    name = sheet_name(folder, "limits", faults)
    sheet = read_sheet(folder, name, faults)
    return () if sheet is None else parse_limits(*sheet, name, vocabulary, faults)


def parse_limits(
    columns: Sequence[str],
    records: Sequence[Record],
    name: str,
    vocabulary: Vocabulary,
    faults: Faults,
) -> tuple[LimitRow, ...]:
    """The rows of a limit sheet that can be read; faults are noted by cell."""
    check_columns(
        columns,
        file=name,
        required=_REQUIRED,
        optional=_OPTIONAL,
        by_level=("ceiling",),
        vocabulary=vocabulary,
        faults=faults,
    )
    seen: set[str] = set()
    rows = (_row(Cells(record, vocabulary, faults), seen) for record in records)
    return tuple(row for row in rows if row is not None)


def limit_sheet(
    rows: Sequence[LimitRow], vocabulary: Vocabulary
) -> tuple[list[str], list[list[str]]]:
    """Header and cells of a sheet that `parse_limits` reads as the same rows."""
    facts = tested_facts((row.conditions for row in rows), vocabulary)
    ceilings = [f"ceiling.{level.key}" for level in vocabulary.levels]
    header = ["row", "priority", "issue", "remedy", "effect", "offer", *facts, *ceilings]
    header += ["say", "reason", "effective_from", "effective_to"]
    return header, [_cells(row, facts, vocabulary) for row in rows]


def _row(cells: Cells, seen: set[str]) -> LimitRow | None:
    before = len(cells.faults.items)
    key = cells.row_key("row", seen)
    issues = cells.keys("issue", cells.vocabulary.issues, "issue")
    remedy = _remedy(cells)
    effect = cells.choice("effect", Effect)
    offer = cells.choice("offer", Offer) if cells.text("offer") else Offer.OFFER
    priority = cells.parse("priority", _priority)
    conditions = cells.conditions()
    ceilings = _ceilings(cells, remedy, effect) if remedy and effect else {}
    say, reason = cells.long_text("say"), cells.long_text("reason")
    first, last = cells.day("effective_from"), cells.day("effective_to")
    if first and last and first > last:
        cells.fault("effective_to", "bad_range", "ends before it begins")
    if len(cells.faults.items) > before or not (remedy and effect and offer):
        return None
    return LimitRow(
        key=key,
        remedy=remedy.key,
        effect=effect,
        offer=offer,
        priority=priority or 0,
        issues=issues,
        conditions=conditions,
        ceilings=ceilings,
        say=say,
        reason=reason,
        effective_from=first,
        effective_to=last,
    )


def _remedy(cells: Cells) -> Remedy | None:
    key = cells.text("remedy")
    if key not in cells.vocabulary.remedies:
        message = f"{key[:64]!r} is not one of the remedies"
        cells.fault_unknown("remedy", "unknown_remedy", message, "remedies.toml", key)
        return None
    return cells.vocabulary.remedies[key]


def _ceilings(cells: Cells, remedy: Remedy, effect: Effect) -> dict[str, Ceiling]:
    facts, currency = cells.vocabulary.facts, cells.currency
    ceilings = cells.by_level(
        "ceiling", lambda text: parse_ceiling(text, remedy.unit, facts, currency)
    )
    if effect is Effect.DENY and ceilings:
        level = next(iter(ceilings))
        cells.fault(f"ceiling.{level}", "ceiling_on_deny", "a deny row allows nothing; empty it")
    if effect is Effect.ALLOW and not ceilings and not _has_faulty_ceiling(cells):
        cells.fault("effect", "no_ceiling", "an allow row needs a ceiling for at least one level")
    return ceilings


def _has_faulty_ceiling(cells: Cells) -> bool:
    return any(cells.text(f"ceiling.{level.key}").strip(" -") for level in cells.vocabulary.levels)


def _priority(text: str) -> int:
    if text == "":
        return 0
    try:
        priority = int(text)
    except ValueError:
        raise CellFault("must be a whole number, or empty for 0") from None
    if not -1000 <= priority <= 1000:
        raise CellFault("must lie between -1000 and 1000")
    return priority


def _cells(row: LimitRow, facts: Sequence[str], vocabulary: Vocabulary) -> list[str]:
    unit, currency = vocabulary.remedies[row.remedy].unit, vocabulary.currency
    return [
        row.key,
        str(row.priority) if row.priority else "",
        ", ".join(key for key in vocabulary.issues if key in row.issues),
        row.remedy,
        row.effect,
        row.offer,
        *condition_cells(row.conditions, facts, vocabulary),
        *(
            format_ceiling(row.ceilings.get(level.key), unit, currency)
            for level in vocabulary.levels
        ),
        row.say,
        row.reason,
        row.effective_from.isoformat() if row.effective_from else "",
        row.effective_to.isoformat() if row.effective_to else "",
    ]
