"""Which addresses may be spoken to."""

import asyncio
from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from scrapy.exceptions import CannotResolveHostError

from crawler.addresses import RefusedAddress, check_unresolved, literal, may_connect
from crawler.resolver import TTL, SafeResolver

LOOPBACK = (ip_network("127.0.0.0/8"),)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a00:1::1", "fe80::1", "fc00::1", "fd12:3456::1", "fec0::1",
        "ff02::1", "2001:db8::1", "2001:0:4136:e378:8000:63bf:f5ff:fffe",
    ],
)  # fmt: skip
def test_an_address_that_is_not_on_the_public_internet_is_refused(address: str) -> None:
    assert not may_connect(ip_address(address), 80, ())


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2a00:1450:4001:81b::200e", "64:ff9b::808:808"])
def test_a_public_address_is_spoken_to_on_the_webs_ports_only(address: str) -> None:
    assert may_connect(ip_address(address), 443, ())
    assert not may_connect(ip_address(address), 6379, ())


def test_an_allowed_network_is_exempt_with_all_its_ports_and_in_its_mapped_form() -> None:
    assert may_connect(ip_address("127.0.3.4"), 8080, LOOPBACK)
    assert may_connect(ip_address("::ffff:127.0.0.1"), 8080, LOOPBACK)
    assert not may_connect(ip_address("10.0.0.1"), 80, LOOPBACK)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("2130706433", "127.0.0.1"), ("0x7f000001", "127.0.0.1"), ("0177.0.0.1", "127.0.0.1"), ("127.1", "127.0.0.1"),
        ("[::1]", "::1"), ("fe80::1%eth0", "fe80::1"), ("8.8.8.8", "8.8.8.8"),
    ],
)  # fmt: skip
def test_every_form_that_an_address_is_written_in_is_read(host: str, address: str) -> None:
    assert literal(host) == ip_address(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "[::1]", "localhost", "nas.local", "db.internal", "intranet", "a.b.home.arpa."]
)
def test_behind_a_proxy_private_addresses_and_names_are_refused_before_anything_is_sent(host: str) -> None:
    with pytest.raises(RefusedAddress):
        check_unresolved(host, 80, ())


def test_behind_a_proxy_public_names_pass_but_not_other_ports() -> None:
    check_unresolved("www.sahifa.example", 443, ())
    with pytest.raises(RefusedAddress):
        check_unresolved("www.sahifa.example", 22, ())
    check_unresolved("127.0.0.1", 8080, LOOPBACK)


class Names:
    """A name service: answers from a table, counts its questions."""

    def __init__(self, **table: list[str]) -> None:
        self.table = {name.replace("_", "."): addresses for name, addresses in table.items()}
        self.asked: list[str] = []

    def __call__(self, host: str, port: None, **flags: object) -> Sequence[tuple[Any, ...]]:
        self.asked.append(host)
        if host not in self.table:
            raise OSError("no such name")
        return [(2, 1, 6, "", (address, 0)) for address in self.table[host]]


def test_a_name_with_public_and_private_addresses_gives_the_public_ones_only() -> None:
    resolver = SafeResolver(getaddrinfo=Names(mixed_example=["10.0.0.1", "8.8.8.8", "::1"]))
    assert asyncio.run(resolver.lookup("mixed.example", 80)) == [ip_address("8.8.8.8")]


def test_a_name_that_leads_home_is_refused_and_an_unknown_one_is_not_found() -> None:
    resolver = SafeResolver(getaddrinfo=Names(home_example=["127.0.0.1"]))
    with pytest.raises(RefusedAddress, match=r"127\.0\.0\.1"):
        asyncio.run(resolver.lookup("home.example", 80))
    with pytest.raises(CannotResolveHostError):
        asyncio.run(resolver.lookup("nowhere.example", 80))


def test_an_answer_is_kept_for_five_minutes_and_asked_for_once_by_many() -> None:
    names, now = Names(a_example=["8.8.8.8"]), [0.0]
    resolver = SafeResolver(getaddrinfo=names, clock=lambda: now[0])

    async def many() -> None:
        await asyncio.gather(*(resolver.lookup("a.example", 443) for _ in range(20)))
        now[0] = TTL - 1
        await resolver.lookup("A.example", 80)
        assert len(names.asked) == 1
        now[0] = TTL + 1
        await resolver.lookup("a.example", 80)
        assert len(names.asked) == 2

    asyncio.run(many())


def test_the_proxy_itself_may_be_on_a_private_network() -> None:
    resolver = SafeResolver(exempt={"proxy.example"}, getaddrinfo=Names(proxy_example=["10.9.9.9"]))
    assert asyncio.run(resolver.lookup("proxy.example", 3128)) == [ip_address("10.9.9.9")]
