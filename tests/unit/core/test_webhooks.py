"""Webhooks: where they may lead, what they are told of, and when it is tried again."""

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.core.addresses import is_public
from agent_assist.core.webhooks import MOST_JITTER, is_of, next_try, origin_of, rest, url_fault

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
LOOPBACK = (ip_network("127.0.0.0/8"),)
NOT_OURS_TO_REACH = [
    ip_network(one)
    for one in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
    )
]  # fmt: skip


@pytest.mark.parametrize(
    "address",
    [
        "::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "::127.0.0.1",
        "::ffff:10.0.0.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:0:1::1", "2001:db8::1",
        "169.254.169.254", "100.100.100.200", "192.0.0.192", "168.63.129.16", "255.255.255.255",
    ],
)  # fmt: skip
def test_address_of_a_host_a_network_or_a_cloud_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"]
)
def test_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@given(st.sampled_from(NOT_OURS_TO_REACH), st.integers(min_value=0))
def test_no_writing_of_an_inner_address_makes_it_public(network: object, number: int) -> None:
    assert hasattr(network, "num_addresses")
    inner = network[number % network.num_addresses]  # type: ignore[index]
    written = (
        inner,
        IPv6Address(f"::ffff:{inner}"),
        IPv6Address(f"64:ff9b::{inner}"),
        IPv6Address(f"::{inner}"),
        IPv6Address((0x2002 << 112) | (int(inner) << 80) | 1),
    )

    assert not any(is_public(one) for one in written)


@given(st.integers(min_value=0, max_value=2**32 - 1))
def test_all_writings_of_an_address_are_judged_alike(number: int) -> None:
    inner = IPv4Address(number)

    assert is_public(IPv6Address(f"::ffff:{inner}")) is is_public(inner)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/", "https://", "https://u:p@hooks.example/", "https://a.b/#x",
        "ftp://hooks.example/", "https://hooks.example:0/", "https://hooks.example:99999/",
        "https://hooks.example/a b", "https://hooks.example\\@127.0.0.1/", "https://[::1/",
        "https://10.0.0.1/", "https://[::ffff:127.0.0.1]/", "https://127.0.0.1/",
        "http://127.0.0.1/", "http://localhost/", "//hooks.example", "https://hoöks.example/",
        "https://hooks.example/" + "a" * 2_000, "https://hooks.example/\n",
    ],
)  # fmt: skip
def test_url_that_leads_nowhere_or_to_ourselves_is_refused(url: str) -> None:
    assert url_fault(url, ())


def test_http_is_for_this_host_alone_and_only_where_operators_allow_it() -> None:
    assert url_fault("https://hooks.example:8443/a?token=b", ()) is None
    assert url_fault("http://127.0.0.1:9000/", LOOPBACK) is None
    assert url_fault("http://localhost:9000/", LOOPBACK) is None
    assert url_fault("http://10.0.0.1/", [ip_network("10.0.0.0/8")])
    assert url_fault("https://10.0.0.1/", [ip_network("10.0.0.0/8")]) is None


def test_origin_leaves_out_what_may_be_a_secret() -> None:
    assert origin_of("https://hooks.example:8443/T0/B0?token=s") == "https://hooks.example:8443"


def test_types_are_wanted_by_name_or_by_first_word() -> None:
    assert is_of("grant.captured", ())
    assert is_of("grant.captured", ("approval.decided", "grant"))
    assert is_of("approval.decided", ("approval.decided",))
    assert not is_of("approval.requested", ("approval.decided", "grant"))
    assert not is_of("grants.made", ("grant",))


def test_message_is_tried_ten_times_in_three_days_and_then_no_more() -> None:
    at, tries = NOON, 1
    while (again := next_try(tries, at, 0)) is not None:
        at, tries = again, tries + 1

    assert (tries, at - NOON) == (10, timedelta(hours=75, minutes=35, seconds=5))


@given(st.integers(1, 9), st.integers(0, MOST_JITTER))
def test_jitter_only_ever_adds_and_at_most_a_fifth(tries: int, jitter: int) -> None:
    plain, late = next_try(tries, NOON, 0), next_try(tries, NOON, jitter)
    assert plain is not None
    assert late is not None

    assert timedelta() <= late - plain <= (plain - NOON) / 5


def test_webhook_that_fails_is_left_alone_for_minutes_at_most() -> None:
    rests = [rest(failures, NOON, 0) - NOON for failures in (1, 2, 3, 4, 50)]

    assert rests == [timedelta(seconds=one) for one in (5, 20, 80, 300, 300)]
