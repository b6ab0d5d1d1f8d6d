"""How many events per second the link takes, against stock greenswitch on the same story in the same run.

A recorded call is replayed over a socket, again and again: as JSON to our connection, up to the core's events; as plain text to
greenswitch, up to its handler, because it cannot read JSON. Absolute figures depend on the machine, the ratio hardly does.
"""

import socket
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from gevent.event import Event
from greenswitch import InboundESL

from app.config import SwitchAddress
from freeswitch import dialect
from freeswitch.limits import Limits
from freeswitch.socket import EventSocket
from freeswitch.wire import Request

FIXTURES = Path(__file__).parent.parent / "freeswitch" / "fixtures"
REPEATS = 100
ROUNDS = 3
LONGEST = 60.0  # seconds one round may take


def run() -> list[str]:
    """The result, line by line. Takes a few seconds."""
    pairs = [(rate("answered-json", ours), rate("answered-plain", stock)) for _ in range(ROUNDS)]
    our_rate, stock_rate = (statistics.median(rates) for rates in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    return [
        f"events, our link, JSON to the core's events: {our_rate:,.0f} per second",
        f"events, stock greenswitch 0.0.19, plain to its handler: {stock_rate:,.0f} per second",
        f"events, ratio: {ratio:.1f} (median of {ROUNDS} rounds)",
    ]


def rate(story: str, client: Callable[[int, int], None]) -> float:
    """Events per second, from the subscription to the last event handled."""
    recorded = (FIXTURES / f"{story}.esl").read_bytes()
    events = recorded.count(b"\nContent-Type: text/event-") * REPEATS
    with replay(recorded) as port:
        began = time.perf_counter()
        client(port, events)
        return events / (time.perf_counter() - began)


@contextmanager
def replay(recorded: bytes) -> Iterator[int]:
    """A switch that greets, accepts whatever it is told twice, and then tells its story; for one client. Gives its port."""
    greeting, accepted, subscribed, story = recorded.split(b"\n\n", 3)

    def tell() -> None:
        connection, _ = listener.accept()
        with connection:
            for said in (greeting, accepted, subscribed):
                connection.sendall(said + b"\n\n")
                if said is not subscribed:
                    connection.recv(4096)
            connection.sendall(story * REPEATS)
            while connection.recv(4096):  # until the client goes, or takes leave and goes
                connection.sendall(b"Content-Type: command/reply\nReply-Text: +OK bye\n\n")
                connection.shutdown(socket.SHUT_WR)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=tell, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(LONGEST)


class Count:
    """Says when the last event was handled."""

    def __init__(self, total: int) -> None:
        self._missing = total
        self._done = Event()

    def one(self, *_: object) -> None:
        self._missing -= 1
        if not self._missing:
            self._done.set()

    def wait(self) -> None:
        if not self._done.wait(LONGEST):
            raise TimeoutError(f"{self._missing} events are missing after {LONGEST:g} s")


def ours(port: int, total: int) -> None:
    """Our connection and our dialect."""
    count, connection = Count(total), EventSocket(SwitchAddress("127.0.0.1", port, "secret"), Limits(lag=LONGEST))

    def handle(headers: Mapping[str, str]) -> None:
        dialect.to_event(headers)
        count.one()

    connection.connect()
    connection.decode(handle)
    connection.ask(Request(dialect.SUBSCRIPTION))
    count.wait()
    connection.stop()


def stock(port: int, total: int) -> None:
    """greenswitch as it comes."""
    count, connection = Count(total), InboundESL("127.0.0.1", port, "secret")
    connection.connect()
    connection.register_handle("*", count.one)
    connection.send("event plain ALL")
    count.wait()
    connection.stop()


if __name__ == "__main__":
    sys.stdout.write("\n".join(run()) + "\n")
