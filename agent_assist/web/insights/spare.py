"""GET /v1/insights/limits/spare: limits that give more than is needed, and rows without use."""

from datetime import date
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from agent_assist.admit import Scope
from agent_assist.core.trimming import Lower, WhyKept
from agent_assist.library.cells import format_ceiling
from agent_assist.trim import IdleRow, Trimmed, Trimming
from agent_assist.web.approvals.tuning import Number, Share, TuningQuery
from agent_assist.web.exchange import Exchange
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.option_shapes import Quantity
from agent_assist.web.services import Services
from agent_assist.web.writers import write_probability, write_quantity


class LowerAdvised(TypedDict):
    """To lower a ceiling.

    Attributes:
        beyond: on how many of the occasions more was needed: a level above would be asked.
        at_most: the upper end of the 95 % interval of that share.
    """

    to: Quantity
    beyond: Number
    at_most: Share


class CellUsed(TypedDict):
    """How much of a ceiling was needed.

    Attributes:
        occasions: orders or contacts on which something was given, or asked for above.
        nearly_all: what 99 of 100 of them did not exceed.
        most: what none did.
        advice: null where nothing is advised; `why_kept` says why then.
    """

    row: str
    level: str
    remedy: str
    ceiling: Annotated[str, Field(description="As the limit table writes it.")]
    occasions: Annotated[int, Field(ge=1)]
    nearly_all: Quantity
    most: Quantity
    advice: LowerAdvised | None
    why_kept: WhyKept | None


class RowIdle(TypedDict):
    """A row that decided nothing.

    Attributes:
        suggestions: about its issues.
        at_most: of how many such suggestions it may yet decide: the upper end of the 95 % interval.
        drop: whether it is advised to drop it; `why_kept` says why not.
    """

    row: str
    remedy: str
    suggestions: Annotated[int, Field(ge=1)]
    at_most: Share
    drop: bool
    why_kept: WhyKept | None


class SpareReport(TypedDict):
    """Ceilings, the most used first, and rows that decided nothing, the most asked about first.

    `whole` is false if older grants, requests or suggestions were passed over; `left_out` counts
    grants and requests that no row of the live table would decide.
    """

    since: date
    until: date
    team: str | None
    whole: bool
    cells: list[CellUsed]
    rows: list[RowIdle]
    left_out: Number


def register(api: Operations, services: Services) -> None:
    """Add the report on what limits have to spare."""

    @api.get(
        "/v1/insights/limits/spare",
        Scope.INSIGHTS,
        About("insights", "Which limits to lower, and which rows to drop"),
        query=TuningQuery,
        answer=SpareReport,
    )
    def look_at_spare(query: TuningQuery, now: Exchange) -> SpareReport:
        """Tell how much of each ceiling was needed, and which rows decided nothing.

        What was given, asked for and suggested on some days is decided again by the live table.
        Nothing is advised that takes anything from a customer, or gives anybody more; of one team
        nothing is. In a session of somebody who sees one team's work it is that team's.
        """
        terms = services.live.current().terms()
        team = now.caller.team_seen(query.team, Scope.INSIGHTS)
        found = services.trimmer.look(terms, query.since, query.until, team)
        return _write(found, team, terms.vocabulary.currency)


def _write(found: Trimming, team: str | None, currency: str) -> SpareReport:
    return {
        "since": found.since,
        "until": found.until,
        "team": team,
        "whole": found.is_whole,
        "cells": [_write_cell(one, currency) for one in found.cells],
        "rows": [_write_row(one) for one in found.rows],
        "left_out": found.left_out,
    }


def _write_cell(trimmed: Trimmed, currency: str) -> CellUsed:
    use, unit, advice = trimmed.use, trimmed.remedy.unit, trimmed.advice
    return {
        "row": use.cell.row,
        "level": use.cell.level,
        "remedy": trimmed.remedy.key,
        "ceiling": format_ceiling(trimmed.ceiling, unit, currency),
        "occasions": len(use.needed),
        "nearly_all": write_quantity(use.nearly_all, unit, currency),
        "most": write_quantity(use.needed[-1], unit, currency),
        "advice": {
            "to": write_quantity(advice.to, unit, currency),
            "beyond": advice.beyond,
            "at_most": write_probability(advice.at_most),
        }
        if isinstance(advice, Lower)
        else None,
        "why_kept": advice if isinstance(advice, WhyKept) else None,
    }


def _write_row(one: IdleRow) -> RowIdle:
    return {
        "row": one.idle.row.key,
        "remedy": one.remedy.key,
        "suggestions": len(one.idle.asked),
        "at_most": write_probability(one.idle.at_most),
        "drop": one.why_kept is None,
        "why_kept": one.why_kept,
    }
