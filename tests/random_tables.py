"""Any table of limits and any budgets that a small vocabulary has words for."""

from hypothesis import strategies as st

from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.core.ceilings import Ceiling, Fixed, PerCount, ShareOf
from agent_assist.core.conditions import Is, NoneOf, OneOf, Test, Within
from agent_assist.core.limits import Effect, LimitRow, Offer
from agent_assist.core.vocabulary import Unit
from agent_assist.library.files import hidden_character
from tests.builders import LEVELS, a_vocabulary

VOCABULARY = a_vocabulary()
CHOICES = VOCABULARY.facts["customer.tier"].choices
_amounts = st.integers(0, 10**12)
_most = st.none() | _amounts
_keys = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,12}", fullmatch=True)
_texts = st.one_of(
    st.sampled_from(["=1+1", "+1", "-1", "@x", "'quoted'", '"', ",;\n", "=\r\n\t", "_x000D_", "-"]),
    st.text(st.characters(codec="utf-8"), max_size=40),
).filter(lambda text: not hidden_character(text.replace("\r", "\n")))
_numbers = st.one_of(
    st.tuples(_amounts, _amounts).map(lambda b: Within(min(b), max(b))),
    st.builds(Within, _amounts, st.none()),
    st.builds(Within, st.none(), _amounts),
)
_some_choices = st.sets(st.sampled_from(CHOICES), min_size=1, max_size=len(CHOICES) - 1)
_tests: dict[str, st.SearchStrategy[Test]] = {
    "customer.tier": _some_choices.map(frozenset).map(OneOf)
    | _some_choices.map(frozenset).map(lambda some: NoneOf(some, frozenset(CHOICES))),
    "customer.months": _numbers,
    "fee.amount": _numbers,
    "fee.disclosed": st.booleans().map(Is),
    "fee.day": st.tuples(*[st.integers(700_000, 800_000)] * 2).map(
        lambda b: Within(min(b), max(b))
    ),
}
_conditions = st.fixed_dictionaries({}, optional=_tests)
_money = st.builds(Fixed, _amounts) | st.builds(
    ShareOf, st.integers(0, 999_999), st.just("fee.amount"), _most
)
_terms = {
    Unit.MONEY: _money | st.builds(PerCount, _amounts, st.just("cards.count"), _most),
    Unit.PERCENT: st.builds(Fixed, st.integers(0, 999_999)),
    Unit.COUNT: st.builds(Fixed, _amounts),
    Unit.DAYS: st.builds(PerCount, _amounts, st.just("cards.count"), _most),
}


def _said(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


@st.composite
def _rows(draw: st.DrawFn, key: str) -> LimitRow:
    remedy = draw(st.sampled_from(list(VOCABULARY.remedies.values())))
    effect = draw(st.sampled_from(Effect))
    ceilings = st.one_of(
        st.just(Ceiling(unlimited=True)),
        st.lists(_terms[remedy.unit], min_size=1, max_size=3).map(lambda t: Ceiling(tuple(t))),
    )
    days = sorted(draw(st.tuples(st.dates(), st.dates())))
    return LimitRow(
        key=key,
        remedy=remedy.key,
        effect=effect,
        offer=draw(st.sampled_from(Offer)),
        priority=draw(st.integers(-1000, 1000)),
        issues=draw(st.frozensets(st.sampled_from(list(VOCABULARY.issues)))),
        conditions=draw(_conditions),
        ceilings=(
            draw(st.dictionaries(st.sampled_from(LEVELS), ceilings, min_size=1))
            if effect is Effect.ALLOW
            else {}
        ),
        say=_said(draw(_texts)),
        reason=_said(draw(_texts)),
        effective_from=draw(st.none() | st.just(days[0])),
        effective_to=draw(st.none() | st.just(days[1])),
    )


a_table = st.lists(_keys, unique=True, max_size=6).flatmap(
    lambda keys: st.tuples(*(_rows(key) for key in keys))
)
_caps = st.dictionaries(st.sampled_from(LEVELS), _amounts, min_size=1)
some_budgets = st.lists(
    st.builds(
        Budget,
        key=_keys,
        scope=st.sampled_from(Scope),
        window=st.sampled_from(Window),
        remedies=st.sets(st.sampled_from(["fee_waiver", "goodwill_credit", "courier_card"])).map(
            lambda keys: frozenset(keys | {"fee_waiver"}) if keys else frozenset()
        ),
        conditions=_conditions,
        amounts=_caps,
        counts=st.just({}) | _caps,
        warn_at=st.none() | st.integers(1, 10_000),
    ),
    unique_by=lambda budget: budget.key,
    max_size=6,
).map(tuple)
