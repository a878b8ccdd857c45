"""POST /v1/limits/trials: any case decided by what is published and by a draft."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from agent_assist.admit import Scope
from agent_assist.circumstances import Circumstances, RemedyAsked
from agent_assist.core.draft_rows import TableKind
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.rehearse import Case, Tried
from agent_assist.web import examples, requests
from agent_assist.web.amounts import read_if_stated
from agent_assist.web.contacts.contacts import read_facts_given
from agent_assist.web.drafts.writers import SHEET
from agent_assist.web.exchange import Exchange
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.option_shapes import Option, Question
from agent_assist.web.scalars import FactKey, Id, Key, Maybe, Received
from agent_assist.web.services import Services
from agent_assist.web.versioned import tag
from agent_assist.web.writers import write_option, write_question


class Whose(Received):
    """Whose budgets count; without an id those that sum up by it are left out."""

    customer: Maybe[Id] = None
    rep: Maybe[Id] = None
    team: Maybe[Id] = None


class TrialRequest(Received):
    """A case to be tried. Without remedies all that are worth discussing are decided on."""

    draft: Maybe[
        Annotated[Id, Field(description="A draft's id; without one, what is published alone.")]
    ] = None
    issue: Id
    level: Maybe[Annotated[Key, Field(description="The lowest without one.")]] = None
    facts: dict[FactKey, requests.FactGiven] = Field(
        default_factory=dict,
        max_length=200,
        description="What is known, by fact key; a fact that is left out is unknown, not false.",
        json_schema_extra={"additionalProperties": False},
    )
    remedies: Annotated[list[requests.RemedyGiven], Field(max_length=50)] = Field(
        default_factory=list
    )
    whose: Maybe[Whose] = None


class TriedAnswer(TypedDict):
    """What may be given, and what to ask next."""

    options: list[Option]
    questions: list[Question]


class Trial(TypedDict):
    """A case decided twice. `draft` and its `etag` are null where no draft was named."""

    issue: str
    level: str
    etag: str | None
    published: TriedAnswer
    draft: TriedAnswer | None


def register(api: Operations, services: Services) -> None:
    """Add the trial of cases."""

    @api.post(
        "/v1/<table>/trials",
        Scope.LIMITS_READ,
        About("limits", "Try a case", path={"table": SHEET}, examples={"a case": examples.TRIAL}),
        body=TrialRequest,
        answer=Trial,
    )
    def try_case(body: TrialRequest, _now: Exchange, table: str) -> Trial:
        """Decide a case as it would be decided now, and by a draft. Nothing is given or logged.

        The level is whichever is asked about, not the caller's. Nothing was given on the order or
        in the contact before.
        """
        found = services.rehearser.rehearse(
            services.live.current(), TableKind(table), body.draft, _case(body)
        )
        vocabulary, proposed = found.vocabulary, found.proposed
        return {
            "issue": body.issue,
            "level": found.level,
            "etag": None if found.read is None else tag(found.read.draft.edit),
            "published": _write(found.published, vocabulary),
            "draft": None if proposed is None else _write(proposed, vocabulary),
        }


def _case(body: TrialRequest) -> Case:
    whose = body.whose or Whose()
    return Case(
        issue=body.issue,
        asked=tuple(RemedyAsked(one.remedy, read_if_stated(one.amount)) for one in body.remedies),
        around=Circumstances(
            facts=read_facts_given(body.facts),
            level=body.level,
            rep=whose.rep,
            team=whose.team,
            customer=whose.customer,
        ),
    )


def _write(tried: Tried, vocabulary: Vocabulary) -> TriedAnswer:
    return {
        "options": [write_option(one, vocabulary) for one in tried.options],
        "questions": [write_question(one) for one in tried.questions],
    }
