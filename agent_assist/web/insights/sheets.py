"""GET /v1/insights/sheets/…: the tables of insights as files, for spreadsheets."""

from typing import Literal

from agent_assist.admit import Scope
from agent_assist.core.vocabulary import PREVENTABLE
from agent_assist.web.approvals.tuning import TuningQuery, limits_told
from agent_assist.web.drafts.versions import MEDIA
from agent_assist.web.exchange import Exchange
from agent_assist.web.insights import tables
from agent_assist.web.insights.given import (
    ApprovalsQuery,
    GrantsQuery,
    approvals_told,
    grants_told,
)
from agent_assist.web.insights.measures import MeasuresQuery, measures_told
from agent_assist.web.insights.stake_shapes import StakesQuery, StakesReport
from agent_assist.web.insights.stakes import stakes_told
from agent_assist.web.insights.suggestions import SuggestionsQuery, suggestions_told
from agent_assist.web.library.drift import DriftQuery, drift_told
from agent_assist.web.operation import About
from agent_assist.web.operations import File, Operations
from agent_assist.web.scalars import Maybe, Query
from agent_assist.web.services import Services

_MEDIA = (MEDIA["csv"], MEDIA["xlsx"])


class FormatQuery(Query):
    """In which format."""

    format: Literal["csv", "xlsx"] = "csv"


class MeasuresSheet(MeasuresQuery, FormatQuery):
    """Which contacts, in which format."""


class GrantsSheet(GrantsQuery, FormatQuery):
    """Which grants, in which format."""


class ApprovalsSheet(ApprovalsQuery, FormatQuery):
    """Which requests, in which format."""


class SuggestionsSheet(SuggestionsQuery, FormatQuery):
    """Which suggestions, in which format."""


class StakesSheet(StakesQuery, FormatQuery):
    """Which contacts, in which format; of one cause, or of those that are preventable."""

    cause: Maybe[
        Literal["product", "process", "marketing", "customer", "employee", "preventable"]
    ] = None


class EvidenceSheet(TuningQuery, FormatQuery):
    """Which requests, in which format."""


class DriftSheet(DriftQuery, FormatQuery):
    """How far to look back, and in which format."""


def register(api: Operations, services: Services) -> None:
    """Add the files."""
    _register_measures(api, services)
    _register_others(api, services)


def _register_measures(api: Operations, services: Services) -> None:
    @api.file(
        "/v1/insights/sheets/measures",
        Scope.INSIGHTS,
        About("insights", "Download measures of contacts"),
        query=MeasuresSheet,
        media=_MEDIA,
    )
    def download_measures(query: MeasuresSheet, now: Exchange) -> File:
        """Download what `GET /v1/insights/measures` tells, as CSV or XLSX."""
        report = measures_told(query, now, services)
        return _file(f"measures-by-{query.by}", report, tables.MEASURES, query.format)

    @api.file(
        "/v1/insights/sheets/grants",
        Scope.INSIGHTS,
        About("insights", "Download measures of grants"),
        query=GrantsSheet,
        media=_MEDIA,
    )
    def download_grants(query: GrantsSheet, now: Exchange) -> File:
        """Download what `GET /v1/insights/grants` tells, a column for each currency."""
        report = grants_told(query, now, services)
        columns = {**tables.GRANTS, **tables.spending(report)}
        return _file(f"grants-by-{query.by}", report, columns, query.format)

    @api.file(
        "/v1/insights/sheets/approvals",
        Scope.INSIGHTS,
        About("insights", "Download measures of requests"),
        query=ApprovalsSheet,
        media=_MEDIA,
    )
    def download_approvals(query: ApprovalsSheet, now: Exchange) -> File:
        """Download what `GET /v1/insights/approvals` tells, as CSV or XLSX."""
        report = approvals_told(query, now, services)
        return _file(f"approvals-by-{query.by}", report, tables.APPROVALS, query.format)

    @api.file(
        "/v1/insights/sheets/suggestions",
        Scope.INSIGHTS,
        About("insights", "Download measures of suggestions"),
        query=SuggestionsSheet,
        media=_MEDIA,
    )
    def download_suggestions(query: SuggestionsSheet, now: Exchange) -> File:
        """Download what `GET /v1/insights/suggestions` tells, as CSV or XLSX."""
        report = suggestions_told(query, now, services)
        return _file(f"suggestions-by-{query.by}", report, tables.SUGGESTIONS, query.format)


def _register_others(api: Operations, services: Services) -> None:
    @api.file(
        "/v1/insights/sheets/stakes",
        Scope.INSIGHTS,
        About("insights", "Download money at risk"),
        query=StakesSheet,
        media=_MEDIA,
    )
    def download_stakes(query: StakesSheet, now: Exchange) -> File:
        """Download what `GET /v1/insights/stakes` tells, as CSV or XLSX.

        `cause` leaves out the items of other causes; the line of all together stays.
        """
        report = stakes_told(query, now, services)
        shown = [one for one in report["items"] if _is_of(one["cause"], query.cause)]
        currency = services.live.current().vocabulary.currency
        told: StakesReport = {**report, "items": shown}
        return _file("money-at-risk", told, tables.stakes(currency), query.format)

    @api.file(
        "/v1/insights/sheets/limits",
        Scope.INSIGHTS,
        About("insights", "Download limits by evidence"),
        query=EvidenceSheet,
        media=_MEDIA,
    )
    def download_evidence(query: EvidenceSheet, now: Exchange) -> File:
        """Download what `GET /v1/insights/limits` tells, as CSV or XLSX."""
        report = limits_told(query, now, services)
        return _file("limits-by-evidence", report, tables.EVIDENCE, query.format)

    @api.file(
        "/v1/insights/sheets/drift",
        Scope.READ,
        About("insights", "Download drift"),
        query=DriftSheet,
        media=_MEDIA,
    )
    def download_drift(query: DriftSheet, _now: Exchange) -> File:
        """Download what `GET /v1/insights/drift` tells, as CSV or XLSX."""
        return _file("drift", drift_told(query, services), tables.DRIFT, query.format)


def _is_of(cause: str | None, wanted: str | None) -> bool:
    return wanted in (None, cause) or (wanted == "preventable" and cause in PREVENTABLE)


def _file(stem: str, report: tables.Told, columns: tables.Columns, ending: str) -> File:
    days = [str(report[one]) for one in ("since", "until") if one in report]
    name = f"{'-'.join([stem, *days])}.{ending}"
    return File(tables.table(name, report, columns), MEDIA[ending], name)
