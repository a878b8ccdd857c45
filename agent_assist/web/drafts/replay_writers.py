"""Replays: core types -> the wire."""

from dataclasses import asdict
from typing import Any, cast

from agent_assist.core.money import format_minor
from agent_assist.core.replay import Place, Replayed, Tally
from agent_assist.replay_draft import DraftReplay
from agent_assist.web.drafts import replay_shapes as shapes
from agent_assist.web.versioned import tag

_MONEY = frozenset({"raised", "lowered", "granted", "uncovered"})


def write_replayed(found: Replayed, currency: str) -> shapes.ReplayFound:
    """What a replay found; money in a currency."""
    told: dict[str, Any] = {
        "currency": currency,
        "total": _tally(found.total(), currency),
        **{
            f"by_{name}": [
                {name: _name(key), **_tally(tally, currency)}
                for key, tally in found.by(name).items()
            ]
            for name in Place._fields
        },
        "unknown": dict(sorted(found.unknown.items())),
        "unreckoned": dict(sorted(found.unreckoned.items())),
        "left_out": dict(sorted(found.left_out.items())),
    }
    return cast("shapes.ReplayFound", told)


def write_draft_replay(replay: DraftReplay) -> shapes.Replay:
    """What a draft would have changed."""
    return {
        **write_replayed(replay.found, replay.read.vocabulary.currency),
        "etag": tag(replay.read.draft.edit),
        "since": replay.period.since,
        "until": replay.period.until,
        "entries": replay.entries,
        "complete": replay.left == 0,
        "left": replay.left,
    }


def _name(key: Any) -> object:
    return key if isinstance(key, str) else {"kind": key.cause, "key": key.key}


def _tally(tally: Tally, currency: str) -> dict[str, object]:
    counted = {
        name: format_minor(number, currency) if name in _MONEY else number
        for name, number in asdict(tally).items()
    }
    return {**counted, "same": tally.same}
