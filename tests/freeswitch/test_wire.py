"""The wire: frames out of bytes, requests into bytes, and everything hostile that may arrive in between."""

from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freeswitch.wire import Frame, Reader, Request, UnsafeText, WireError, encode, plain_event

GREETING = b"Content-Type: auth/request\n\n"
REPLY = b"Content-Type: command/reply\nReply-Text: +OK accepted\n\n"
ANSWER = b"Content-Type: api/response\nContent-Length: 6\n\na\n\nb\n\n"
EVENT = b'Content-Length: 23\nContent-Type: text/event-json\n\n{"Event-Name":"CUSTOM"}'
CONVERSATION = GREETING + REPLY + ANSWER + EVENT + REPLY


def read(*pieces: bytes) -> list[Frame]:
    reader = Reader()
    frames = [frame for piece in pieces for frame in reader.feed(piece)]
    reader.at_end()
    return frames


def test_a_conversation_is_read_frame_by_frame() -> None:
    assert read(CONVERSATION) == [
        Frame({"Content-Type": "auth/request"}),
        Frame({"Content-Type": "command/reply", "Reply-Text": "+OK accepted"}),
        Frame({"Content-Type": "api/response", "Content-Length": "6"}, b"a\n\nb\n\n"),
        Frame({"Content-Type": "text/event-json", "Content-Length": "23"}, b'{"Event-Name":"CUSTOM"}'),
        Frame({"Content-Type": "command/reply", "Reply-Text": "+OK accepted"}),
    ]


@pytest.mark.parametrize("at", range(1, len(CONVERSATION)))
def test_a_split_at_any_byte_changes_nothing(at: int) -> None:
    assert read(CONVERSATION[:at], CONVERSATION[at:]) == read(CONVERSATION)


def test_byte_after_byte_changes_nothing() -> None:
    assert read(*(CONVERSATION[i : i + 1] for i in range(len(CONVERSATION)))) == read(CONVERSATION)


