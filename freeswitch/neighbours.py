"""Where the trunks' operators are on the network.

The switch itself finds an operator by RFC 3263: a host name without a port stands for the servers that DNS names for SIP
(NAPTR, SRV) before its own address. Calls may come in from any of them.
"""

import ipaddress
import logging
import socket
from collections.abc import Iterator, Sequence
from typing import Any

import dns.exception
import dns.resolver

from app.services.lookup import Gateway
from app.services.rules import host_of, names_a_port

log = logging.getLogger(__name__)

RESOLVE_SECONDS = 1.0
"""For one question; a resolver that does not answer it is asked no other. The switch waits three seconds for all of our answer
(conf/configuration/xml_curl.conf.xml)."""

TRANSPORTS = ("_sip._udp", "_sip._tcp", "_sips._tcp")


class Neighbours:
    """Addresses of trunks. What a name meant last is remembered, because a resolver that fails must not shut calls out."""

    def __init__(self, resolver: dns.resolver.Resolver | None = None) -> None:
        self._resolver = resolver
        self._known: dict[str, tuple[str, ...]] = {}

    def of(self, trunk: Gateway) -> Sequence[str]:
        """The trunk's addresses as CIDR blocks of one each, in order; none while its name has never been understood."""
        host = host_of(trunk.proxy)
        try:
            named = [] if names_a_port(trunk.proxy) or _is_address(host) else self._servers(host)
        except (dns.exception.DNSException, OSError) as error:
            log.warning("%s: nobody knows which servers %s has: %s", trunk.name, host, error)
            return self._known.get(host) or _blocks({*_addresses(host)})
        found = _blocks({address for name in (host, *named) for address in _addresses(name)})
        if not found:
            log.warning("%s: nobody knows where %s is", trunk.name, host)
            return self._known.get(host, ())
        self._known[host] = found
        return found

    def _servers(self, host: str) -> list[str]:
        """The names of the servers for SIP calls to ``host``, by whatever transport (RFC 3263, 4.1 and 4.2).

        Raises DNSException, OSError.
        """
        services = [
            str(record.replacement)
            for record in self._ask(host, "NAPTR")
            if record.service.upper().startswith((b"SIP+D2", b"SIPS+D2")) and record.flags.lower() == b"s"
        ]
        places = services or [f"{transport}.{host}" for transport in TRANSPORTS]
        return [str(record.target).rstrip(".") for place in places for record in self._ask(place, "SRV")]

    def _ask(self, name: str, kind: str) -> Sequence[Any]:
        """All records of this kind, none for a name that has none."""
        self._resolver = self._resolver or dns.resolver.Resolver()
        try:
            return list(self._resolver.resolve(name.rstrip(".") + ".", kind, lifetime=RESOLVE_SECONDS))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []


def _addresses(name: str) -> Iterator[str]:
    try:
        for entry in socket.getaddrinfo(name, None, type=socket.SOCK_DGRAM) if name else ():
            yield str(entry[4][0]).partition("%")[0]
    except OSError as error:
        log.info("%s has no address: %s", name, error)  # the name of a domain that has servers need not have one


def _blocks(addresses: set[str]) -> tuple[str, ...]:
    found = sorted(map(ipaddress.ip_address, addresses), key=str)
    return tuple(f"{address}/{address.max_prefixlen}" for address in found)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
