"""The panel's client for virtual phones, against the simulator over TCP."""

from collections.abc import Iterator

import gevent
import pytest
from gevent import socket

from freeswitch.simulator.gateways import Gateway
from freeswitch.virtual import NoVirtualPhones, SwitchUnreachable, VirtualPhoneError, VirtualPhones
from tests.freeswitch.simulated import PASSWORD, Stage


@pytest.fixture
def stage() -> Iterator[Stage]:
    with Stage(trunks=lambda: (Gateway("trunk-1"),)) as stage:
        stage.settle()
        yield stage


@pytest.fixture
def phones(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> VirtualPhones:
    """In the panel's process gevent has patched the sockets; here only this client's are."""
    monkeypatch.setattr("freeswitch.virtual.socket", socket)
    return VirtualPhones("127.0.0.1", stage.simulator.port, PASSWORD)


def test_a_phone_is_registered_and_listed(phones):
    assert phones.list() == ()
    anna = phones.register("101")
    assert (anna.login, anna.device, anna.registered, anna.state, anna.hears) == ("101", 1, True, "idle", "silence")
    assert phones.list() == (anna,)
    assert not phones.unregister("101").registered


def test_two_people_talk(stage, phones):
    phones.register("101")
    phones.register("102")
    assert phones.dial("101", "22").state == "dialling"
    stage.settle()
    leg = stage.controller.last("CHANNEL_PARK")["Unique-ID"]
    stage.controller.script(
        leg, "set hangup_after_bridge=true", "set effective_caller_id_name=Żółć", "bridge user/102@acme.test"
    )
    stage.settle()
    ringing = {phone.login: phone for phone in phones.list()}["102"]
    assert (ringing.state, ringing.number, ringing.name, ringing.hears) == ("ringing", "101", "Żółć", "bell")
    phones.answer("102")
    stage.settle()
    phones.press("102", "*8")
    stage.settle()
    talking = {phone.login: phone for phone in phones.list()}["101"]
    assert (talking.state, talking.hears, talking.digits) == ("talking", "peer:102", "*8")
    phones.hang_up("101")
    stage.settle()
    assert [(phone.state, phone.ended) for phone in phones.list()] == [("idle", "NORMAL_CLEARING")] * 2


def test_telephones_outside_call_and_are_called(stage, phones):
    phones.register("101")
    mobile = phones.register("+48600100200")
    assert (mobile.login, mobile.outside, mobile.registered) == ("+48600100200", True, True)
    phones.dial("+48600100200", "221234567")
    stage.settle()
    leg = stage.controller.last("CHANNEL_PARK")["Unique-ID"]
    stage.controller.script(leg, "bridge user/101@acme.test")
    stage.settle()
    phones.answer("101")
    stage.settle()
    assert hears(phones) == {"101": "peer:+48600100200", "+48600100200": "peer:101"}
    assert [phone.outside for phone in phones.list()] == [False, True]
    phones.hang_up("+48600100200")
    assert not phones.unregister("+48600100200").registered


def test_telephone_outside_that_is_called_comes_to_be(stage, phones):
    phones.register("101")
    phones.dial("101", "600100200")
    stage.settle()
    leg = stage.controller.last("CHANNEL_PARK")["Unique-ID"]
    stage.controller.script(leg, "bridge sofia/gateway/trunk-1/+48600100200")
    stage.settle()
    assert phones.decline("+48600100200").state == "idle"
    stage.settle()
    assert {phone.login: phone.ended for phone in phones.list()}["+48600100200"] == "CALL_REJECTED"


@pytest.fixture
def talk(stage: Stage, phones: VirtualPhones) -> str:
    """101 and 102 talk; the caller's leg."""
    for login in ("101", "102", "103"):
        phones.register(login)
    phones.dial("101", "22")
    stage.settle()
    leg = str(stage.controller.last("CHANNEL_PARK")["Unique-ID"])
    stage.controller.script(leg, "export hold_music=/sounds/music.wav", "bridge user/102@acme.test")
    stage.settle()
    phones.answer("102")
    stage.settle()
    return leg


def hears(phones: VirtualPhones) -> dict[str, str]:
    return {phone.login: phone.hears for phone in phones.list()}


@pytest.mark.usefixtures("talk")
def test_a_call_is_held_and_resumed(stage, phones):
    assert phones.hold("102").held
    stage.settle()
    assert hears(phones) == {"101": "music", "102": "silence", "103": "silence"}
    assert not phones.resume("102").held
    stage.settle()
    assert hears(phones) == {"101": "peer:102", "102": "peer:101", "103": "silence"}


def test_a_phone_sends_its_party_elsewhere(stage, phones, talk):
    phones.transfer("102", "23")
    stage.settle()
    park = stage.controller.last("CHANNEL_PARK")
    assert (park["Unique-ID"], park["Caller-Destination-Number"], park["Caller-RDNIS"]) == (talk, "23", "22")
    assert park["variable_sip_refer_to"] == "<sip:23@acme.test>"
    assert {phone.login: phone.state for phone in phones.list()} == {"101": "talking", "102": "idle", "103": "idle"}


@pytest.mark.usefixtures("talk")
def test_a_phone_joins_its_two_parties(stage, phones):
    phones.hold("102")
    phones.dial("102", "23")
    stage.settle()
    stage.controller.script(stage.controller.last("CHANNEL_PARK")["Unique-ID"], "bridge user/103@acme.test")
    stage.settle()
    phones.answer("103")
    stage.settle()
    assert hears(phones) == {"101": "music", "102": "peer:103", "103": "peer:102"}
    phones.join("102")
    stage.settle()
    assert hears(phones) == {"101": "peer:103", "102": "silence", "103": "peer:101"}


@pytest.mark.usefixtures("talk")
def test_the_call_on_hold_is_there_again_when_the_other_ends(stage, phones):
    phones.hold("102")
    phones.dial("102", "23")
    stage.settle()
    phones.hang_up("102")
    stage.settle()
    phones.resume("102")
    stage.settle()
    assert hears(phones)["101"] == "peer:102"


@pytest.mark.parametrize(
    ("order", "complaint"),
    [
        (lambda phones: phones.join("101"), "101 has no two calls"),
        (lambda phones: phones.dial("101", "23"), "101 is in a call"),
        (lambda phones: phones.hold("103"), "103 is in no call"),
        (lambda phones: phones.transfer("103", "23"), "103 is in no call"),
    ],
)
@pytest.mark.usefixtures("talk")
def test_what_cannot_be_done_in_a_call_is_said(phones, order, complaint):
    with pytest.raises(VirtualPhoneError, match=complaint):
        order(phones)


def test_a_call_is_declined(stage, phones):
    phones.register("101")
    phones.register("102")
    phones.dial("101", "22")
    stage.settle()
    leg = stage.controller.last("CHANNEL_PARK")["Unique-ID"]
    stage.controller.script(leg, "bridge user/102@acme.test")
    stage.settle()
    phones.decline("102")
    stage.settle()
    assert stage.controller.named("CHANNEL_HANGUP")[0]["Hangup-Cause"] == "CALL_REJECTED"


def test_a_second_device_has_a_name_of_its_own(phones):
    phones.register("101")
    assert phones.register("101/2").device == 2
    assert [phone.device for phone in phones.list()] == [1, 2]


@pytest.mark.parametrize(
    ("order", "complaint"),
    [
        (lambda phones: phones.dial("101", "22"), "101 is not registered"),
        (lambda phones: phones.dial("102", "22"), "102 is not registered"),
        (lambda phones: phones.register("999"), "there is no account 999"),
        (lambda phones: phones.register("101/x"), "'x' is no number of a device"),
        (lambda phones: phones.register("+48"), r"'\+48' is no telephone number"),
        (lambda phones: phones.dial("+48600100200", "22"), r"\+48600100200 is not registered"),
        (lambda phones: phones.answer("101"), "101 does not ring"),
        (lambda phones: phones.hang_up("101"), "101 is in no call"),
        (lambda phones: phones.press("101", "1"), "101 is in no call"),
        (lambda phones: phones.dial("101", "2 2"), "'2 2' is no phone and no number"),
        (lambda phones: phones.dial("101", ""), "'' is no phone and no number"),
        (lambda phones: phones.dial("101", "2\n\napi"), r"U\+000A must not be sent"),
    ],
)
def test_what_cannot_be_done_is_said(phones, order, complaint):
    phones.register("101")
    phones.unregister("101")
    with pytest.raises(VirtualPhoneError, match=complaint):
        order(phones)


def test_a_wrong_password_is_said(stage, phones):
    with pytest.raises(SwitchUnreachable, match="does not accept the password"):
        VirtualPhones("127.0.0.1", stage.simulator.port, "guess").list()


def test_nobody_listens(phones):
    free = socket.socket()
    free.bind(("127.0.0.1", 0))
    with pytest.raises(SwitchUnreachable, match="no switch answers at"):
        VirtualPhones("127.0.0.1", free.getsockname()[1], PASSWORD).list()
    free.close()


def answering(*frames: bytes) -> int:
    """A server that says these frames to the first client and leaves; its port."""
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen()

    def serve() -> None:
        client, _ = server.accept()
        for frame in frames:
            client.sendall(frame)
            if frame is not frames[-1]:
                client.recv(4096)
        client.close()
        server.close()

    gevent.spawn(serve)
    return int(server.getsockname()[1])


HELLO = (b"Content-Type: auth/request\n\n", b"Content-Type: command/reply\nReply-Text: +OK accepted\n\n")


def api(text: str) -> bytes:
    return f"Content-Type: api/response\nContent-Length: {len(text)}\n\n{text}".encode()


def test_a_real_switch_has_no_virtual_phones(phones):
    port = answering(*HELLO, api("-ERR virtual_phone Command not found!\n"))
    with pytest.raises(NoVirtualPhones, match="a real one"):
        VirtualPhones("127.0.0.1", port, PASSWORD).list()


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (api("garbage"), "no JSON"),
        (api("[]"), "unexpected answer"),
        (api("{}"), "an answer without phones"),
        (api('{"phones": [{"login": "101"}]}'), "describes no phone: 'device'"),
        (b"HTTP/1.1 400 Bad Request\n\n", "does not answer as an event socket"),
        (b"Content-Type: text/disconnect-notice\n\n", "said text/disconnect-notice instead"),
        (b"", "broke off"),
    ],
)
def test_a_strange_answer_is_an_error(phones, answer, complaint):
    port = answering(*HELLO, answer)
    with pytest.raises(VirtualPhoneError, match=complaint):
        VirtualPhones("127.0.0.1", port, PASSWORD).list()


def test_a_switch_that_never_answers_is_given_up(phones):
    deaf = socket.socket()
    deaf.bind(("127.0.0.1", 0))
    deaf.listen()
    with pytest.raises(SwitchUnreachable, match="timed out"):
        VirtualPhones("127.0.0.1", deaf.getsockname()[1], PASSWORD, deadline=0.05).list()
    deaf.close()
