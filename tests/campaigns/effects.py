"""Is what is planted in an organisation found, and nothing else? `make campaign-effects SEEDS=50`

For each seed there are two organisations: one with everything planted that `truth` tells, and one
with nothing. Every rule is the product's: its advice, or intervals of its measures that do not
meet. Found is what is planted; false is anything else that a rule finds, in either organisation.
"""

import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sqlalchemy import Engine, create_engine, insert
from sqlalchemy.orm import sessionmaker

from agent_assist.core.decide import CompiledLimits
from agent_assist.core.grants import Terms
from agent_assist.core.intervals import wilson
from agent_assist.core.limits import LimitTable
from agent_assist.core.measures import By, GrantsBy, Wanted
from agent_assist.core.people import EVERYTHING
from agent_assist.core.suggestion import Versions
from agent_assist.core.trimming import Lower
from agent_assist.core.tuning import Raise
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.measure import Measurer
from agent_assist.measure_grants import GrantMeasurer
from agent_assist.store.approvals.reading import pairs
from agent_assist.store.beyond import BeyondStore
from agent_assist.store.database import Database, configure
from agent_assist.store.declines import DeclineStore
from agent_assist.store.figures.days import Basis
from agent_assist.store.figures.given import GivenStore
from agent_assist.store.figures.keeping import FigureStore
from agent_assist.store.figures.reading import MeasureStore
from agent_assist.store.within import WithinStore
from agent_assist.trim import Trimmer
from agent_assist.tune import Tuner
from tests.builders import a_vocabulary
from tests.campaigns.organisation import LIMITS, an_organisation
from tests.campaigns.truth import (
    GENEROUS,
    GROWING,
    LOW,
    NULL,
    PARTNERS,
    PLANTED,
    RARE,
    SPENDERS,
    Truth,
)
from tests.campaigns.verdict import Progress, Verdict, arguments
from tests.conftest import upgrade
from tests.ledgers import NOON, publish_first

_OFTEN_ENOUGH = 0.95
_FALSE = 0.05
"""What 95 % intervals allow to be found where there is nothing, of all that was looked at."""
_MONTH = timedelta(days=27)


class Found(NamedTuple):
    """Something that a rule says: of which kind, and about what."""

    rule: str
    about: str


TO_FIND = frozenset(
    {
        Found("raise", LOW),
        Found("lower", GENEROUS),
        Found("drop", RARE),
        Found("grows", GROWING),
        Found("overspends", SPENDERS),
        Found("favours", "/".join(PARTNERS)),
    }
)


class Looked(NamedTuple):
    """What was found in an organisation, and at how many things each rule looked."""

    found: frozenset[Found]
    chances: Counter[str]


def main() -> int:
    """Run the campaign from the command line."""
    given = arguments(__doc__, trials="seeds", usually=50).parse_args()
    return effects(seeds=given.trials, seed=given.seed).show(as_json=given.as_json)


def effects(*, seeds: int, seed: int) -> Verdict:
    """Look at so many organisations with everything planted, and as many with nothing."""
    found: Counter[Found] = Counter()
    false: Counter[str] = Counter()
    chances: Counter[str] = Counter()
    progress = Progress("seeds", seeds)
    with TemporaryDirectory() as folder:
        empty = _an_empty_database(Path(folder))
        for number in range(seeds):
            for truth, wanted in ((PLANTED, TO_FIND), (NULL, frozenset[Found]())):
                looked = _look_at(empty, truth, seed + number)
                found.update(looked.found & wanted)
                false.update(one.rule for one in looked.found - wanted)
                chances.update(looked.chances)
                chances.subtract(one.rule for one in wanted)
            progress.at(number + 1)
    return Verdict(
        campaign="effects",
        seed=seed,
        trials=seeds,
        figures={
            **{f"{one.rule} {one.about} found": _of(found[one], seeds) for one in sorted(TO_FIND)},
            **{f"{rule} false": f"{false[rule]} of {n}" for rule, n in sorted(chances.items())},
        },
        faults={
            **{
                f"{one.rule} found too seldom": int(found[one] < _OFTEN_ENOUGH * seeds)
                for one in sorted(TO_FIND)
            },
            **{
                f"{rule} false too often": int(_is_too_often(false[rule], n))
                for rule, n in sorted(chances.items())
            },
        },
    )


def _is_too_often(false: int, of: int) -> bool:
    """Whether chance does not explain it, where what is stated is true."""
    return of > 0 and wilson(false, of)[0] > _FALSE


def _of(found: int, seeds: int) -> str:
    return f"{found} of {seeds}, so in at least {wilson(found, seeds)[0]:.1%} (95 %)"


