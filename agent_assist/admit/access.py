"""Access: who may do what. The one table of it; whoever reads it knows."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from agent_assist.admit.callers import Caller, Reach, Scope
from agent_assist.core.people import Person, above_lowest
from agent_assist.store.sessions import OpenSession


class Role(StrEnum):
    """What a person is to the table.

    REP: of the lowest level, or of one that is not on the ladder. SUPERVISOR: of any level above
    it. TOP: of the highest. ADMINISTRATOR: whoever has the flag, at whatever level.
    """

    REP = "rep"
    SUPERVISOR = "supervisor"
    TOP = "top"
    ADMINISTRATOR = "administrator"


_NO, _OWN, _TEAM, _ALL = None, Reach.OWN, Reach.TEAM, Reach.ALL

_TABLE: Mapping[Scope, tuple[Reach | None, Reach | None, Reach | None, Reach | None]] = {
    # what                  rep    supervisor  top   administrator
    Scope.SUGGEST:        (_OWN,   _OWN,      _OWN,  _NO),
    Scope.DECIDE:         (_OWN,   _OWN,      _OWN,  _NO),
    Scope.LEVEL:          (_NO,    _NO,       _NO,   _NO),
    Scope.READ:           (_ALL,   _ALL,      _ALL,  _ALL),
    Scope.GRANT:          (_OWN,   _TEAM,     _ALL,  _ALL),
    Scope.RECORD:         (_OWN,   _TEAM,     _ALL,  _ALL),
    Scope.EVENTS:         (_OWN,   _TEAM,     _ALL,  _ALL),
    Scope.INSIGHTS:       (_NO,    _TEAM,     _ALL,  _ALL),
    Scope.APPROVE:        (_NO,    _TEAM,     _ALL,  _ALL),
    Scope.BRAKE:          (_NO,    _ALL,      _ALL,  _NO),
    Scope.LIMITS_READ:    (_NO,    _ALL,      _ALL,  _ALL),
    Scope.LIMITS_EDIT:    (_NO,    _ALL,      _ALL,  _NO),
    Scope.LIMITS_PUBLISH: (_NO,    _ALL,      _ALL,  _NO),
    Scope.PEOPLE:         (_NO,    _ALL,      _ALL,  _ALL),
    Scope.PEOPLE_EDIT:    (_NO,    _NO,       _NO,   _ALL),
    Scope.AUDIT:          (_NO,    _ALL,      _ALL,  _ALL),
    Scope.SYSTEMS:        (_NO,    _NO,       _NO,   _ALL),
    Scope.CUSTOMERS:      (_NO,    _NO,       _NO,   _ALL),
}  # fmt: skip

ACCESS: Mapping[Scope, Mapping[Role, Reach]] = MappingProxyType(
    {
        scope: MappingProxyType(
            {role: reach for role, reach in zip(Role, cells, strict=True) if reach is not None}
        )
        for scope, cells in _TABLE.items()
    }
)
"""For each scope, which roles' sessions have it, and how far it reaches.

A key has the scopes it was made with, and they reach everything: it vouches for whom it names. What
a session does it does as its person, whose level the use case looks at once more; reach is about
the work of others.
"""


OURS_ALONE = frozenset(
    {
        Scope.BRAKE,
        Scope.INSIGHTS,
        Scope.LIMITS_READ,
        Scope.LIMITS_EDIT,
        Scope.LIMITS_PUBLISH,
        Scope.PEOPLE,
        Scope.PEOPLE_EDIT,
        Scope.AUDIT,
        Scope.SYSTEMS,
        Scope.CUSTOMERS,
    }
)
"""What a session has only where it was opened in a page of ours: a page that embeds the panel may
be attacked, and then limits are out of its reach."""


AFTER_PROOF = frozenset(
    {
        "approve_draft",
        "publish_draft",
        "download_draft",
        "download_version",
        "download_brief",
        "download_measures",
        "download_grants",
        "download_approvals",
        "download_suggestions",
        "download_stakes",
        "download_evidence",
        "download_drift",
        "export_audit",
        "export_customer",
        "erase_customer",
        "add_user",
        "change_user",
        "invite_user",
        "reset_second_factor",
        "make_key",
        "add_host",
        "make_webhook",
        "change_webhook",
        "change_webhook_secret",
    }
)
"""Operations before which a session's person must have shown lately who they are: approving and
publishing drafts, files to be taken away, erasing, and whatever lets somebody in or gives them
more. They are worth stealing a session for. A key is not asked; the brake never waits."""


def roles_of(person: Person, ladder: Sequence[str]) -> frozenset[Role]:
    """What a person is, by their level and flag as they are now.

    Args:
        person: who is active.
        ladder: keys of the levels, lowest first.
    """
    decides = person.level in ladder[ladder.index(above_lowest(ladder)) :]
    roles = {Role.SUPERVISOR if decides else Role.REP}
    if decides and person.level == ladder[-1]:
        roles.add(Role.TOP)
    if person.admin:
        roles.add(Role.ADMINISTRATOR)
    return frozenset(roles)


def reach_of(person: Person, ladder: Sequence[str]) -> Mapping[Scope, Reach]:
    """How far each scope reaches that a person's session has; others it has not."""
    roles = roles_of(person, ladder)
    return {
        scope: max(cells[role] for role in roles & cells.keys())
        for scope, cells in ACCESS.items()
        if roles & cells.keys()
    }


def reach_in(session: OpenSession, ladder: Sequence[str]) -> Mapping[Scope, Reach]:
    """As `reach_of`, of what is left of it where the session was opened."""
    reach = reach_of(session.person, ladder)
    if session.host is None:
        return reach
    return {scope: far for scope, far in reach.items() if scope not in OURS_ALONE}


def acting(session: OpenSession, ladder: Sequence[str]) -> Caller:
    """The caller that an open session is, with what its person may do now."""
    reach = reach_in(session, ladder)
    return Caller(session.id, session.person.name, frozenset(reach), session, reach)
