"""A name server of a few records, so that what DNS says can be tried without asking anybody."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset


@contextmanager
def name_server(zone: Mapping[tuple[str, str], str]) -> Iterator[dns.resolver.Resolver]:
    """A resolver that asks it. ``zone``: (name, kind) -> the record's text; of all other names it says that there are none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=_serve, args=(server, zone))
        thread.start()
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], server.getsockname()[1]
        try:
            yield resolver
        finally:
            server.sendto(b"", server.getsockname())
            thread.join()


def _serve(server: socket.socket, zone: Mapping[tuple[str, str], str]) -> None:
    while True:
        wire, asker = server.recvfrom(4096)
        if not wire:
            return
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if (name, kind) in zone:
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, zone[name, kind]))
        elif not any(known == name for known, _ in zone):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        server.sendto(answer.to_wire(), asker)
