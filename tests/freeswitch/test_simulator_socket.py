"""The simulator's event socket: signing in, subscribing, asking; and clients that talk nonsense."""

import json

import gevent
import pytest
from gevent import socket

from freeswitch.simulator.requests import MAX_REQUEST
from freeswitch.wire import Reader, plain_event
from tests.freeswitch.simulated import DEADLINE, PASSWORD, Client, Stage


def everything_said(port: int, sent: bytes) -> bytes:
    """Send, and read until the other side hangs up."""
    client = socket.create_connection(("127.0.0.1", port))
    client.sendall(sent)
    heard = b""
    with gevent.Timeout(DEADLINE):
        while data := client.recv(65536):
            heard += data
    client.close()
    return heard


def test_right_password_is_accepted(stage):
    client = Client(stage.simulator.port)
    assert client.reply().content_type == "auth/request"
    assert client.ask(f"auth {PASSWORD}") == "+OK accepted"
    client.close()


def test_wrong_password_is_refused_and_cut_off(stage):
    heard = everything_said(stage.simulator.port, b"auth guess\n\n")
    frames = Reader().feed(heard)
    assert [frame.headers.get("Reply-Text") for frame in frames] == [None, "-ERR invalid", None]
    assert frames[-1].content_type == "text/disconnect-notice"


def test_nothing_is_done_before_the_password(stage):
    client = Client(stage.simulator.port)
    client.reply()
    assert client.ask("api status") == "-ERR command not found"
    client.close()


def test_exit_says_goodbye(stage):
    heard = everything_said(stage.simulator.port, f"auth {PASSWORD}\n\nexit\n\n".encode())
    assert b"Reply-Text: +OK bye\n" in heard
    assert b"text/disconnect-notice" in heard


def test_only_the_wanted_events_arrive(stage):
    client = stage.client("json CHANNEL_PARK CUSTOM sofia::register")
    stage.call(stage.phone("101"))
    assert [event["Event-Name"] for event in client.events] == ["CUSTOM", "CHANNEL_PARK"]


def test_other_subclasses_stay_away(stage):
    client = stage.client("json CUSTOM pbx::lag")
    stage.phone("101")
    stage.settle()
    assert client.events == []


def test_without_a_known_name_nothing_is_enabled(stage):
    assert stage.controller.ask("event json NO_SUCH_EVENT") == "-ERR no keywords supplied"


def test_noevents_ends_it(stage):
    client = stage.client("json ALL")
    assert client.ask("noevents") == "+OK no longer listening for events"
    assert client.ask("noevents") == "-ERR not listening for events"
    stage.phone("101")
    stage.settle()
    assert client.events == []


def test_nixevent_takes_one_name_away(stage):
    client = stage.client("json ALL")
    assert client.ask("nixevent CHANNEL_PARK") == "+OK events nixed"
    stage.call(stage.phone("101"))
    names = {event["Event-Name"] for event in client.events}
    assert "CHANNEL_CREATE" in names
    assert "CHANNEL_PARK" not in names


def test_plain_and_json_say_the_same(stage):
    plain = stage.client("plain ALL")
    anna = stage.phone("101")
    anna.name = "Anna Żółć, 100% #1"
    leg = stage.call(anna)
    for name in ("CHANNEL_CREATE", "CHANNEL_PARK"):
        assert plain.last(name, leg) == stage.controller.last(name, leg)
    assert plain.last("CHANNEL_PARK", leg)["Caller-Caller-ID-Name"] == "Anna Żółć, 100% #1"


def test_a_name_that_is_already_encoded_is_not_encoded_again(stage):
    """The trap of the plain form: whoever unquotes before splitting lines lets callers forge headers."""
    client = stage.client("plain CHANNEL_PARK")
    mallory = stage.phone("101")
    mallory.name = "x%0AForged: yes"
    stage.call(mallory)
    assert client.last("CHANNEL_PARK")["Caller-Caller-ID-Name"] == "x\nForged: yes"
    assert "Forged" not in client.last("CHANNEL_PARK")


def test_an_unknown_api_command_is_said_so(stage):
    assert stage.controller.api("nosuch") == "-ERR nosuch Command not found!\n"


def test_a_global_variable_names_the_core_and_an_empty_answer_is_filled(stage):
    stage.call(stage.phone("101"))
    assert stage.controller.api("global_getvar core_uuid") == stage.controller.last("CHANNEL_PARK")["Core-UUID"]
    assert stage.controller.api("global_getvar nosuch") == "-ERR no reply\n"


def test_a_variable_that_is_not_set_is_undefined(stage):
    assert stage.controller.api("uuid_getvar nobody x") == "-ERR No such channel!\n"
    leg = stage.call(stage.phone("101"))
    assert stage.controller.api(f"uuid_getvar {leg} nothing_there") == "_undef_"


def test_status_and_version_name_the_switch(stage):
    assert "is ready\n" in stage.controller.api("status")
    assert stage.controller.api("version").startswith("FreeSWITCH Version 1.10.12")


def test_no_channels_have_no_rows(stage):
    assert json.loads(stage.controller.api("show channels as json")) == {"row_count": 0}


def test_a_background_job_answers_under_the_chosen_id(stage):
    client = stage.controller
    assert client.ask("bgapi uuid_dump nope json\nJob-UUID: my-job") == "+OK Job-UUID: my-job"
    stage.settle()
    event = client.last("BACKGROUND_JOB")
    assert event["Job-UUID"] == "my-job"
    assert event["Job-Command"] == "uuid_dump"
    assert event["Job-Command-Arg"] == "nope json"
    assert event["_body"] == "-ERR No such channel!\n"
    assert event["Content-Length"] == str(len(event["_body"]))


