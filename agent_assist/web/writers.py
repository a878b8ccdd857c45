"""Core types as the wire shows them."""

from datetime import date
from typing import Literal

from agent_assist.core.budgets import Scope
from agent_assist.core.ceilings import Bound, Unlimited
from agent_assist.core.decision import (
    Approval,
    Cap,
    CapKind,
    Decision,
    Otherwise,
    Possible,
    TestTrace,
)
from agent_assist.core.facts import FactValue
from agent_assist.core.matches import Evidence
from agent_assist.core.money import Money, format_minor
from agent_assist.core.options import Option, Question
from agent_assist.core.policy import Policy, Section
from agent_assist.core.row_index import RowTrace
from agent_assist.core.suggestion import (
    DecisionSet,
    SuggestedPolicy,
    Suggestion,
    VersionedPolicy,
    Versions,
)
from agent_assist.core.vocabulary import Unit, Vocabulary
from agent_assist.core.wordings import Wording, explanation
from agent_assist.library.cells import format_percent, format_test
from agent_assist.web import answers, option_shapes


def write_suggestion(suggestion: Suggestion, vocabulary: Vocabulary) -> answers.Suggestion:
    """The answer to what a customer said."""
    return {
        "id": suggestion.id,
        "at": suggestion.at,
        "abstained": suggestion.abstained,
        "level": suggestion.level,
        "versions": write_versions(suggestion.versions),
        "matches": [_match(one, vocabulary) for one in suggestion.matches],
        "questions": [write_question(one) for one in suggestion.questions],
    }


def write_decisions(decided: DecisionSet, vocabulary: Vocabulary) -> answers.Decisions:
    """The decisions for a known issue."""
    return {
        "issue": decided.issue,
        "level": decided.level,
        "versions": write_versions(decided.versions),
        "options": [write_option(one, vocabulary) for one in decided.options],
        "questions": [write_question(one) for one in decided.questions],
    }


def write_versions(versions: Versions) -> answers.Versions:
    """What an answer was made from."""
    return {
        "library": versions.library,
        "limits": versions.limits,
        "budgets": versions.budgets,
        "model": versions.model,
    }


def write_policy_ref(held: VersionedPolicy) -> answers.PolicyRef:
    """A policy by its version."""
    return {"id": held.policy.id, "version": held.version, "title": held.policy.title}


def write_explanation(policy: Policy, wording: Wording | None) -> answers.Explanation:
    """What a customer may hear, in one of two wordings or in the only one."""
    told = explanation(policy, wording or Wording.STANDING)
    return {
        "say": told.say,
        "why": told.why,
        "wording": wording,
        "type": policy.explanation_type,
        "sources": list(policy.sources),
    }


def write_guidance(policy: Policy) -> answers.Guidance:
    """What the representative needs beside it."""
    return {
        "steps": policy.sections.get(Section.STEPS),
        "exceptions": policy.sections.get(Section.EXCEPTIONS),
    }


def write_evidence(evidence: Evidence) -> answers.Evidence:
    """Why a policy matched."""
    return {
        "source": evidence.source,
        "passage": evidence.text,
        # A cosine may pass 1 by a rounding error.
        "similarity": round(max(-1.0, min(1.0, evidence.similarity)), 4),
        "spans": [{"start": span.start, "end": span.end} for span in evidence.spans],
        "turn": evidence.turn,
    }


def write_probability(probability: float) -> float:
    """Four decimals are more than anybody can know."""
    return round(max(0.0, min(1.0, probability)), 4)


def write_money(money: Money) -> option_shapes.Money:
    """An amount of money."""
    return {"amount": format_minor(money.minor, money.currency), "currency": money.currency}


def write_quantity(bound: Bound, unit: Unit, currency: str) -> option_shapes.Quantity:
    """So many whole parts of a unit, as that unit is written."""
    if isinstance(bound, Unlimited):
        return {"unlimited": True}
    match unit:
        case Unit.MONEY:
            return {"amount": format_minor(bound, currency), "currency": currency}
        case Unit.PERCENT:
            return {"percent": format_percent(bound).removesuffix("%")}
        case Unit.COUNT:
            return {"count": bound}
        case Unit.DAYS:
            return {"days": bound}


