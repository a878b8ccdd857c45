"""From where a request comes: the connection's word, or our own proxies' and nobody else's."""

import pytest

from agent_assist.core.addresses import origin_of, read_network

PROXIES = [read_network(one) for one in ("10.0.0.0/8", "::1")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "origin"),
    [
        ("192.0.2.7", "", "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),  # a stranger says what it likes
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "192.0.2.9, 198.51.100.1", "198.51.100.1"),  # the client wrote the first
        ("::1", "198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("::ffff:192.0.2.7", "", "192.0.2.7"),
        ("10.0.0.1", "", None),
        ("10.0.0.1", "unknown", None),
        ("10.0.0.1", "192.0.2.7, nonsense", None),
        ("", "192.0.2.7", None),
        (None, "", None),
    ],
)
def test_address_is_the_last_that_is_not_a_proxy_of_ours(
    peer: str | None, forwarded: str, origin: str | None
) -> None:
    found = origin_of(peer, forwarded, PROXIES)

    assert (None if found is None else str(found)) == origin


def test_without_proxies_the_connection_alone_counts() -> None:
    assert str(origin_of("10.0.0.1", "192.0.2.7", [])) == "10.0.0.1"
