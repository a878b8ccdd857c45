"""limits.csv, limits.xlsx and limits.json: limit rows to a sheet and back."""

from collections.abc import Sequence

from agent_assist.core.ceilings import Ceiling
from agent_assist.core.limits import Effect, LimitRow, Offer
from agent_assist.core.vocabulary import Remedy, Vocabulary
from agent_assist.library.cells import CellFault, format_ceiling, parse_ceiling, parse_whole
from agent_assist.library.columns import Cells, condition_cells, tested_facts
from agent_assist.library.sheet_kind import Sheet, SheetKind


def limit_sheet(rows: Sequence[LimitRow], vocabulary: Vocabulary) -> Sheet:
    """Header and cells of a sheet that `LIMITS` reads as the same rows."""
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
    priority = parse_whole(text)
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


LIMITS = SheetKind(
    stem="limits",
    required=("row", "issue", "remedy", "effect"),
    optional=("priority", "offer", "say", "reason", "effective_from", "effective_to"),
    by_level=("ceiling",),
    read_row=_row,
    sheet=limit_sheet,
)
"""Sheets of limit rows."""
