"""GET /v1/policies, issues, facts, remedies and search: what answers are made from."""

from collections.abc import Sequence

from werkzeug.routing import PathConverter

from agent_assist.admit import Scope
from agent_assist.core.errors import FieldProblem, InvalidInput, NotFound
from agent_assist.core.facts import Fact
from agent_assist.core.matches import Match
from agent_assist.core.policy import Section
from agent_assist.core.suggestion import VersionedPolicy
from agent_assist.core.vocabulary import Issue, Remedy
from agent_assist.core.wordings import Wording
from agent_assist.library.policy_fields import RESERVED
from agent_assist.live import Snapshot
from agent_assist.web import requests
from agent_assist.web.cursors import begun, no_such_page
from agent_assist.web.exchange import Exchange
from agent_assist.web.library import answers
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.services import Services
from agent_assist.web.writers import (
    write_evidence,
    write_explanation,
    write_guidance,
    write_money,
    write_policy_ref,
    write_probability,
    write_versions,
)


class PolicyIdConverter(PathConverter):
    """A policy's id in a path: not what begins as drafts and versions of policies do."""

    regex = rf"(?!(?:{'|'.join(sorted(RESERVED))})(?:/|$))[^/].*?"


_POLICY_ID = {
    "type": "string",
    "minLength": 1,
    "maxLength": 200,
    "description": "The policy's id; its slashes are part of the path.",
    "examples": ["fees/cash-withdrawal"],
}


def register(api: Operations, services: Services) -> None:
    """Add the operations on the library."""
    _register_policies(api, services)
    _register_vocabulary(api, services)


def _register_policies(api: Operations, services: Services) -> None:
    @api.get(
        "/v1/policies",
        Scope.READ,
        About("library", "List policies"),
        query=requests.PolicyListQuery,
        answer=answers.PolicyPage,
    )
    def list_policies(query: requests.PolicyListQuery, _now: Exchange) -> answers.PolicyPage:
        """List policies in the order of their ids, page by page, those not in effect included."""
        snapshot = services.live.current()
        _check_issue(query.issue, snapshot)
        after = _after(query.cursor, snapshot)
        ids = [key for key in sorted(snapshot.policies) if key > after]
        held = [snapshot.policies[key] for key in ids]
        if query.issue is not None:
            held = [one for one in held if query.issue in one.policy.issues]
        page, following = begun(held, query.limit, lambda one: one.policy.id)
        languages = _languages(snapshot)
        return {
            "items": [_item(one, snapshot, languages) for one in page],
            "next_cursor": following,
        }

    @api.get(
        "/v1/policies/<policy:policy_id>",
        Scope.READ,
        About("library", "Read a policy", path={"policy_id": _POLICY_ID}),
        query=requests.PolicyQuery,
        answer=answers.Policy,
    )
    def read_policy(query: requests.PolicyQuery, _now: Exchange, policy_id: str) -> answers.Policy:
        """Read a whole policy, for representatives. Only `explanation` may reach a customer."""
        snapshot = services.live.current()
        held = snapshot.policy(policy_id, query.locale)
        if held is None:
            raise NotFound("policy", policy_id[:80])
        return _policy(held, snapshot)

    @api.get(
        "/v1/search",
        Scope.READ,
        About("library", "Search policies"),
        query=requests.SearchQuery,
        answer=answers.SearchAnswer,
    )
    def search(query: requests.SearchQuery, now: Exchange) -> answers.SearchAnswer:
        """Find policies by words or by what the customer said. Nothing is decided or logged."""
        snapshot = services.live.current()
        matches = services.suggester.search(snapshot, query.q, query.limit, now.timing)
        return {
            "abstained": matches.abstained,
            "versions": write_versions(snapshot.versions),
            "items": [_found(match, snapshot) for match in matches.items],
        }


