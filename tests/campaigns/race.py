"""Sixty-four grants at the same moment, through a real server, again and again.

Every request of a volley but its last byte is sent, then all last bytes at once. In turn, volleys
race for one customer's budget with equal amounts, with different amounts, for several budgets at
once, send each request twice, and send one request 64 times. The answers must be those of some
order in which the requests came one after another. The ledger's check of itself runs beside the
requests as often as it can be told to, and must find nothing.
"""

import random
import sys
from collections import Counter
from collections.abc import Callable, Mapping

from tests.campaigns.deployment import deployed
from tests.campaigns.judge import BUSY, CREATED, Tried, judge
from tests.campaigns.verdict import Progress, Verdict, arguments
from tests.campaigns.wire import Answer, Asked, message, volley
from tests.serving import serving

SHOTS = 64
FIT = 10
MOST_BUSY = 0.001
WATCHED = {"AGENT_ASSIST_LEDGER_SECONDS": "10"}
AMOUNTS = (100, 250, 400, 500)
Shots = list[Asked]


def main() -> int:
    parser = arguments(__doc__, trials="volleys", usually=500)
    parser.add_argument("--workers", type=int, help="processes; 1 on SQLite and 2 on PostgreSQL")
    given = parser.parse_args()
    workers = given.workers or (1 if given.database == "sqlite" else 2)
    verdict = race(given.database, volleys=given.trials, seed=given.seed, workers=workers)
    return verdict.show(as_json=given.as_json)


def race(database: str, *, volleys: int, seed: int, workers: int) -> Verdict:
    """Fire so many volleys at a server of so many processes."""
    chance = random.Random(seed)
    kinds = list(KINDS.values())
    tried: list[Tried] = []
    miscounted = 0
    progress = Progress("volleys", volleys)
    with deployed(database, AGENT_ASSIST_WORKERS=str(workers), **WATCHED) as deployment:
        with serving(deployment.data, **deployment.settings) as server:
            for number in range(volleys):
                kind = kinds[number % len(kinds)]
                shots = kind(number, chance)
                chance.shuffle(shots)
                answers = volley(server.port, [message(shot, deployment.key) for shot in shots])
                miscounted += kind is _equal and _count(answers) != FIT
                tried += _by_request(shots, answers)
                progress.at(number + 1)
        grants = deployment.grants()
        unsound = deployment.unsound()
    answers = [answer for _, some in tried for answer in some]
    busy = sum(answer.status == BUSY for answer in answers)
    answered = [(asked, _not_busy(some)) for asked, some in tried]
    return Verdict(
        campaign=f"race on {database}",
        seed=seed,
        trials=volleys,
        figures=_figures(answers, workers),
        faults={
            **judge(answered, grants),
            "wrong counts": miscounted,
            "busy too often": int(busy > MOST_BUSY * len(answers)),
            **unsound,
        },
    )


def _equal(volley: int, _: random.Random) -> Shots:
    """Ten fit, whoever comes first."""
    return [_shot(volley, shot) for shot in range(SHOTS)]


def _different(volley: int, chance: random.Random) -> Shots:
    return [_shot(volley, shot, amount=chance.choice(AMOUNTS)) for shot in range(SHOTS)]


def _several(volley: int, chance: random.Random) -> Shots:
    """For two customers by five reps of two teams: no two budgets end at the same request."""
    return [
        _shot(
            volley, shot, customer=chance.randrange(2), rep=chance.randrange(5),
            team=chance.randrange(2), amount=chance.choice(AMOUNTS),
        )
        for shot in range(SHOTS)
    ]  # fmt: skip


def _twice(volley: int, _: random.Random) -> Shots:
    return [_shot(volley, shot // 2) for shot in range(SHOTS)]


def _same(volley: int, _: random.Random) -> Shots:
    return [_shot(volley, 0) for _ in range(SHOTS)]


KINDS: Mapping[str, Callable[[int, random.Random], Shots]] = {
    "equal": _equal, "different": _different, "several": _several, "twice": _twice, "same": _same,
}  # fmt: skip


def _shot(
    volley: int,
    shot: int,
    *,
    customer: int = 0,
    rep: int | None = None,
    team: int | None = None,
    amount: int = 500,
) -> Asked:
    return Asked(
        key=f"{volley}/{shot}",
        contact=f"k-{volley}-{shot}",
        customer=f"c-{volley}-{customer}",
        rep=f"r-{volley}-{shot if rep is None else rep}",
        team=f"t-{volley}-{shot if team is None else team}",
        amount=amount,
    )


def _by_request(shots: Shots, answers: list[Answer]) -> list[Tried]:
    by_request: dict[Asked, list[Answer]] = {}
    for shot, answer in zip(shots, answers, strict=True):
        by_request.setdefault(shot, []).append(answer)
    return list(by_request.items())


def _count(answers: list[Answer]) -> int:
    return len({answer.body for answer in answers if answer.status == CREATED})


def _not_busy(answers: object) -> list[Answer]:
    assert isinstance(answers, list)
    return [answer for answer in answers if answer.status != BUSY]


def _figures(answers: list[Answer], workers: int) -> dict[str, object]:
    spent = sorted(answer.milliseconds for answer in answers)
    statuses = Counter(answer.status for answer in answers)
    return {
        "processes": workers,
        "requests": len(answers),
        "statuses": {str(status): number for status, number in sorted(statuses.items())},
        "ms p50": round(spent[len(spent) // 2]),
        "ms p99": round(spent[int(len(spent) * 0.99)]),
    }


if __name__ == "__main__":
    sys.exit(main())
