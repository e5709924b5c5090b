"""Which networks an address belongs to, however it is written down."""

from __future__ import annotations

import ipaddress

import pytest

from studio.outgoing.addresses import kind_of


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("169.254.169.254", "cloud metadata"),
        ("fd00:ec2::254", "cloud metadata"),
        ("100.100.100.200", "cloud metadata"),
        ("168.63.129.16", "cloud metadata"),
        ("fd00:c1::a9fe:a9fe", "cloud metadata"),
        ("fd20:ce::254", "cloud metadata"),
        ("fd00:42::42", "cloud metadata"),
        ("fd00:a9fe:a9fe::1", "cloud metadata"),
        ("::ffff:169.254.169.254", "cloud metadata"),
        ("64:ff9b::a9fe:a9fe", "cloud metadata"),
        ("64:ff9b:1::a9fe:a9fe", "cloud metadata"),
        ("2002:a9fe:a9fe::1", "cloud metadata"),
        ("::169.254.169.254", "cloud metadata"),
        ("2a00:1450::5efe:a9fe:a9fe", "cloud metadata"),
        ("::ffff:0:a9fe:a9fe", "cloud metadata"),
        ("fd00::5efe:a9fe:a9fe", "cloud metadata"),  # private, and a way to what is not
        ("::ffff:0:7f00:1", "loopback"),
        ("64:ff9b:1:7f00:0:100:808:808", "reserved"),  # 127.0.0.1 in another of six places
        ("127.0.0.1", "loopback"),
        ("127.255.0.1", "loopback"),
        ("::1", "loopback"),
        ("64:ff9b::7f00:1", "loopback"),
        ("10.0.0.1", "private"),
        ("172.31.255.255", "private"),
        ("192.168.1.1", "private"),
        ("fd12:3456::1", "private"),
        ("fec0::1", "private"),
        ("2002:c0a8:101::1", "private"),
        ("100.64.0.1", "shared"),
        ("169.254.1.1", "link-local"),
        ("fe80::1", "link-local"),
        ("0.0.0.0", "unspecified"),
        ("0.1.2.3", "unspecified"),
        ("::", "unspecified"),
        ("224.0.0.1", "multicast"),
        ("ff02::1", "multicast"),
        ("255.255.255.255", "reserved"),
        ("198.18.0.1", "reserved"),
        ("192.0.2.1", "reserved"),
        ("2001:db8::1", "reserved"),
        ("3fff::1", "reserved"),
        ("5f00::1", "reserved"),
        ("192.88.99.1", "reserved"),
        ("2001:0:808:808::1", "reserved"),
    ],
)
def test_an_address_that_is_no_public_one_is_told_by_its_kind(text: str, kind: str) -> None:
    assert kind_of(ipaddress.ip_address(text)) == kind


@pytest.mark.parametrize(
    "text",
    [
        "8.8.8.8",
        "100.128.0.1",
        "172.32.0.1",
        "2606:4700::1111",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
    ],
)
def test_a_public_address_has_no_kind(text: str) -> None:
    assert kind_of(ipaddress.ip_address(text)) is None
