"""What is inside the frames: JSON as the switch really writes it."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freeswitch.inbox import Inbox, Overflow
from freeswitch.payload import Unreadable, document, event_of, mapping
from freeswitch.wire import Frame, Reader

FIXTURES = Path(__file__).parent / "fixtures"


def test_invalid_utf_8_is_replaced_and_the_rest_is_kept() -> None:
    assert mapping(b'{"Caller-Caller-ID-Name":"Ren\xe9","Unique-ID":"1"}') == {
        "Caller-Caller-ID-Name": "Ren�",
        "Unique-ID": "1",
    }


def test_a_header_pushed_twice_is_joined_as_plain_events_show_it() -> None:
    assert mapping(b'{"variable_x":["a","b"],"n":1}') == {"variable_x": "ARRAY::a|:b", "n": "1"}


def test_a_forged_header_stays_inside_its_value() -> None:
    assert mapping(b'{"name":"Eve\\nUnique-ID: 2","other":"%0AUnique-ID: 3"}') == {
        "name": "Eve\nUnique-ID: 2",
        "other": "%0AUnique-ID: 3",
    }


@pytest.mark.parametrize("text", [b"", b"{", b"[1]", b"+OK", b'{"a":"\xff'])
def test_what_is_no_event_is_said_to_be_none(text: bytes) -> None:
    with pytest.raises(Unreadable):
        mapping(text)


@given(st.dictionaries(st.text(), st.text()))
def test_every_text_comes_back(headers: dict[str, str]) -> None:
    headers = {a.encode("utf-8", "replace").decode(): b.encode("utf-8", "replace").decode() for a, b in headers.items()}
    assert mapping(json.dumps(headers, ensure_ascii=False).encode()) == headers


def recorded(name: str) -> list[Frame]:
    return Reader().feed((FIXTURES / f"{name}.esl").read_bytes())


def test_a_recorded_job_keeps_its_body_apart() -> None:
    jobs = [event_of(frame) for frame in recorded("bgapi") if frame.content_type == "text/event-json"]
    assert [job["Event-Name"] for job in jobs] == ["BACKGROUND_JOB", "BACKGROUND_JOB"]
    assert jobs[0]["_body"].startswith("UP 0 years")
    assert jobs[1]["_body"] == "-ERR No such channel!\n"


def test_no_channels_means_no_rows() -> None:
    (answer,) = [frame for frame in recorded("bgapi") if frame.body.startswith(b'{"row_count"')]
    assert document(answer.body) == {"row_count": 0}


def test_plain_and_json_tell_the_same_story() -> None:
    def story(name: str) -> list[tuple[str, str]]:
        events = [event_of(frame) for frame in recorded(name) if frame.content_type.startswith("text/event-")]
        return [(event["Event-Name"], event.get("Caller-Destination-Number", "")) for event in events]

    assert story("answered-plain") == story("answered-json")


def test_too_many_events_are_too_many() -> None:
    inbox = Inbox(count=2, size=100)
    inbox.put(Frame({}, b"1"))
    inbox.put(Frame({}, b"2"))
    with pytest.raises(Overflow):
        inbox.put(Frame({}, b"3"))


def test_too_many_bytes_are_too_many_and_room_comes_back() -> None:
    inbox = Inbox(count=100, size=10, now=lambda: 7.0)
    inbox.put(Frame({}, b"12345678"))
    assert inbox.get() == (7.0, Frame({}, b"12345678"))
    inbox.put(Frame({}, b"12345678"))
    with pytest.raises(Overflow):
        inbox.put(Frame({}, b"123"))
