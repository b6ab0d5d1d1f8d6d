"""One connection by itself: its greenlets, its bounds, and the real streams of a real switch."""

from collections.abc import Callable, Iterator
from pathlib import Path

import gevent
import pytest
from gevent.event import Event

from app.config import SwitchAddress
from app.core.events import SwitchFound
from freeswitch import dialect
from freeswitch.limits import Limits
from freeswitch.link import Link, Pauses
from freeswitch.payload import event_of
from freeswitch.replies import Reply
from freeswitch.socket import ConnectionLost, EventSocket, Refused
from freeswitch.wire import Reader, Request, UnsafeText
from tests.freeswitch.scripted_switch import PASSWORD, Mailbox, ScriptedSwitch, event, hangup, until

FIXTURES = Path(__file__).parent / "fixtures"
STREAMS = [path for path in sorted(FIXTURES.glob("*.esl")) if path.stem != "bgapi"]  # that one answers questions of its own


@pytest.fixture
def connect(switch: ScriptedSwitch) -> Iterator[Callable[[Limits], EventSocket]]:
    """Makes a connection with limits of the test's own."""
    made = []

    def connected(limits: Limits) -> EventSocket:
        made.append(EventSocket(SwitchAddress("127.0.0.1", switch.port, PASSWORD), limits))
        made[-1].connect()
        return made[-1]

    yield connected
    for connection in made:
        connection.stop()


def reason(connection: EventSocket) -> str:
    return str(connection.lost.get(timeout=5))


def test_send_waits_for_the_reply_and_takes_one_line_only(switch: ScriptedSwitch, connect) -> None:
    connection = connect(Limits())
    assert connection.send("api global_getvar core_uuid") == Reply("core-1")
    with pytest.raises(UnsafeText):
        connection.send("api status\n\napi system reboot")


def test_events_that_wait_too_long_lose_the_connection(switch: ScriptedSwitch, connect) -> None:
    connection = connect(Limits(lag=0.02))
    connection.ask(Request("event json ALL"))
    connection.decode(lambda headers: Event().wait(0.05))  # looks at each for longer than any may wait
    switch.events.say(hangup("leg-1") + hangup("leg-2"))
    assert reason(connection) == "events wait longer than 0.02 s to be looked at"


def test_events_that_came_during_the_stock_taking_have_not_waited_for_us(switch: ScriptedSwitch, connect) -> None:
    connection, seen = connect(Limits(lag=0.02)), []
    connection.ask(Request("event json ALL"))
    switch.events.say(hangup("leg-1"))
    Event().wait(0.05)
    connection.decode(lambda headers: seen.append(headers["Unique-ID"]))
    until(lambda: seen == ["leg-1"])


def test_a_switch_that_stops_reading_loses_the_connection(switch: ScriptedSwitch, connect) -> None:
    connection, told = connect(Limits(deadline=0.05, grace=60)), []
    reads_on = Event()
    switch.answers["api sleep"] = lambda peer, request: reads_on.wait() and None
    connection.tell(Request("api sleep"), told.append)
    connection.tell(Request("x" * 16_000_000), told.append)
    assert reason(connection) == "the switch takes no more commands"
    assert len(told) == 2
    reads_on.set()


def test_a_part_that_ends_ends_the_connection(switch: ScriptedSwitch, connect) -> None:
    connection = connect(Limits())
    connection.run(lambda: None)
    assert "our own part" in reason(connection)
    assert not connection.connected
    assert connection.ask(Request("api status")).missing == "not connected"


def test_a_part_that_raises_ends_the_connection_and_says_what(switch: ScriptedSwitch, connect, capsys) -> None:
    connection = connect(Limits())
    connection.run(lambda: 1 / 0)
    assert "ZeroDivisionError" in reason(connection)
    assert "ZeroDivisionError" in capsys.readouterr().err  # the whole traceback, for whoever has to mend it


def test_a_flood_leaves_the_others_their_turn(switch: ScriptedSwitch, connect) -> None:
    connection, seen = connect(Limits(events=10**6)), []
    connection.ask(Request("event json ALL"))
    connection.decode(seen.append)
    flood = gevent.spawn(switch.events.say, hangup("leg-1") * 5000)
    assert connection.ask(Request("api global_getvar core_uuid")).text == "core-1"
    assert len(seen) < 5000
    until(lambda: len(seen) == 5000)
    flood.join()


def test_a_frame_nobody_expects_is_passed_over(switch: ScriptedSwitch, connect) -> None:
    connection, seen = connect(Limits()), []
    connection.ask(Request("event json ALL"))
    connection.decode(seen.append)
    switch.events.say(b"Content-Type: log/data\nContent-Length: 2\n\nhi" + event({"Event-Name": "X"}))
    until(lambda: seen == [{"Event-Name": "X"}])


@pytest.mark.parametrize("path", STREAMS, ids=lambda path: path.stem)
def test_a_recorded_stream_is_told_as_the_dialect_reads_it(
    path: Path, switch: ScriptedSwitch, mailbox: Mailbox, link: Link
) -> None:
    recorded = path.read_bytes()
    frames = [frame for frame in Reader().feed(recorded) if frame.content_type.startswith("text/event-")]
    story = [told for frame in frames if (told := dialect.to_event(event_of(frame))) is not None]
    link.start()
    mailbox.next(SwitchFound)
    switch.events.say(recorded.split(b"\n\n", 3)[3] + hangup("the end"))  # without greeting, password and subscription
    until(lambda: getattr(mailbox.all[-1], "leg", "") == "the end")
    assert mailbox.all[2:-1] == story


def test_pauses_grow_to_two_seconds_and_begin_anew_after_a_good_time() -> None:
    pauses, lost = Pauses(Limits(), share=lambda low, high: high), ConnectionLost("cut")
    assert [pauses.after(lost, 0) for _ in range(8)] == [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0]
    assert pauses.after(lost, stood=60) == 0.05


def test_a_refusal_is_tried_again_slowly() -> None:
    assert Pauses(Limits()).after(Refused("wrong password"), 0) == 15


def test_many_links_do_not_knock_together() -> None:
    pauses = {Pauses(Limits()).after(ConnectionLost("cut"), 0) for _ in range(20)}
    assert len(pauses) > 1
    assert all(0.025 <= pause <= 0.05 for pause in pauses)
