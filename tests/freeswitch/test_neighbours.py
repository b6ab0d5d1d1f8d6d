"""Where trunks are on the network."""

import socket
from dataclasses import replace

import pytest

from app.services.lookup import Gateway
from freeswitch.neighbours import Neighbours

PSTN = Gateway("trunk-1", "operator.test:5070", "user", "s3cret", True, 1, True)


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


def test_a_name_has_all_its_addresses_once(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_DGRAM, 17, "", (address, 0)) for address in ("10.1.1.2", "10.1.1.1", "10.1.1.2")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    assert Neighbours().of(PSTN) == ("10.1.1.1/32", "10.1.1.2/32")


def test_a_resolver_that_fails_shuts_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    neighbours = Neighbours()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(2, 2, 17, "", ("10.1.1.1", 0))])
    neighbours.of(PSTN)

    def fails(*_: object, **__: object) -> None:
        raise socket.gaierror("no answer")

    monkeypatch.setattr(socket, "getaddrinfo", fails)
    assert neighbours.of(PSTN) == ("10.1.1.1/32",)
    assert neighbours.of(replace(PSTN, proxy="never.heard.test")) == ()
