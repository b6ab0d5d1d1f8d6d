"""Where trunks are on the network."""

import socket
from collections.abc import Iterator
from dataclasses import replace

import dns.resolver
import pytest

from app.services.lookup import Gateway
from freeswitch import neighbours as module
from freeswitch.neighbours import Neighbours
from tests.freeswitch.name_server import name_server

PSTN = Gateway("trunk-1", "operator.test", "user", "s3cret", True, 1, True)
NAPTR = '10 10 "s" "SIP+D2U" "" _sip._udp.elsewhere.test.'


@pytest.fixture
def hosts(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[str, ...]]:
    """What each host name means to this machine; any other means nothing."""
    known: dict[str, tuple[str, ...]] = {}

    def found(name: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        if name in known:
            return [(socket.AF_INET, socket.SOCK_DGRAM, 17, "", (address, 0)) for address in known[name]]
        raise socket.gaierror(f"{name} is not known")

    monkeypatch.setattr(module.socket, "getaddrinfo", found)
    return known


@pytest.fixture
def zone() -> dict[tuple[str, str], str]:
    """What DNS says."""
    return {}


@pytest.fixture
def neighbours(zone: dict[tuple[str, str], str], hosts: dict[str, tuple[str, ...]]) -> Iterator[Neighbours]:
    with name_server(zone) as resolver:
        yield Neighbours(resolver)


@pytest.mark.parametrize(
    ("proxy", "addresses"),
    [
        ("10.1.1.1", ("10.1.1.1/32",)),
        ("10.1.1.1:5070", ("10.1.1.1/32",)),
        ("[2001:db8::1]:5070", ("2001:db8::1/128",)),
        ("[2001:db8::1]", ("2001:db8::1/128",)),
    ],
)
def test_an_address_is_its_own(proxy: str, addresses: tuple[str, ...]) -> None:
    assert Neighbours().of(replace(PSTN, proxy=proxy)) == addresses


def test_a_name_has_all_its_addresses_once(neighbours: Neighbours, hosts: dict[str, tuple[str, ...]]) -> None:
    hosts["operator.test"] = ("10.1.1.2", "10.1.1.1", "10.1.1.2")
    assert neighbours.of(PSTN) == ("10.1.1.1/32", "10.1.1.2/32")


def test_a_name_stands_for_its_servers_of_every_transport_and_for_itself(
    neighbours: Neighbours, hosts: dict[str, tuple[str, ...]], zone: dict[tuple[str, str], str]
) -> None:
    zone[("_sip._udp.operator.test", "SRV")] = "10 5 5060 one.operator.test."
    zone[("_sips._tcp.operator.test", "SRV")] = "10 5 5061 two.operator.test."
    hosts |= {"operator.test": ("10.1.1.9",), "one.operator.test": ("10.1.1.1",), "two.operator.test": ("10.1.1.2",)}
    assert neighbours.of(PSTN) == ("10.1.1.1/32", "10.1.1.2/32", "10.1.1.9/32")
    del hosts["operator.test"]
    assert neighbours.of(PSTN) == ("10.1.1.1/32", "10.1.1.2/32")


def test_naptr_says_where_the_servers_are_named(
    neighbours: Neighbours, hosts: dict[str, tuple[str, ...]], zone: dict[tuple[str, str], str]
) -> None:
    zone[("operator.test", "NAPTR")] = NAPTR
    zone[("_sip._udp.elsewhere.test", "SRV")] = "10 5 5060 far.elsewhere.test."
    zone[("_sip._udp.operator.test", "SRV")] = "10 5 5060 not.asked.test."
    hosts |= {"far.elsewhere.test": ("10.1.1.3",), "not.asked.test": ("10.1.1.4",)}
    assert neighbours.of(PSTN) == ("10.1.1.3/32",)


def test_a_name_with_a_port_is_a_host_and_nothing_else(
    neighbours: Neighbours, hosts: dict[str, tuple[str, ...]], zone: dict[tuple[str, str], str]
) -> None:
    zone[("_sip._udp.operator.test", "SRV")] = "10 5 5060 one.operator.test."
    hosts |= {"operator.test": ("10.1.1.9",), "one.operator.test": ("10.1.1.1",)}
    assert neighbours.of(replace(PSTN, proxy="operator.test:5070")) == ("10.1.1.9/32",)


def test_a_resolver_that_fails_shuts_nobody_out(neighbours: Neighbours, hosts: dict[str, tuple[str, ...]]) -> None:
    hosts["operator.test"] = ("10.1.1.1",)
    neighbours.of(PSTN)
    hosts.clear()
    assert neighbours.of(PSTN) == ("10.1.1.1/32",)
    assert neighbours.of(replace(PSTN, proxy="never.heard.test")) == ()


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> Iterator[dns.resolver.Resolver]:
    """A resolver whose name server never answers."""
    monkeypatch.setattr(module, "RESOLVE_SECONDS", 0.05)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], silent.getsockname()[1]
        yield resolver


def test_servers_that_cannot_be_asked_for_are_those_of_before(
    neighbours: Neighbours, deaf: dns.resolver.Resolver, hosts: dict[str, tuple[str, ...]], zone: dict[tuple[str, str], str]
) -> None:
    zone[("_sip._udp.operator.test", "SRV")] = "10 5 5060 one.operator.test."
    hosts |= {"one.operator.test": ("10.1.1.1",)}
    neighbours.of(PSTN)
    neighbours._resolver = deaf
    assert neighbours.of(PSTN) == ("10.1.1.1/32",)


def test_a_name_whose_servers_were_never_known_is_still_a_host(
    deaf: dns.resolver.Resolver, hosts: dict[str, tuple[str, ...]]
) -> None:
    hosts["operator.test"] = ("10.1.1.9",)
    assert Neighbours(deaf).of(PSTN) == ("10.1.1.9/32",)