def _an_empty_database(folder: Path) -> Path:
    made = folder / "empty.db"
    engine = create_engine(f"sqlite:///{made}")
    configure(engine)
    upgrade(engine)
    publish_first(engine)
    engine.dispose()
    return made


def _look_at(empty: Path, truth: Truth, seed: int) -> Looked:
    with _opened(empty) as engine:
        with engine.begin() as connection:
            for table, rows in an_organisation(truth, seed).items():
                if rows:
                    connection.execute(insert(table), rows)
        return _Observer(engine).look()


@contextmanager
def _opened(empty: Path) -> Iterator[Engine]:
    own = empty.with_name("own.db")
    for old in empty.parent.glob("own.db*"):
        old.unlink()
    shutil.copy(empty, own)
    engine = create_engine(f"sqlite:///{own}")
    configure(engine)
    try:
        yield engine
    finally:
        engine.dispose()


class _Observer:
    """Looks at an organisation by the product's rules."""

    def __init__(self, engine: Engine) -> None:
        self._vocabulary: Vocabulary = a_vocabulary()
        self._terms = Terms(
            Versions(1, 1, 1),
            self._vocabulary,
            CompiledLimits(LimitTable(1, tuple(LIMITS)), self._vocabulary),
            (),
        )
        self._database = Database(sessionmaker(engine))
        self._found: set[Found] = set()
        self._chances: Counter[str] = Counter()
        self._measurer = Measurer(
            FigureStore(self._database, lambda _: NOON, logs=timedelta(days=365)),
            MeasureStore(self._database),
            now=lambda: NOON,
            # Whoever measures has all the time there is.
            seconds=lambda: 0.0,
        )
        self._basis = Basis(1, self._vocabulary)
        self._today = self._vocabulary.day(NOON)

    def look(self) -> Looked:
        """By every rule."""
        self._advice()
        self._causes()
        self._teams()
        self._partners()
        return Looked(frozenset(self._found), self._chances)

    def _advice(self) -> None:
        declines = DeclineStore(self._database, lambda _: NOON)
        beyond = BeyondStore(self._database, lambda _: NOON)
        tuning = Tuner(beyond, declines, now=lambda: NOON).look(self._terms, None, None, None)
        for cell in tuning.cells:
            self._note("raise", cell.evidence.cell.row, found=isinstance(cell.advice, Raise))
        within = WithinStore(self._database, lambda _: NOON)
        trimming = Trimmer(within, declines, now=lambda: NOON).look(self._terms, None, None, None)
        for trimmed in trimming.cells:
            self._note("lower", trimmed.use.cell.row, found=isinstance(trimmed.advice, Lower))
        idle = {one.idle.row.key for one in trimming.rows if one.why_kept is None}
        for row in LIMITS:
            self._note("drop", row.key, found=row.key in idle)

    def _causes(self) -> None:
        """A cause grows where the interval of its share in the last four weeks is all higher."""
        before = self._shares(self._today - timedelta(days=90))
        after = self._shares(self._today - _MONTH)
        for cause, (low, _) in after.items():
            grows = cause in before and low > before[cause][1]
            self._note("grows", cause, found=grows)

    def _shares(self, since: date) -> dict[str, tuple[float, float]]:
        """Of contacts with an outcome: where the share of each cause lies."""
        wanted = Wanted(since, since + _MONTH)
        found = self._measurer.look(self._basis, wanted, By.CAUSE)
        return {
            one.key: wilson(one.ended, found.total.ended)
            for one in found.items
            if one.key is not None
        }

    def _teams(self) -> None:
        """A team overspends where it gives in more of its contacts than the others in theirs.

        A contact has one grant at most here, so that grants of contacts are a share.
        """
        wanted = Wanted(self._today - timedelta(days=90), self._today)
        contacts = self._measurer.look(self._basis, wanted, By.TEAM)
        grants = GrantMeasurer(self._measurer, GivenStore(self._database))
        given = grants.grants(self._basis, wanted, GrantsBy.TEAM)
        of = {one.key: one.contacts for one in contacts.items}
        for one in given.items:
            rest = given.total.given.count - one.given.count
            low, _ = wilson(one.given.count, of[one.key])
            _, high = wilson(rest, contacts.total.contacts - of[one.key])
            self._note("overspends", str(one.key), found=low > high)

    def _partners(self) -> None:
        with self._database.reading() as session:
            for pair in pairs(session, EVERYTHING):
                self._note("favours", f"{pair.one}/{pair.other}", found=True)

    def _note(self, rule: str, about: str, *, found: bool) -> None:
        self._chances[rule] += 1
        if found:
            self._found.add(Found(rule, about))


if __name__ == "__main__":
    sys.exit(main())
