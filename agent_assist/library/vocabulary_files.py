"""The four TOML files, written so that they are read as the same vocabulary."""

from collections.abc import Mapping
from typing import Any

import tomli_w

from agent_assist.core.facts import Fact
from agent_assist.core.vocabulary import (
    REPEAT_DAYS,
    Economics,
    Estimate,
    Issue,
    Remedy,
    Vocabulary,
)


def vocabulary_files(vocabulary: Vocabulary) -> Mapping[str, str]:
    """Texts by file name."""
    return {
        "library.toml": tomli_w.dumps(_settings(vocabulary)),
        "issues.toml": _written(vocabulary.issues, _issue),
        "facts.toml": _written(vocabulary.facts, _fact),
        "remedies.toml": _written(vocabulary.remedies, _remedy),
    }


def _written(entries: Mapping[str, Any], fields: Any) -> str:
    return tomli_w.dumps({key: _known(fields(entry)) for key, entry in entries.items()})


def _known(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value not in (None, [])}


def _settings(vocabulary: Vocabulary) -> dict[str, Any]:
    return {
        "name": vocabulary.name,
        "locale": vocabulary.locale,
        "currency": vocabulary.currency,
        "time_zone": vocabulary.time_zone,
        "levels": [{"key": level.key, "label": level.label} for level in vocabulary.levels],
        **_unlike_default(vocabulary.repeat_days),
        "economics": _economics(vocabulary.economics),
    }


def _unlike_default(repeat_days: int) -> dict[str, int]:
    return {} if repeat_days == REPEAT_DAYS else {"repeat_days": repeat_days}


def _economics(economics: Economics) -> dict[str, Any]:
    return {
        "customer_value": _estimate(economics.customer_value),
        "loyalty_loss": {key: _estimate(loss) for key, loss in economics.loyalty_loss.items()},
    }


def _estimate(estimate: Estimate[Any]) -> dict[str, str]:
    return {
        "low": str(estimate.low),
        "likely": str(estimate.likely),
        "high": str(estimate.high),
    }


def _issue(issue: Issue) -> dict[str, Any]:
    return {
        "name": issue.name,
        "cause": issue.cause.value,
        "description": issue.description,
        "repeat_days": issue.repeat_days,
    }


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "type": fact.type.value,
        "choices": list(fact.choices),
        "label": fact.label,
        "ask": fact.ask,
        "crm": fact.crm,
        "least": fact.least,
        "most": fact.most,
    }


def _remedy(remedy: Remedy) -> dict[str, Any]:
    return {
        "label": remedy.label,
        "kind": remedy.kind.value,
        "unit": remedy.unit.value,
        "reversible": remedy.reversible,
        "exclusive_group": remedy.exclusive_group,
        "reason_codes": list(remedy.reason_codes),
        "cost": None if remedy.cost is None else str(remedy.cost),
    }
