"""The XML that answers the switch: what it says, and that no text can break out of it."""

import hashlib
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.lookup import Entry
from freeswitch import xml

DOMAIN = "pbx.example"
HASH = hashlib.md5(b"100101:pbx.example:s3cret", usedforsecurity=False).hexdigest()
ANNA = Entry("100101", HASH, "Acme", "21", "Anna Żółć")


def found(document: str, path: str) -> ElementTree.Element:
    element = ElementTree.fromstring(document).find(path)  # noqa: S314 - our own text
    assert element is not None
    return element


def settings(document: str, kind: str) -> dict[str, str]:
    user = found(document, "section[@name='directory']/domain/user")
    return {each.attrib["name"]: each.attrib["value"] for each in user.iter(kind)}


def test_an_account_is_known_by_its_hash_and_rings_on_all_its_devices() -> None:
    document = xml.account(ANNA, DOMAIN)
    assert settings(document, "param") == {"a1-hash": HASH, "dial-string": "${sofia_contact(phones/100101@pbx.example)}"}
    assert settings(document, "variable") == {"user_context": "phones", "pbx_login": "100101"}


def test_the_answer_may_be_kept_for_ten_minutes() -> None:
    assert found(xml.account(ANNA, DOMAIN), ".//user").attrib == {"id": "100101", "cacheable": "600000"}


def test_not_found_is_said_in_the_words_the_switch_understands() -> None:
    assert found(xml.not_found(), "section[@name='result']/result").attrib == {"status": "not found"}


@given(st.text(), st.text())
def test_any_text_comes_out_as_it_went_in(login: str, domain: str) -> None:
    document = xml.account(Entry(login, HASH, "", "", ""), domain)
    assert found(document, ".//user").attrib["id"] == xml.clean(login)
    assert settings(document, "variable")["pbx_login"] == xml.clean(login)
    assert settings(document, "param")["dial-string"] == xml.clean(f"${{sofia_contact(phones/{login}@{domain})}}")


@given(st.text())
def test_nothing_is_left_for_the_switch_to_preprocess(login: str) -> None:
    document = xml.account(Entry(login, HASH, "", "", ""), DOMAIN)
    assert "\n" not in document
    assert "$" not in document
    assert "<?" not in document
    assert "<!--" not in document
    assert "<x-pre-process" not in document.lower()


@pytest.mark.parametrize("text", ["a\x00b", "a\x1fb", "a\nb", "a\ud800b", "a\uffffb", "a\x7fb"])
def test_what_xml_cannot_hold_is_left_out(text: str) -> None:
    assert xml.clean(text) == "ab"
