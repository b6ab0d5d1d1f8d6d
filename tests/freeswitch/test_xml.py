"""The XML that answers the switch: what it says, and that no text can break out of it."""

import hashlib
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.lookup import Entry, Gateway
from freeswitch import xml

DOMAIN = "pbx.example"
HASH = hashlib.md5(b"100101:pbx.example:s3cret", usedforsecurity=False).hexdigest()
ANNA = Entry("100101", HASH, "Acme", "21", "Anna Żółć", "+48221234567")
DEVICES = "${{sofia_contact(phones/{0}@{1}/[pbx_login={0},pbx_callee={0}])}}"
MARK = "m1"
PSTN = Gateway("trunk-1", "sip.operator.example:5070", "u$er", "p&ss", True, 1, True)


def found(document: str, path: str) -> ElementTree.Element:
    element = ElementTree.fromstring(document).find(path)  # noqa: S314 - our own text
    assert element is not None
    return element


def settings(document: str, kind: str) -> dict[str, str]:
    user = found(document, "section[@name='directory']/domain/user")
    return {each.attrib["name"]: each.attrib["value"] for each in user.iter(kind)}


def test_an_account_is_known_by_its_hash_and_rings_on_all_its_devices() -> None:
    document = xml.account(ANNA, DOMAIN, MARK)
    assert settings(document, "param") == {"a1-hash": HASH, "dial-string": DEVICES.format("100101", DOMAIN), "mark": MARK}
    variables = {"user_context": "phones", "pbx_login": "100101", "pbx_presents": "+48221234567", **xml.LOOKED_AT}
    assert settings(document, "variable") == variables


def test_an_account_without_a_city_number_is_nobody_to_112() -> None:
    """Else the login would be shown, as if it were a number to call back."""
    assert settings(xml.account(replace(ANNA, presents=""), DOMAIN, MARK), "variable")["pbx_presents"] == "anonymous"


def test_several_accounts_ring_as_one_that_nobody_can_sign_in_as() -> None:
    document = xml.several(("100101", "100199", "100102"), ("100101", "100102"), DOMAIN, "random")
    assert found(document, ".//user").attrib["id"] == "100101+100199+100102"
    devices = ",".join(DEVICES.format(login, DOMAIN) for login in ("100101", "100102"))
    assert settings(document, "param") == {"a1-hash": "random", "dial-string": devices}
    assert settings(document, "variable") == {}


# --- trunks


def test_a_trunk_is_described_with_everything_it_takes_to_call() -> None:
    document = xml.gateways([(PSTN, "m1")])
    gateway = found(document, "section/domain[@name='trunks']/user[@id='trunk-1']/gateways/gateway[@name='trunk-1']")
    params = {each.attrib["name"]: each.attrib["value"] for each in gateway.iter("param")}
    assert params == {
        "proxy": "sip.operator.example:5070",
        "register": "true",
        "username": "u$er",
        "password": "p&ss",
        "from-domain": "sip.operator.example",
        "caller-id-in-from": "true",
        "extension": "auto",
        "expire-seconds": "600",
        "retry-seconds": "15",
        "ping": "25",
    }
    assert {each.attrib["name"]: each.attrib["value"] for each in gateway.iter("variable")} == {"pbx_mark": "m1"}


@pytest.mark.parametrize(
    ("proxy", "host"),
    [("10.1.1.1", "10.1.1.1"), ("10.1.1.1:5070", "10.1.1.1"), ("[2001:db8::1]", "[2001:db8::1]"), ("[::1]:5070", "[::1]")],
)
def test_a_trunks_calls_come_from_the_operators_own_domain(proxy: str, host: str) -> None:
    gateway = found(xml.gateways([(replace(PSTN, proxy=proxy), "m")]), ".//gateway")
    assert [each.attrib["value"] for each in gateway.iter("param") if each.attrib["name"] == "from-domain"] == [host]


def test_a_trunk_known_by_its_address_has_no_name_and_no_password() -> None:
    gateway = found(xml.gateways([(replace(PSTN, username="", password="", register=False), "m")]), ".//gateway")
    names = {each.attrib["name"] for each in gateway.iter("param")}
    assert not names & {"username", "password"}


def test_neighbours_are_told_without_a_secret() -> None:
    unknown = replace(PSTN, name="trunk-2")
    document = xml.neighbours([(PSTN, "m1", ("10.1.1.1/32", "10.1.1.2/32")), (unknown, "m2", ())])
    users = list(found(document, "section/domain[@name='trunks']"))
    assert [user.attrib for user in users] == [
        {"id": "trunk-1", "mark": "m1", "cidr": "10.1.1.1/32,10.1.1.2/32"},
        {"id": "trunk-2", "mark": "m2"},
    ]
    assert "p&amp;ss" not in document


def test_a_neighbours_calls_go_into_the_trunks_context() -> None:
    document = xml.neighbour("trunk-1", "random")
    assert settings(document, "param") == {"a1-hash": "random"}
    assert settings(document, "variable") == {"user_context": "trunks", **xml.LOOKED_AT}


# --- whatever it holds


def test_an_account_may_be_kept_for_good() -> None:
    assert found(xml.account(ANNA, DOMAIN, MARK), ".//user").attrib == {"id": "100101", "cacheable": "true"}


def test_all_accounts_are_told_by_their_marks_alone() -> None:
    users = ElementTree.fromstring(xml.accounts([("100101", "m1"), ("100102", "m2")])).iter("user")  # noqa: S314 - our own
    assert [user.attrib for user in users] == [{"id": "100101", "mark": "m1"}, {"id": "100102", "mark": "m2"}]


def test_not_found_is_said_in_the_words_the_switch_understands() -> None:
    assert found(xml.not_found(), "section[@name='result']/result").attrib == {"status": "not found"}


@given(st.text(), st.text())
def test_any_text_comes_out_as_it_went_in(login: str, domain: str) -> None:
    document = xml.account(Entry(login, HASH, "", "", ""), domain, MARK)
    assert found(document, ".//user").attrib["id"] == xml.clean(login)
    assert settings(document, "variable")["pbx_login"] == xml.clean(login)
    assert settings(document, "param")["dial-string"] == xml.clean(DEVICES.format(login, domain))


@given(st.text())
def test_nothing_is_left_for_the_switch_to_preprocess(login: str) -> None:
    document = xml.account(Entry(login, HASH, "", "", ""), DOMAIN, MARK)
    assert "\n" not in document
    assert "$" not in document
    assert "<?" not in document
    assert "<!--" not in document
    assert "<x-pre-process" not in document.lower()


@pytest.mark.parametrize("text", ["a\x00b", "a\x1fb", "a\nb", "a\ud800b", "a\uffffb", "a\x7fb"])
def test_what_xml_cannot_hold_is_left_out(text: str) -> None:
    assert xml.clean(text) == "ab"
