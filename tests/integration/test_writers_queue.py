"""Writers of the same things queue, so that what one has read stays true until it has written."""

import threading

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import sessionmaker

from agent_assist.store.database import Database
from agent_assist.store.locks import lock
from agent_assist.store.schema import ScopeLock


def test_what_a_writer_has_read_under_a_lock_stays_true_until_it_has_written(
    engine: Engine,
) -> None:
    one, other = Database(sessionmaker(engine)), Database(sessionmaker(engine))
    finished: list[str] = []

    def interfere() -> None:
        with other.writing() as session:
            lock(session, ["shared"])
            session.add(ScopeLock(id="other"))
        finished.append("other")

    with one.writing() as session:
        lock(session, ["shared"])
        count = select(func.count()).select_from(ScopeLock).where(ScopeLock.id != "shared")
        before = session.scalar(count)
        thread = threading.Thread(target=interfere)
        thread.start()
        thread.join(timeout=0.5)
        session.add(ScopeLock(id="one"))
        session.flush()
        after = session.scalar(count)
        finished.append("one")
    thread.join(timeout=20)

    assert (before, after) == (0, 1)
    assert finished == ["one", "other"]