def test_a_background_job_gets_an_id_when_none_was_chosen(stage):
    reply = stage.controller.ask("bgapi status")
    stage.settle()
    assert reply == f"+OK Job-UUID: {stage.controller.last('BACKGROUND_JOB')['Job-UUID']}"


def test_a_plain_job_event_holds_its_body(stage):
    client = stage.client("plain BACKGROUND_JOB")
    client.ask("bgapi nosuch")
    stage.settle()
    assert client.last("BACKGROUND_JOB")["_body"] == "-ERR nosuch Command not found!\n"


def test_an_event_of_our_own_comes_back(stage):
    """How a controller measures the lag of the stream."""
    client = stage.client("json CUSTOM pbx::lag")
    reply = client.ask("sendevent CUSTOM\nEvent-Subclass: pbx::lag\nSent: 12")
    stage.settle()
    (event,) = client.events
    assert event["Sent"] == "12"
    assert event["Event-Subclass"] == "pbx::lag"
    assert event["Event-Name"] == "CUSTOM"
    assert reply == f"+OK {event['Event-UUID']}"


def test_the_heart_beats_every_twenty_seconds(stage):
    stage.call(stage.phone("101"))
    stage.advance(41)
    beats = stage.controller.named("HEARTBEAT")
    assert len(beats) == 2
    assert beats[0]["Session-Count"] == "0"  # parked for ten seconds only


def test_events_are_numbered_without_gap_and_name_one_core(stage):
    stage.call(stage.phone("101"))
    numbers = [int(event["Event-Sequence"]) for event in stage.controller.events]
    assert numbers == sorted(numbers)
    assert len({event["Core-UUID"] for event in stage.controller.events}) == 1


def test_a_message_for_nobody_is_refused(stage):
    assert stage.controller.execute("no-such-leg", "answer") == "-ERR invalid session id [no-such-leg]"


def test_a_client_that_leaves_takes_no_call_with_it(stage):
    leg = stage.call(stage.phone("101"))
    stage.controller.close()
    stage.settle()
    assert stage.client().api(f"uuid_exists {leg}") == "true"


def test_many_clients_hear_the_same(stage):
    clients = [stage.client() for _ in range(20)]
    leg = stage.call(stage.phone("101"))
    heard = {json.dumps(client.last("CHANNEL_PARK", leg)) for client in clients}
    assert len(heard) == 1


def test_a_client_that_does_not_read_is_cut_off_and_calls_go_on(monkeypatch):
    monkeypatch.setattr("freeswitch.simulator.server.MAX_WAITING", 20)
    with Stage() as stage:
        deaf = socket.create_connection(("127.0.0.1", stage.simulator.port))
        deaf.sendall(f"auth {PASSWORD}\n\nevent json CUSTOM big::one\n\n".encode())
        leg = stage.call(stage.phone("101"))
        for _ in range(60):
            stage.simulator.switch.tell("CUSTOM", {"Text": "x" * 1_000_000}, "big::one")
            stage.settle()
        assert stage.controller.api(f"uuid_exists {leg}") == "true"
        heard = 0
        with gevent.Timeout(DEADLINE):
            while data := deaf.recv(1 << 20):
                heard += len(data)
        assert heard < 60_000_000
        deaf.close()


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\x00\xff\xfe\n\n",
        b"sendmsg\n\n",
        b"sendmsg \xc5\n: \n:\nx\n\n",
        b"api\n\nbgapi\n\nevent\n\nevent json\n\n",
        b"api originate {{{{\n\napi uuid_dual_transfer x\n\napi originate [a]user/ &\n\n",
        b"api uuid_transfer\n\napi uuid_setvar x\n\napi show\n\napi sofia\n\napi virtual_phone dial\n\n",
        b"event json ALL\n\nsendevent CUSTOM\nContent-Length: 4\n\n\xff\xff\xff\xff",
        b"bgapi status\nContent-Length: -5\nJob-UUID: \xff\n\n",
        b"event " + b"A" * 200_000 + b"\n\n",
    ],
)
def test_nonsense_does_not_hurt(stage, nonsense):
    heard = everything_said(stage.simulator.port, f"auth {PASSWORD}\n\n".encode() + nonsense + b"\n\nexit\n\n")
    assert b"text/disconnect-notice" in heard
    assert stage.client().api("uuid_exists x") == "false"


def test_a_body_without_end_cuts_the_client_off(stage):
    sent = f"auth {PASSWORD}\n\nsendevent CUSTOM\nContent-Length: {MAX_REQUEST + 1}\n\n"
    assert b"text/disconnect-notice" in everything_said(stage.simulator.port, sent.encode())


def test_bytes_that_are_no_text_come_back_as_they_went_in(stage):
    """FreeSWITCH passes them on raw, so a controller must be able to live with them."""
    watcher = socket.create_connection(("127.0.0.1", stage.simulator.port))
    watcher.sendall(f"auth {PASSWORD}\n\nevent json CUSTOM a::b\n\n".encode())
    watcher.sendall(b"sendevent CUSTOM\nEvent-Subclass: a::b\nName: \xff\xfe\n\nexit\n\n")
    heard = b""
    with gevent.Timeout(DEADLINE):
        while data := watcher.recv(65536):
            heard += data
    watcher.close()
    assert b'"Name":"\xff\xfe"' in heard


def test_lists_travel_in_both_forms():
    from freeswitch.simulator.events import as_json, as_plain

    headers = {"variable_originated_legs": ["a;b", "c;d"]}
    assert json.loads(as_json(headers)) == headers
    assert plain_event(as_plain(headers)) == {"variable_originated_legs": "ARRAY::a;b|:c;d"}
