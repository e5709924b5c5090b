"""What the operator's settings open, and what nothing opens."""

from __future__ import annotations

import ipaddress

import pytest

from studio.outgoing.errors import Denied
from studio.outgoing.policy import Policy

HOST = "models.internal"


def is_allowed(policy: Policy, text: str, host: str = HOST) -> bool:
    return policy.denied_kind(host, ipaddress.ip_address(text)) is None


def test_without_a_word_of_the_operator_only_public_addresses_are_allowed() -> None:
    policy = Policy()
    assert is_allowed(policy, "8.8.8.8")
    private = (
        "127.0.0.1",
        "::1",
        "10.0.0.1",
        "fd12::1",
        "100.64.0.1",
        "169.254.1.1",
        "fd00:ec2::254",
        "192.0.2.1",
    )
    assert not any(is_allowed(policy, text) for text in private)


def test_private_networks_are_opened_and_metadata_is_not() -> None:
    policy = Policy(private=True)
    assert all(
        is_allowed(policy, text)
        for text in ("127.0.0.1", "::1", "10.0.0.1", "fd12::1", "100.64.0.1")
    )
    closed = (
        "169.254.169.254",
        "169.254.1.1",
        "fd00:ec2::254",
        "100.100.100.200",
        "0.0.0.0",
        "224.0.0.1",
        "192.0.2.1",
    )
    assert not any(is_allowed(policy, text) for text in closed)


def test_a_network_opens_what_lies_in_it() -> None:
    policy = Policy(allow=("10.1.2.0/24", "fd12::/64"))
    assert is_allowed(policy, "10.1.2.3")
    assert is_allowed(policy, "::ffff:10.1.2.3")
    assert is_allowed(policy, "fd12::9")
    assert not is_allowed(policy, "10.1.3.3")


def test_a_host_name_opens_its_own_addresses_alone() -> None:
    policy = Policy(allow=("git.internal", "*.models.internal"))
    assert is_allowed(policy, "10.0.0.1", "git.internal")
    assert is_allowed(policy, "10.0.0.1", "A.Models.Internal.")
    assert not is_allowed(policy, "10.0.0.1", "evil.example")
    assert not is_allowed(policy, "169.254.169.254", "git.internal")


@pytest.mark.parametrize("network", ["0.0.0.0/0", "169.254.0.0/16", "::/0"])
def test_no_network_opens_a_metadata_address(network: str) -> None:
    policy = Policy(private=True, allow=(network,))
    assert not is_allowed(policy, "169.254.169.254")
    assert not is_allowed(policy, "fd00:ec2::254")


def test_a_metadata_address_is_opened_by_itself_alone_and_multicast_by_nothing() -> None:
    policy = Policy(allow=("169.254.169.254", "224.0.0.1", "0.0.0.0"))
    assert is_allowed(policy, "169.254.169.254")
    assert not is_allowed(policy, "224.0.0.1")
    assert not is_allowed(policy, "0.0.0.0")


def test_one_closed_address_among_open_ones_closes_the_name() -> None:
    addresses = [ipaddress.ip_address(text) for text in ("8.8.8.8", "10.0.0.1")]
    with pytest.raises(Denied, match=r"models\.internal has a private address.*OUTGOING_PRIVATE"):
        Policy().check_addresses(HOST, addresses)


def test_a_host_that_the_list_leaves_out_is_denied_by_name() -> None:
    policy = Policy(hosts=("*.example.org",), setting="WEBHOOK_HOSTS")
    policy.check_host("a.example.org")
    with pytest.raises(
        Denied, match=r"does not connect to example\.org\.evil\.example: WEBHOOK_HOSTS"
    ):
        policy.check_host("example.org.evil.example")
