"""How people act in a contact: what a rep gives, how it ends, whether the customer comes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from agent_assist.core.ceilings import Bound, Unlimited, covers
from agent_assist.core.decision import Decision, Verdict
from agent_assist.core.limits import Offer
from agent_assist.core.money import exponent
from agent_assist.core.options import Option
from agent_assist.core.vocabulary import Cause, Remedy, RemedyKind, Unit
from agent_assist.simulate.organisation import Worker

_ASKED_FOR = 0.45
"""How often a customer asks for what is only given to those who ask."""
_PRESSED, _PRESSED_OFTEN = 0.08, 0.7
"""How often a customer will have more than the rep may give, and where that is clearly too low."""
_WITHOUT_MONEY = 0.5
"""How often somebody takes what is no money, where it is the best there is."""
_ASKS_ABOVE = 0.7
"""How often a rep asks above for what needs it."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a rep is going to give.

    Attributes:
        amount: whole parts of the remedy's unit, at least 1.
        above: True if it is more than the rep may give alone.
        rows: the limit rows that the decision rests on.
    """

    remedy: Remedy
    amount: int
    above: bool
    rows: tuple[str, ...]


def wish(
    options: Sequence[Option],
    size: int,
    worker: Worker,
    currency: str,
    random: Random,
    *,
    too_low: str | None,
) -> Wish | None:
    """What a rep chooses of the options, if anything.

    Args:
        options: as a suggestion lists them, the best first.
        size: how much money the case is about, in minor units.
        worker: the rep.
        currency: of the library.
        random: of the contact.
        too_low: key of a limit row that gives too little.
    """
    if random.random() > 0.7 + 0.3 * worker.generosity:
        return None
    open_to = [
        option.decision
        for option in options
        if option.decision.verdict in (Verdict.ALLOWED, Verdict.NEEDS_APPROVAL)
        and (option.decision.offer is Offer.OFFER or random.random() < _ASKED_FOR)
    ]
    if not open_to:
        return None
    # Money is what customers talk of; of what is left, the best comes first.
    shares = [
        (9 if one.remedy.unit is Unit.MONEY else 1) / (1 + place)
        for place, one in enumerate(open_to)
    ]
    decision = random.choices(open_to, shares)[0]
    if decision.remedy.unit is not Unit.MONEY and random.random() > _WITHOUT_MONEY:
        return None
    amount = _amount(decision.remedy, decision.up_to, size, worker, currency, random)
    pressed = _PRESSED_OFTEN if _rests_on(decision, too_low) else _PRESSED
    if decision.verdict is Verdict.NEEDS_APPROVAL or random.random() < pressed:
        more = _more(decision, size, worker, currency, random)
        if more is not None and random.random() < _ASKS_ABOVE:
            return _wish(decision, more, above=True)
    return _wish(decision, amount, above=False) if decision.verdict is Verdict.ALLOWED else None


def _rests_on(decision: Decision, row: str | None) -> bool:
    return row in decision.rests_on


def _more(
    decision: Decision, size: int, worker: Worker, currency: str, random: Random
) -> int | None:
    """More than the rep may give, and no more than somebody above may; None for no such amount."""
    approval, most = decision.approval, decision.up_to
    if approval is None or isinstance(most, Unlimited):
        return None
    if most == 0:
        return _amount(decision.remedy, approval.up_to, size, worker, currency, random)
    more = max(most + 1, round(most * random.choice((1.25, 1.5, 1.5, 2.0))))
    return more if covers(approval.up_to, more) else None


def _wish(decision: Decision, amount: int, *, above: bool) -> Wish:
    return Wish(decision.remedy, amount, above, decision.rests_on)


def _amount(
    remedy: Remedy, most: Bound, size: int, worker: Worker, currency: str, random: Random
) -> int:
    """An amount that people would name: not above `most`, in round figures where there is room."""
    usual = {Unit.MONEY: size, Unit.PERCENT: 2_000, Unit.COUNT: 1, Unit.DAYS: 14}[remedy.unit]
    wanted = usual if isinstance(most, Unlimited) else min(usual, most)
    if remedy.kind is RemedyKind.GOODWILL and remedy.unit is not Unit.COUNT:
        wanted = round(wanted * random.triangular(0.3, 1.0, 0.4 + 0.6 * worker.generosity))
    step = {Unit.MONEY: 10 ** exponent(currency) // 2, Unit.PERCENT: 500}.get(remedy.unit, 1)
    return max(wanted - wanted % max(step, 1) if wanted > step else wanted, 1)


def waiting(most: timedelta, random: Random) -> timedelta:
    """How long a decision takes: some minutes mostly, and less than `most`."""
    return min(timedelta(minutes=random.lognormvariate(1.3, 0.7)), most * 0.9)


def ruling(random: Random, *, generous: bool) -> float:
    """How much of what is asked for is approved, from 0 to 1."""
    fate = random.random()
    if fate < (0.95 if generous else 0.5):
        return 1.0
    return random.choice((0.5, 0.6, 0.75)) if fate < (0.98 if generous else 0.74) else 0.0


def quality(policy: str, seed: int) -> float:
    """How much better than others a policy's explanation is, from -0.2 to 0.15."""
    return Random(f"{seed}/policy/{policy}").uniform(-0.2, 0.15)  # noqa: S311 - a simulation


def resolves(chance: float, worker: Worker, again: int, random: Random) -> bool:
    """Whether a contact ends well; `chance` is what explanation and remedy make of it."""
    chance += 0.12 * worker.skill - 0.06 * again
    return random.random() < min(max(chance, 0.05), 0.97)


def returns_after(random: Random, *, resolved: bool) -> timedelta | None:
    """After how many days the customer is in touch about the same; None if never."""
    if random.random() > (0.06 if resolved else 0.45):
        return None
    return timedelta(days=1 + min(int(random.expovariate(1 / 2)), 9))


def cause(usual: Cause, random: Random) -> Cause:
    """What the rep puts down as the cause: mostly what the library says of the issue."""
    return usual if random.random() < 0.75 else random.choice(list(Cause))