def _register_vocabulary(api: Operations, services: Services) -> None:
    @api.get(
        "/v1/library",
        Scope.READ,
        About("library", "Read the library's settings"),
        query=requests.NoQuery,
        answer=answers.Library,
    )
    def read_library(_query: requests.NoQuery, _now: Exchange) -> answers.Library:
        """Read what all amounts, days and levels go by."""
        snapshot = services.live.current()
        vocabulary = snapshot.vocabulary
        return {
            "name": vocabulary.name,
            "locale": vocabulary.locale,
            "currency": vocabulary.currency,
            "time_zone": vocabulary.time_zone,
            "levels": [{"key": one.key, "label": one.label} for one in vocabulary.levels],
            "versions": write_versions(snapshot.versions),
        }

    @api.get(
        "/v1/issues",
        Scope.READ,
        About("library", "List issues"),
        query=requests.NoQuery,
        answer=answers.IssueList,
    )
    def list_issues(_query: requests.NoQuery, _now: Exchange) -> answers.IssueList:
        """List what customers may want, all of it."""
        issues = services.live.current().vocabulary.issues.values()
        return {"items": [_issue(one) for one in issues]}

    @api.get(
        "/v1/facts",
        Scope.READ,
        About("library", "List facts"),
        query=requests.NoQuery,
        answer=answers.FactList,
    )
    def list_facts(_query: requests.NoQuery, _now: Exchange) -> answers.FactList:
        """List all facts that limits may depend on, with the questions that find them out."""
        facts = services.live.current().vocabulary.facts.values()
        return {"items": [_fact(one) for one in facts]}

    @api.get(
        "/v1/remedies",
        Scope.READ,
        About("library", "List remedies"),
        query=requests.NoQuery,
        answer=answers.RemedyList,
    )
    def list_remedies(_query: requests.NoQuery, _now: Exchange) -> answers.RemedyList:
        """List everything that can be given. What may be given, decisions tell."""
        remedies = services.live.current().vocabulary.remedies.values()
        return {"items": [_remedy(one) for one in remedies]}


def _after(cursor: str | None, snapshot: Snapshot) -> str:
    """The id that the page before ended with; before all ids without one."""
    if cursor is not None and cursor not in snapshot.policies:
        raise no_such_page()
    return cursor or ""


def _check_issue(issue: str | None, snapshot: Snapshot) -> None:
    if issue is not None and issue not in snapshot.vocabulary.issues:
        detail = "is not an issue of this library; GET /v1/issues lists them"
        raise InvalidInput([FieldProblem("issue", "unknown_issue", detail)])


def _item(
    held: VersionedPolicy, snapshot: Snapshot, languages: Sequence[str]
) -> answers.PolicyItem:
    policy = held.policy
    return {
        "id": policy.id,
        "version": held.version,
        "title": policy.title,
        "issues": list(policy.issues),
        "tags": list(policy.tags),
        "owner": policy.owner,
        "locales": [one for one in languages if (policy.id, one) in snapshot.translations],
        "review_by": policy.review_by,
        "effective_from": policy.effective_from,
        "effective_to": policy.effective_to,
    }


def _languages(snapshot: Snapshot) -> list[str]:
    return sorted({locale for _, locale in snapshot.translations})


def _policy(held: VersionedPolicy, snapshot: Snapshot) -> answers.Policy:
    policy = held.policy
    return {
        **_item(held, snapshot, _languages(snapshot)),
        "locale": policy.locale,
        "explanation": write_explanation(
            policy, Wording.STANDING if policy.has_alternative else None
        ),
        "guidance": write_guidance(policy),
        "internal": policy.sections.get(Section.INTERNAL),
    }


def _found(match: Match, snapshot: Snapshot) -> answers.Found:
    return {
        "policy": write_policy_ref(snapshot.policies[match.policy]),
        "issue": match.issue,
        "probability": write_probability(match.probability),
        "evidence": [write_evidence(one) for one in match.evidence],
    }


def _issue(issue: Issue) -> answers.Issue:
    return {
        "key": issue.key,
        "name": issue.name,
        "description": issue.description,
        "cause": issue.cause,
    }


def _fact(fact: Fact) -> answers.Fact:
    return {
        "key": fact.key,
        "type": fact.type,
        "label": fact.label,
        "ask": fact.ask,
        "choices": list(fact.choices),
        "least": fact.least,
        "most": fact.most,
        "crm": fact.crm,
    }


def _remedy(remedy: Remedy) -> answers.Remedy:
    return {
        "key": remedy.key,
        "label": remedy.label,
        "kind": remedy.kind,
        "unit": remedy.unit,
        "reversible": remedy.reversible,
        "reason_codes": list(remedy.reason_codes),
        "cost": None if remedy.cost is None else write_money(remedy.cost),
        "exclusive_group": remedy.exclusive_group,
    }