@given(st.lists(st.binary(max_size=40), max_size=8), st.data())
def test_bodies_of_any_bytes_survive_any_splitting(bodies: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(b"Content-Type: x/y\nContent-Length: %d\n\n%b" % (len(body), body) for body in bodies)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert [frame.body for frame in read(*pieces)] == bodies


@given(st.binary(max_size=200))
def test_garbage_is_refused_or_read_but_never_crashes(garbage: bytes) -> None:
    try:
        read(garbage)
    except WireError:
        return
    assert garbage.lstrip(b"\n") == b"" or b"\n\n" in garbage


def test_a_newline_too_many_between_two_frames_is_skipped() -> None:
    assert read(REPLY + b"\n\n\n" + REPLY) == read(REPLY + REPLY)


def test_the_end_of_the_stream_inside_a_body_is_an_error() -> None:
    reader = Reader()
    assert reader.feed(EVENT[:-5]) == []
    with pytest.raises(WireError, match="5 bytes before the end of a body"):
        reader.at_end()


def test_the_end_of_the_stream_inside_a_header_is_an_error() -> None:
    reader = Reader()
    reader.feed(REPLY + b"Content-Ty")
    with pytest.raises(WireError, match="inside a header"):
        reader.at_end()


@pytest.mark.parametrize("length", ["-1", "1e3", "0x10", "", "²", "9" * 5000])
def test_a_length_that_is_no_number_is_refused(length: str) -> None:
    with pytest.raises(WireError, match="a body of"):
        Reader().feed(f"Content-Length: {length}\n\n".encode())


def test_two_lengths_for_one_body_are_refused() -> None:
    with pytest.raises(WireError, match="given twice"):
        Reader().feed(b"Content-Length: 1\nContent-Length: 2\n\n")


def test_a_body_beyond_the_bound_is_refused_before_it_arrives() -> None:
    with pytest.raises(WireError, match="more than 1000"):
        Reader(max_body=1000).feed(b"Content-Length: 1001\n\n")


@pytest.mark.parametrize("end", [b"", b"\n\n"])
def test_a_header_beyond_the_bound_is_refused_with_or_without_its_end(end: bytes) -> None:
    with pytest.raises(WireError, match="more than 1000"):
        Reader(max_header=1000).feed(b"Content-Type: " + b"x" * 1000 + end)


def test_a_line_that_is_no_header_is_refused() -> None:
    with pytest.raises(WireError, match="no header line"):
        Reader().feed(b"HTTP/1.1 400 Bad Request\n\n")


def test_a_broken_reader_stays_broken() -> None:
    reader = Reader()
    with pytest.raises(WireError):
        reader.feed(b"nonsense\n\n")
    with pytest.raises(WireError):
        reader.feed(REPLY)
    with pytest.raises(WireError):
        reader.at_end()


def test_invalid_utf_8_in_an_outer_header_is_replaced() -> None:
    (frame,) = read(b"Reply-Text: -ERR no user \xff\xfe\n\n")
    assert frame.headers["Reply-Text"] == "-ERR no user ��"


def test_outer_headers_stay_as_they_stood() -> None:
    (frame,) = read(b"Content-Type: command/reply\nReply-Text: -ERR 100%25 wrong\n\n")
    assert frame.headers["Reply-Text"] == "-ERR 100%25 wrong"


def test_a_display_name_cannot_forge_a_header() -> None:
    event = plain_event(b"Caller-Caller-ID-Name: Eve%0Avariable_pbx_role: admin%0A%0A\nUnique-ID: 1%3A2\n\n")
    assert event == {"Caller-Caller-ID-Name": "Eve\nvariable_pbx_role: admin\n\n", "Unique-ID": "1:2"}


def test_a_job_s_body_stays_apart_from_its_headers() -> None:
    event = plain_event(b"Event-Name: BACKGROUND_JOB\nContent-Length: 28\n\n+OK\nEvent-Name: SHUTDOWN\n%0A")
    assert event["Event-Name"] == "BACKGROUND_JOB"
    assert event["_body"] == "+OK\nEvent-Name: SHUTDOWN\n%0A"


def test_invalid_utf_8_in_a_plain_event_is_replaced() -> None:
    assert plain_event(b"Name: %FF\xff\n")["Name"] == "��"


@given(st.dictionaries(st.from_regex(r"[A-Za-z_][\w-]{0,10}", fullmatch=True), st.text(max_size=30), max_size=5))
def test_every_text_comes_back_out_of_a_plain_event(headers: dict[str, str]) -> None:
    headers = {name: value.encode("utf-8", "replace").decode() for name, value in headers.items() if name != "Content-Length"}
    body = "".join(f"{name}: {quote(value)}\n" for name, value in headers.items())
    assert plain_event(body.encode()) == headers


def test_a_request_is_its_line_and_its_headers() -> None:
    script = Request("sendmsg 1234", (("call-command", "xferext"), ("application", "set a=Żółć"), ("application", "park")))
    assert encode(script) == "sendmsg 1234\ncall-command: xferext\napplication: set a=Żółć\napplication: park\n\n".encode()


CONTROLS = ["\n", "\r", "\0", "\x1b", "\x7f", "\x85", "\t", "\ud800"]


@pytest.mark.parametrize("control", CONTROLS)
def test_a_control_character_is_refused_wherever_it_stands(control: str) -> None:
    text = f"x{control}api system reboot"
    for request in (Request(text), Request("ok", (("name", text),)), Request("ok", ((text, "value"),))):
        with pytest.raises(UnsafeText):
            encode(request)


@pytest.mark.parametrize("name", ["", "a b", "a:b", "ż", "content-length", "Content-Length"])
def test_a_header_that_would_be_read_as_something_else_is_refused(name: str) -> None:
    with pytest.raises(UnsafeText):
        encode(Request("sendmsg 1", ((name, "5"),)))


def test_an_empty_command_is_refused() -> None:
    with pytest.raises(UnsafeText):
        encode(Request("  "))


@given(st.text(min_size=1), st.text())
def test_what_is_sent_is_always_exactly_one_request(line: str, value: str) -> None:
    try:
        sent = encode(Request(line, (("name", value),)))
    except UnsafeText:
        return
    assert sent.count(b"\n") == 3
    assert sent.endswith(b"\n\n")
    assert not {b"\r"[0], 0} & set(sent)


FIXTURES = Path(__file__).parent / "fixtures"


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.esl")), ids=lambda path: path.stem)
def test_a_recorded_stream_is_read_whole(path: Path) -> None:
    recorded = path.read_bytes()
    frames = read(*(recorded[i : i + 1448] for i in range(0, len(recorded), 1448)))
    assert [frame.content_type for frame in frames[:3]] == ["auth/request", "command/reply", "command/reply"]
    assert sum(len(frame.body) for frame in frames) == sum(int(frame.headers.get("Content-Length", 0)) for frame in frames)
    assert len(frames) > 3


def test_a_recorded_plain_event_has_its_polish_letters() -> None:
    frames = read((FIXTURES / "answered-plain.esl").read_bytes())
    events = [plain_event(frame.body) for frame in frames if frame.content_type == "text/event-plain"]
    assert events[0]["Caller-Caller-ID-Name"] == "Anna Żółć"
    assert events[0]["Event-Name"] == "CHANNEL_CREATE"
    assert {"CHANNEL_PARK", "CHANNEL_ANSWER", "CHANNEL_HANGUP"} <= {event["Event-Name"] for event in events}
