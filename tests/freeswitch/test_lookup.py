"""The door for the switch: who may knock, what is answered, what is refused."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.outcome import EndedBy, Outcome
from app.core.report import LegReport
from app.services.errors import NotFound
from app.services.lookup import Entry, Gateway
from freeswitch.lookup import LARGEST_BODY, blueprint

DOMAIN = "pbx.example"
SECRET = "the panel's and the switch's"
QUESTION = {
    "section": "directory",
    "tag_name": "domain",
    "key_name": "name",
    "key_value": DOMAIN,
    "domain": DOMAIN,
    "user": "100101",
    "key": "id",
    "action": "sip_auth",
}
TRUNKS = {"section": "directory", "tag_name": "domain", "key_name": "name", "key_value": "trunks"}
PSTN = Gateway("trunk-1", "127.0.0.5:5070", "user", "s3cret", True, 1, True)
OFF = Gateway("trunk-2", "127.0.0.6", "", "", False, 2, False)
ENDED = json.dumps({"variables": {"uuid": "leg", "hangup_cause": "USER_BUSY", "end_uepoch": "1795360452500000"}})


@dataclass
class FakeLookup:
    """Knows one account, two trunks (one of them switched off) and a recording, and remembers what it was told."""

    told: list[LegReport] = field(default_factory=list)

    def directory_entry(self, login: str) -> Entry | None:
        return Entry(login, "0123456789abcdef0123456789abcdef", "Acme", "21", "Anna") if login == "100101" else None

    def directory_entries(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in [self.directory_entry("100101")] if entry)

    def gateways(self) -> tuple[Gateway, ...]:
        return PSTN, OFF

    def content(self, sound: int, version: str) -> bytes:
        if (sound, version) != (7, "ab12"):
            raise NotFound
        return b"RIFF"

    def leg_ended(self, report: LegReport) -> None:
        self.told.append(report)


@pytest.fixture
def lookup() -> FakeLookup:
    return FakeLookup()


@pytest.fixture
def switch(lookup: FakeLookup) -> Iterator[FlaskClient]:
    app = Flask("panel")
    app.register_blueprint(blueprint(lookup, lookup, SECRET, DOMAIN))  # type: ignore[arg-type]
    with app.test_client() as client:
        yield client


def ask(switch: FlaskClient, **changes: str) -> TestResponse:
    return switch.post("/switch/directory", data=QUESTION | changes, auth=("switch", SECRET))


def ask_for_trunks(switch: FlaskClient, **changes: str) -> str:
    return switch.post("/switch/directory", data=TRUNKS | changes, auth=("switch", SECRET)).text


def test_a_known_account_is_described(switch: FlaskClient) -> None:
    answer = ask(switch)
    assert answer.status_code == 200
    assert answer.content_type == "text/xml; charset=utf-8"
    assert 'value="0123456789abcdef0123456789abcdef"' in answer.text


def test_an_account_and_the_list_of_all_tell_the_same_mark(switch: FlaskClient) -> None:
    everybody = switch.post("/switch/directory", data=TRUNKS | {"key_value": "accounts"}, auth=("switch", SECRET)).text
    (user,) = ElementTree.fromstring(everybody).iter("user")  # noqa: S314 - our own text
    assert user.attrib["id"] == "100101"
    assert f'name="mark" value="{user.attrib["mark"]}"' in ask(switch).text
    assert "0123456789abcdef0123456789abcdef" not in everybody


@pytest.mark.parametrize(
    "changes",
    [
        {"user": "100999"},
        {"user": ""},
        {"domain": "other.example"},
        {"key_value": "other.example"},
        {"domain": "other.example", "key_value": "other.example"},
        {"section": "configuration"},
        {"section": "dialplan"},
        {"tag_name": ""},
        {"tag_name": "group"},
        {"key_name": ""},
        {"purpose": "gateways"},
        {"purpose": "network-list"},
    ],
)
def test_every_other_question_is_answered_with_not_found(switch: FlaskClient, changes: dict[str, str]) -> None:
    answer = ask(switch, **changes)
    assert answer.status_code == 200
    assert '<result status="not found"' in answer.text


def test_several_accounts_are_described_to_a_call_and_to_nobody_who_signs_in(switch: FlaskClient) -> None:
    together = ask(switch, user="100101+100999", action="user_call").text
    assert 'id="100101+100999"' in together
    assert "phones/100101@" in together
    assert "phones/100999@" not in together
    assert "not found" in ask(switch, user="100101+100999").text
    assert "not found" in ask(switch, user="100998+100999", action="user_call").text


def test_two_answers_about_several_accounts_share_no_password(switch: FlaskClient) -> None:
    first, second = (ask(switch, user="100101+100102", action="user_call").text for _ in range(2))
    assert first != second


def test_gateways_are_told_with_their_passwords_when_they_are_asked_for_and_never_else(switch: FlaskClient) -> None:
    gateways = ask_for_trunks(switch, purpose="gateways", profile="trunks")
    assert 'name="password" value="s3cret"' in gateways
    for other in ({}, {"purpose": "network-list"}, {"user": "trunk-1", "domain": "trunks"}):
        assert "s3cret" not in ask_for_trunks(switch, **other)


def test_neighbours_are_the_trunks_that_are_switched_on(switch: FlaskClient) -> None:
    for asked in ({}, {"purpose": "network-list"}):
        told = ask_for_trunks(switch, **asked)
        assert 'id="trunk-1"' in told
        assert 'cidr="127.0.0.5/32"' in told
        assert "trunk-2" not in told


def test_the_mark_is_the_same_in_both_answers(switch: FlaskClient) -> None:
    told = ask_for_trunks(switch).partition('mark="')[2].partition('"')[0]
    assert f'value="{told}"' in ask_for_trunks(switch, purpose="gateways")


def test_a_trunk_that_sends_a_call_is_known_as_one(switch: FlaskClient) -> None:
    assert 'id="trunk-1"' in ask_for_trunks(switch, user="trunk-1", domain="trunks")
    for other in ("trunk-2", "trunk-9", "100101"):
        assert "not found" in ask_for_trunks(switch, user=other, domain="trunks")


def test_a_recording_is_served_for_good(switch: FlaskClient) -> None:
    answer = switch.get("/switch/sounds/7-ab12.wav", auth=("switch", SECRET))
    assert (answer.data, answer.content_type) == (b"RIFF", "audio/wav")
    assert "max-age=31536000" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["7-ab13", "8-ab12", "7-", "x-ab12", "7"])
def test_another_recording_is_not_there(switch: FlaskClient, name: str) -> None:
    assert switch.get(f"/switch/sounds/{name}.wav", auth=("switch", SECRET)).status_code == 404


def test_a_recording_is_not_for_strangers(switch: FlaskClient) -> None:
    assert switch.get("/switch/sounds/7-ab12.wav").status_code == 401


def test_an_empty_question_is_answered_with_not_found(switch: FlaskClient) -> None:
    assert "not found" in switch.post("/switch/directory", auth=("switch", SECRET)).text


@pytest.mark.parametrize("address", ["/switch/directory", "/switch/ended"])
@pytest.mark.parametrize(
    "credentials", [None, ("switch", "guess"), ("admin", SECRET), ("", ""), ("switch", ""), ("switch", "ż")]
)
def test_strangers_learn_nothing(
    switch: FlaskClient, lookup: FakeLookup, address: str, credentials: tuple[str, str] | None
) -> None:
    answer = switch.post(address, data=QUESTION, auth=credentials)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="switch"'
    assert "0123456789abcdef" not in answer.text
    assert lookup.told == []


def test_another_scheme_than_basic_is_refused(switch: FlaskClient) -> None:
    assert switch.post("/switch/directory", data=QUESTION, headers={"Authorization": f"Bearer {SECRET}"}).status_code == 401


@pytest.mark.parametrize("content_type", ["application/json", "application/x-www-form-urlencoded"])
def test_the_end_of_a_leg_is_passed_on(switch: FlaskClient, lookup: FakeLookup, content_type: str) -> None:
    answer = switch.post("/switch/ended?uuid=leg", data=ENDED, content_type=content_type, auth=("switch", SECRET))
    assert answer.status_code == 204
    end = 1795360452.5
    assert lookup.told == [LegReport("leg", None, "", "", end, None, end, "USER_BUSY", Outcome.BUSY, EndedBy.SYSTEM)]


def test_a_leg_that_was_never_let_in_is_not_passed_on(switch: FlaskClient, lookup: FakeLookup) -> None:
    body = json.dumps({"variables": {"uuid": "leg", "hangup_cause": "MANAGER_REQUEST"}})
    assert switch.post("/switch/ended", data=body, auth=("switch", SECRET)).status_code == 204
    assert lookup.told == []


@pytest.mark.parametrize("body", ["", "nonsense", "{}"])
def test_a_report_nobody_understands_is_refused(switch: FlaskClient, lookup: FakeLookup, body: str) -> None:
    assert switch.post("/switch/ended", data=body, auth=("switch", SECRET)).status_code == 400
    assert lookup.told == []


def test_a_body_without_end_is_not_read(switch: FlaskClient, lookup: FakeLookup) -> None:
    body = "x" * (LARGEST_BODY + 1)
    assert switch.post("/switch/ended", data=body, auth=("switch", SECRET)).status_code == 413
    assert lookup.told == []


@pytest.mark.parametrize("address", ["/switch/directory", "/switch/ended"])
def test_nothing_is_shown_to_a_browser(switch: FlaskClient, address: str) -> None:
    assert switch.get(address, auth=("switch", SECRET)).status_code == 405
