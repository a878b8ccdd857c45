"""Addresses: from where a request comes, the networks of keys, and what lies outside of ours."""

from collections.abc import Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_UNICAST = IPv6Network("2000::/3")
_TRANSLATED = IPv6Network("64:ff9b::/96")
_SPECIAL = (
    ip_network("192.0.0.0/24"),  # whole: some versions of `ipaddress` know a part of it alone
    ip_network("192.88.99.0/24"),
    ip_network("2001::/23"),
    ip_network("3fff::/20"),
    ip_network("168.63.129.16/32"),  # Azure's, for its own machines, amid addresses like any other
)


def read_network(text: str) -> Network:
    """A network such as `192.0.2.0/24`, or one address; ValueError says what is wrong."""
    try:
        return ip_network(text)
    except ValueError:
        raise ValueError(
            "must be an address or a network such as 192.0.2.0/24, with zeros after its prefix"
        ) from None


def is_within(address: Address, networks: Sequence[Network]) -> bool:
    """Whether an address lies in any of some networks."""
    return any(address in network for network in networks)


def is_public(address: Address) -> bool:
    """Whether an address belongs to the internet, and not to this host, a network or a cloud.

    What stands for an IPv4 address inside of an IPv6 one is judged as that.

    Source: IANA's special-purpose address registries, as `ipaddress` has them.
    """
    if isinstance(address, IPv6Address):
        inner = _inner(address)
        if inner is not None:
            return is_public(inner)
        if address not in _UNICAST:
            return False
    return address.is_global and not address.is_multicast and not is_within(address, _SPECIAL)


def _inner(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that packets to an IPv6 one end at: mapped, 6to4 or NAT64."""
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def origin_of(peer: str | None, forwarded: str, proxies: Sequence[Network]) -> Address | None:
    """From where a request comes; None if that cannot be told.

    Args:
        peer: who is connected to us.
        forwarded: the header `X-Forwarded-For`: whoever sent it wrote what is in it, and each
            proxy added, at its end, from whom it had the request.
        proxies: whose word counts. What a stranger says of itself never does.
    """
    said = [one.strip() for one in forwarded.split(",")] if forwarded else []
    for text in (peer or "", *reversed(said)):
        address = _read(text)
        if address is None or not is_within(address, proxies):
            return address
    return None  # all that is known are our own proxies


def _read(text: str) -> Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    # A socket that takes both kinds calls 192.0.2.7 ::ffff:192.0.2.7.
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
