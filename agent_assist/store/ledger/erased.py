"""What the audit remembers of rows whose customer was erased since they were written."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_assist.store.schema import AuditEntry, ErasedRow

ERASED = "customer.erase"
"""The act of an erasure; its content has `digests` by place."""

_AT_ONCE = 5_000


def digests_since(session: Session, seqs: Collection[int]) -> dict[int, str]:
    """The digests of erased rows, by their places in the audit; of others none.

    They are read from the entries of the erasures, which are chained as all are: `erased` only
    says where to look.
    """
    ordered, found = sorted(seqs), dict[int, str]()
    for start in range(0, len(ordered), _AT_ONCE):
        within = ErasedRow.seq.in_(ordered[start : start + _AT_ONCE])
        by_entry: dict[int, list[int]] = {}
        for seq, entry in session.execute(select(ErasedRow.seq, ErasedRow.erasure).where(within)):
            by_entry.setdefault(entry, []).append(seq)
        entries = select(AuditEntry.seq, AuditEntry.content).where(
            AuditEntry.seq.in_(by_entry), AuditEntry.act == ERASED
        )
        for entry, content in session.execute(entries):
            digests = content["digests"]
            found |= {seq: digests[str(seq)] for seq in by_entry[entry] if str(seq) in digests}
    return found