def write_cap(cap: Cap, unit: Unit, currency: str) -> option_shapes.Cap:
    """What caps a remedy, and what it leaves."""
    headroom = write_quantity(cap.headroom, unit, currency)
    match cap.kind:
        case CapKind.FROZEN:
            return {"kind": "frozen", "budget": cap.source, "headroom": headroom}
        case CapKind.EXCLUSIVE:
            scope = _occasion(cap)
            return {"kind": "exclusive", "remedy": cap.source, "scope": scope, "headroom": headroom}
        case CapKind.CEILING:
            return {
                "kind": "ceiling",
                "row": cap.source,
                "headroom": headroom,
                "given": write_quantity(cap.given, unit, currency),
                "scope": _occasion(cap) if cap.scope else None,
            }
        case CapKind.BUDGET:
            return {
                "kind": "budget",
                "budget": cap.source,
                "scope": cap.scope,
                "window": cap.window,
                "headroom": headroom,
                "grants_left": cap.grants_left,
                "warning": cap.warning,
            }
        case CapKind.BRAKE:
            return {
                "kind": "brake",
                "scope": "team" if cap.source else "organisation",
                "team": cap.source or None,
                "reason": cap.reason,
                "headroom": headroom,
            }


def write_approval(approval: Approval, unit: Unit, currency: str) -> option_shapes.Approval:
    """Who may give more."""
    return {"level": approval.level, "up_to": write_quantity(approval.up_to, unit, currency)}


def _occasion(cap: Cap) -> Literal["order", "contact"]:
    return "order" if cap.scope == Scope.ORDER else "contact"


def _match(suggested: SuggestedPolicy, vocabulary: Vocabulary) -> answers.Match:
    policy = suggested.policy.policy
    wording = None if suggested.shown is None else suggested.shown.wording
    return {
        "role": suggested.match.role,
        "policy": write_policy_ref(suggested.policy),
        "issue": suggested.match.issue,
        "probability": write_probability(suggested.match.probability),
        "turns": list(suggested.match.turns),
        "evidence": [write_evidence(one) for one in suggested.match.evidence],
        "explanation": write_explanation(policy, wording),
        "guidance": write_guidance(policy),
        "options": [write_option(one, vocabulary) for one in suggested.options],
    }


def write_option(option: Option, vocabulary: Vocabulary) -> option_shapes.Option:
    """The exact decision on one remedy."""
    decision = option.decision
    remedy, currency = decision.remedy, vocabulary.currency
    approval, binding = decision.approval, decision.binding
    return {
        "remedy": remedy.key,
        "label": remedy.label,
        "kind": remedy.kind,
        "unit": remedy.unit,
        "offer": decision.offer,
        "verdict": decision.verdict,
        "up_to": write_quantity(decision.up_to, remedy.unit, currency),
        "binding": None if binding is None else write_cap(binding, remedy.unit, currency),
        "caps": [write_cap(cap, remedy.unit, currency) for cap in decision.caps],
        "approval": None if approval is None else write_approval(approval, remedy.unit, currency),
        "say": decision.say,
        "because": _because(decision, vocabulary),
        "exclusive_with": list(option.exclusive_with),
        "needs": list(decision.needs()),
        "possible": [_possible(one, remedy.unit, currency) for one in decision.possible],
        "otherwise": [_otherwise(one, remedy.unit, vocabulary) for one in decision.otherwise],
    }


def _possible(possible: Possible, unit: Unit, currency: str) -> option_shapes.Possible:
    most = possible.up_to
    return {
        "row": possible.row,
        "needs": list(possible.needs),
        "up_to": None if most is None else write_quantity(most, unit, currency),
    }


def _otherwise(change: Otherwise, unit: Unit, vocabulary: Vocabulary) -> option_shapes.Otherwise:
    fact, currency = vocabulary.facts[change.fact], vocabulary.currency
    return {
        "row": change.row,
        "fact": change.fact,
        "test": format_test(change.test, fact, currency),
        "up_to": write_quantity(change.up_to, unit, currency),
    }


def _because(decision: Decision, vocabulary: Vocabulary) -> list[option_shapes.BecauseRow]:
    """The decisive rows; where there is none, all of them say why they do not apply."""
    return [_row(decision, one, vocabulary) for one in decision.decisive or decision.trace]


def _row(decision: Decision, trace: RowTrace, vocabulary: Vocabulary) -> option_shapes.BecauseRow:
    return {
        "row": trace.row.key,
        "effect": trace.row.effect,
        "state": trace.state,
        "tests": [_test(test, vocabulary) for test in decision.tests(trace.row)],
    }


def _test(trace: TestTrace, vocabulary: Vocabulary) -> option_shapes.TestResult:
    return {
        "fact": trace.fact,
        "test": format_test(trace.test, vocabulary.facts[trace.fact], vocabulary.currency),
        "value": _fact(trace.value),
        "met": trace.met,
    }


def _fact(value: FactValue | None) -> str | bool | int | option_shapes.Money | None:
    match value:
        case Money():
            return write_money(value)
        case date():
            return value.isoformat()
    return value


def write_question(question: Question) -> option_shapes.Question:
    """A fact worth asking for."""
    fact = question.fact
    return {
        "fact": fact.key,
        "ask": fact.ask,
        "type": fact.type,
        "choices": list(fact.choices),
        "settles": list(question.settles),
    }
