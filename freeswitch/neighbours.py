"""Where the trunks' operators are on the network."""

import ipaddress
import logging
import socket
from collections.abc import Sequence

from app.services.lookup import Gateway

log = logging.getLogger(__name__)


class Neighbours:
    """Addresses of trunks. What a name meant last is remembered, because a resolver that fails must not shut calls out."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, ...]] = {}

    def of(self, trunk: Gateway) -> Sequence[str]:
        """The trunk's addresses as CIDR blocks of one each, in order; none while its name has never been understood."""
        host = _host(trunk.proxy)
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)
        except OSError as error:
            log.warning("%s: nobody knows where %s is: %s", trunk.name, host, error)
            return self._known.get(host, ())
        addresses = sorted({ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found}, key=str)
        self._known[host] = tuple(f"{address}/{address.max_prefixlen}" for address in addresses)
        return self._known[host]


def _host(proxy: str) -> str:
    """Without a port, and an IPv6 address without its brackets."""
    if proxy.startswith("["):
        return proxy[1:].partition("]")[0]
    return proxy.partition(":")[0]
