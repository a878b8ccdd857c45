"""The judge of a campaign: were the answers those of some order, one request after another?

It knows the budgets, what was asked and answered, and the grants in the order of the audit; of the
ledger's code it knows nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from tests.campaigns.deployment import BUDGETS, Granted
from tests.campaigns.wire import Answer, Asked

CREATED, CONFLICT, BUSY = 201, 409, 503
FAULTS = (
    "over-granted", "falsely refused", "wrong headroom", "lost", "changed", "duplicated", "ghosts",
    "answers that differ", "unexpected statuses",
)  # fmt: skip
Tried = tuple[Asked, Sequence[Answer]]


def judge(tried: Iterable[Tried], grants: Sequence[Granted]) -> dict[str, int]:
    """How often each fault was found.

    Args:
        tried: every request with all its answers, none of them 503.
        grants: as the database holds them, in the order of the audit.
    """
    faults: Counter[str] = Counter(dict.fromkeys(FAULTS, 0))
    history = _History(grants)
    faults["over-granted"] += history.over
    of_contact = defaultdict(list)
    for grant in grants:
        of_contact[grant.contact].append(grant)
    for asked, answers in tried:
        faults.update(_of_one(asked, answers, of_contact.pop(asked.contact, []), history))
    faults["ghosts"] += sum(len(unknown) for unknown in of_contact.values())
    return dict(faults)


def _of_one(
    asked: Asked, answers: Sequence[Answer], held: Sequence[Granted], history: "_History"
) -> Counter[str]:
    """The faults of one request."""
    found: Counter[str] = Counter()
    created = [answer for answer in answers if answer.status == CREATED]
    refused = [answer for answer in answers if answer.status == CONFLICT]
    found["unexpected statuses"] += len(answers) - len(created) - len(refused)
    found["duplicated"] += max(len(held) - 1, 0)
    found["answers that differ"] += max(len({answer.body for answer in created}) - 1, 0)
    found["duplicated"] += max(sum(not answer.replayed for answer in created) - 1, 0)
    found["lost"] += int(bool(created) and not held)
    found["ghosts"] += len(held) if answers and not created else 0
    if created and held:
        same = held[0].id == created[0].told["id"] and _fits(asked, held[0])
        found["changed"] += int(not same)
    for answer in refused:
        found.update(_of_refusal(asked, answer, history))
    return found


def _of_refusal(asked: Asked, answer: Answer, history: "_History") -> Counter[str]:
    """A refusal is true if at some moment less was left than was asked for, and just that told."""
    problem = answer.told
    if not str(problem["type"]).endswith("over_headroom"):
        return Counter({"unexpected statuses": 1})
    left = {amount for amount in history.left(asked) if amount < asked.amount}
    if not left:
        return Counter({"falsely refused": 1})
    told = int(Decimal(problem["headroom"]["amount"]) * 100)
    return Counter({"wrong headroom": int(told not in left)})


def _fits(asked: Asked, grant: Granted) -> bool:
    parties = all(asked.of(scope) == grant.of(scope) for scope in BUDGETS)
    return parties and asked.amount == grant.amount


class _History:
    """What was left of each budget, grant after grant."""

    def __init__(self, grants: Sequence[Granted]) -> None:
        self.over = 0
        self._of_id: Mapping[tuple[str, str], list[int]] = defaultdict(list)
        self._grants = grants
        left: dict[tuple[str, str], int] = {}
        for number, grant in enumerate(grants):
            ids = [(scope, grant.of(scope)) for scope in BUDGETS]
            for key in ids:
                self._of_id[key].append(number)
                left[key] = left.get(key, BUDGETS[key[0]]) - grant.amount
            self.over += int(min(left[key] for key in ids) < 0)

    def left(self, asked: Asked) -> set[int]:
        """All amounts that were left for a request, from first to last."""
        ids = [(scope, asked.of(scope)) for scope in BUDGETS]
        left = {key: BUDGETS[key[0]] for key in ids}
        seen = {min(left.values())}
        for number in sorted({one for key in ids for one in self._of_id.get(key, ())}):
            grant = self._grants[number]
            for scope, key in ids:
                if grant.of(scope) == key:
                    left[scope, key] -= grant.amount
            seen.add(min(left.values()))
        return seen
