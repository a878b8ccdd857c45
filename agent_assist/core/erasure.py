"""Whose a record is: which contacts and orders are a customer's, and no other's."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple


class Named(NamedTuple):
    """Whom one record names; None for nobody."""

    customer: str | None
    contact: str | None
    order: str | None


@dataclass(frozen=True, slots=True)
class Theirs:
    """What is a customer's.

    Attributes:
        contacts, orders: ids that are theirs alone.
        shared: how many ids were named with them and with others too, and are nobody's alone.
    """

    customer: str
    contacts: frozenset[str]
    orders: frozenset[str]
    shared: int

    def covers(self, named: Named) -> bool:
        """Whether a record is theirs.

        It names them; or it names nobody, but a contact or an order that is theirs.
        """
        if named.customer is not None:
            return named.customer == self.customer
        return named.contact in self.contacts or named.order in self.orders


def theirs(customer: str, records: Collection[Named]) -> Theirs:
    """What is a customer's, by what records name together.

    Args:
        customer: their id.
        records: at least all that name the customer, or a contact or an order that is theirs.
    """
    others = {one for one in records if one.customer not in (None, customer)}
    taken = _contacts(others), _orders(others)
    own = {one for one in records if one.customer == customer}
    shared = len(_contacts(own) & taken[0]) + len(_orders(own) & taken[1])
    unsaid = {one for one in records if one.customer is None}
    contacts, orders = set[str](), set[str]()
    while own:
        contacts |= _contacts(own) - taken[0]
        orders |= _orders(own) - taken[1]
        # Who named nobody there meant them.
        own = {one for one in unsaid if one.contact in contacts or one.order in orders}
        unsaid -= own
    return Theirs(customer, frozenset(contacts), frozenset(orders), shared)


def _contacts(records: Collection[Named]) -> set[str]:
    return {one.contact for one in records if one.contact is not None}


def _orders(records: Collection[Named]) -> set[str]:
    return {one.order for one in records if one.order is not None}
