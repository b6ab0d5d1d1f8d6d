"""The switch's configuration as files: readable XML, nothing that falls through, and a guard for what phones claim."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from app.core.numbering import EMERGENCY
from freeswitch.installation import CONF, required_modules

FILES = sorted(CONF.rglob("*.xml"))


def tree(path: Path) -> ElementTree.ElementTree:
    return ElementTree.parse(path)  # noqa: S314 - our own files


def parameters(profile: str) -> dict[str, str]:
    found = [(each.attrib["name"], each.attrib["value"]) for each in tree(CONF / "profiles" / f"{profile}.xml").iter("param")]
    assert len(found) == len(dict(found)), "a parameter stands twice"
    return dict(found)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_small_well_formed_xml(path: Path) -> None:
    assert tree(path).getroot().tag in ("document", "configuration", "include", "profile", "context")
    assert len(path.read_text(encoding="utf-8").splitlines()) < 150


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_comment_names_what_the_switch_would_take_for_an_instruction(path: Path) -> None:
    """The switch drops every line that holds this word and is no instruction, also the one that ends a comment."""
    for line in path.read_text(encoding="utf-8").splitlines():
        assert "x-pre-process" not in line.lower() or line.strip().startswith("<X-PRE-PROCESS ")


def test_only_what_is_configured_is_loaded() -> None:
    configured = {path.name.removesuffix(".conf.xml") for path in (CONF / "configuration").glob("*.xml")}
    loaded = {name.removeprefix("mod_") for name in required_modules()}
    assert configured - loaded == {"acl", "modules", "switch"}


@pytest.mark.parametrize("profile", ["phones", "trunks"])
def test_no_profile_lets_a_message_run_a_command(profile: str) -> None:
    assert parameters(profile)["enable-chat"] == "false"


@pytest.mark.parametrize("profile", ["phones", "trunks"])
def test_every_profile_leads_into_a_context_that_exists(profile: str) -> None:
    contexts = {element.attrib["name"] for path in (CONF / "dialplan").glob("*.xml") for element in tree(path).iter("context")}
    assert parameters(profile)["context"] == profile
    assert contexts == {"phones", "trunks", "keys", "sounds"}


def extension(context: str, name: str) -> ElementTree.Element:
    """Its last condition, the one that what it does stands in."""
    return tree(CONF / "dialplan" / f"{context}.xml").findall(f"./extension[@name='{name}']/condition")[-1]


@pytest.mark.parametrize("context", ["phones", "trunks"])
def test_the_first_thing_a_call_does_that_waits_is_to_expand_nothing_from_now_on(context: str) -> None:
    first, *_, last = extension(context, "park").iter("action")
    assert (first.attrib["application"], first.attrib["data"]) == ("set", "app_disable_expand_variables=true")
    assert last.attrib["application"] == "park"


def test_an_emergency_call_is_one_to_every_emergency_number_and_no_other() -> None:
    pattern = re.compile(extension("phones", "emergency").attrib["expression"])
    assert {number for number in map(str, range(10_000)) if pattern.match(number)} == set(EMERGENCY)
    assert not pattern.match("+112")


def test_an_emergency_call_expands_nothing_that_a_caller_sends() -> None:
    data = "".join(action.attrib.get("data", "") for action in extension("phones", "emergency").iter("action"))
    assert set(re.findall(r"\$\{.*?\}|\$\d", data)) == {"${pbx_presents}", "${emergency_$1}"}


def test_nobody_is_sent_to_an_emergency_number_by_somebody_elses_key() -> None:
    first = tree(CONF / "dialplan" / "phones.xml").find("./extension[@name='emergency']/condition")
    assert first is not None
    assert (first.attrib, len(first)) == ({"field": "${sip_refer_to}", "expression": "^$"}, 0)


def test_the_switch_makes_no_call_out_of_the_words_of_a_transfer_key() -> None:
    """It asks first, and asking ends the leg of the phone; see test_hostile_phones_on_freeswitch.py."""
    assert parameters("phones")["channel-xml-fetch-on-nightmare-transfer"] == "true"
    assert parameters("trunks")["disable-transfer"] == "true"
    binding = tree(CONF / "configuration" / "xml_curl.conf.xml").find(".//binding[@name='unknown transfers']")
    assert binding is not None
    given = {each.attrib["name"]: each.attrib for each in binding}
    assert given["use-dynamic-url"]["value"] == "true"
    assert given["gateway-url"]["bindings"] == "channels"
    assert given["gateway-url"]["value"].endswith("${uuid_kill(${refer-from-channel-id})}")
    assert set(re.findall(r"\$\{(refer[\w-]*)\}", given["gateway-url"]["value"])) == {
        "refer-for-channel-id",
        "refer-from-channel-id",
    }


def test_no_secret_is_written_in_a_file() -> None:
    for name in ("event_socket", "xml_curl", "json_cdr"):
        for each in tree(CONF / "configuration" / f"{name}.conf.xml").iter("param"):
            if each.attrib["name"] in ("password", "gateway-credentials", "cred"):
                assert each.attrib["value"].startswith("$${")


# --- the guard over registrations


@pytest.fixture
def stores() -> Iterator[Callable[..., bool]]:
    """Whether a Contact that came from 10.1.1.1:5060 is stored."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE sip_registrations (contact, network_ip, network_port)")
    database.execute(parameters("phones")["db-pre-trans-execute"])

    def stored(contact: str, address: str = "10.1.1.1") -> bool:
        database.execute("DELETE FROM sip_registrations")
        database.execute("INSERT INTO sip_registrations VALUES (?, ?, '5060')", (contact, address))
        return database.execute("SELECT count(*) FROM sip_registrations").fetchone() == (1,)

    yield stored
    database.close()


BEHIND_A_ROUTER = ";fs_nat=yes;fs_path=sip%3A100%4010.1.1.1%3A5060"


@pytest.mark.parametrize(
    "contact",
    [
        '"" <sip:100@10.1.1.1>',
        '"" <sip:100@10.1.1.1:5060>',
        '"" <sips:100@10.1.1.1:5061>',
        '"Kowalski, Jan | biuro" <sip:100@10.1.1.1:5060>',
        '"" <sip:100@10.1.1.1:49152;transport=tcp>',
        '"" <sip:100-0x55d1c0@10.1.1.1:999;ob;reg-id=1>',
        f'"" <sip:100@192.168.1.5:5061{BEHIND_A_ROUTER}>',
        f'"" <sip:100@192.168.1.5:5061;transport=udp{BEHIND_A_ROUTER}%3Btransport%3Dudp>',
    ],
)
def test_a_phone_is_called_where_it_registered_from(stores: Callable[..., bool], contact: str) -> None:
    assert stores(contact)


def test_a_phone_with_an_address_of_the_new_kind_is_called_there(stores: Callable[..., bool]) -> None:
    assert stores('"" <sip:100@[2001:db8::1]:5060>', "2001:db8::1")
    assert not stores('"" <sip:100@[2001:db8::1:2]:5060>', "2001:db8::1")


@pytest.mark.parametrize(
    "contact",
    [
        '"" <sip:100@10.1.1.2:5060>',
        '"" <sip:100@10.1.1.10:5060>',
        '"" <sip:48900123456@operator.example>',
        '"" <sip:100@10.1.1.1.evil.example>',
        '"" <sip:100@evil@10.1.1.1:5060>',
        '"" <sip:100@10.1.1.1:5060;maddr=9.9.9.9>',
        '"" <sip:100@10.1.1.1:5060;MADDR=9.9.9.9>',
    ],
)
def test_a_phone_cannot_have_somebody_else_called(stores: Callable[..., bool], contact: str) -> None:
    assert not stores(contact)


@pytest.mark.parametrize(
    "contact",
    [
        '"" <sip:a,user/200@10.1.1.1:5060>',
        '"" <sip:a@10.1.1.1:5060;x=a,sofia/gateway/pstn/48900123456>',
        '"" <sip:a|user/200@10.1.1.1:5060>',
        '"" <sip:a:_:user/200@10.1.1.1:5060>',
        '"" <sip:a@10.1.1.1:5060;x={a=b}>',
        '"" <sip:a@10.1.1.1:5060;x=${system(id)}>',
        '"" <sip:a@10.1.1.1:5060 ,user/200>',
        '"" <sip:a@10.1.1.1:5060^200>',
        '"" <sip:a%2Cuser/200@10.1.1.1:5060>',
        '"" <sip:a\'@10.1.1.1:5060>',
        '"" <sip:a\\@10.1.1.1:5060>',
        '"a\\" <sip:x,user/200> \\"" <sip:100@10.1.1.1>',
        f'"" <sip:100@192.168.1.5{BEHIND_A_ROUTER},user/200>',
    ],
)
def test_a_phone_cannot_write_into_the_dial_string(stores: Callable[..., bool], contact: str) -> None:
    assert not stores(contact)


@pytest.mark.parametrize(
    "contact",
    [
        '"" <sip:a@10.1.1.1;fs_path=sip%3Ax%40evil.example>',
        '"" <sip:a@10.1.1.1;FS_PATH=sip%3Ax%40evil.example>',
        '"" <sip:a@192.168.1.5;fs_nat=yes;fs_path=sip%3Ax%40evil.example%3A5060>',
        '"" <sip:a@192.168.1.5;fs_nat=yes;fs_path=sip%3Ax%40evil.example%3A1%3Bz%4010.1.1.1%3A5060>',
        '"" <sip:a@192.168.1.5;fs_nat=yes;fs_path=sip%3A100%4010.1.1.1%3A50601>',
        f'"" <sip:a@192.168.1.5;fs_path=sip%3Ax%40evil.example{BEHIND_A_ROUTER}>',
        f'"" <sip:a@192.168.1.5{BEHIND_A_ROUTER}%3Bfs_path%3Dsip%3Ax%40evil.example>',
    ],
)
def test_a_phone_cannot_choose_the_way_to_itself(stores: Callable[..., bool], contact: str) -> None:
    assert not stores(contact)


@pytest.mark.parametrize("contact", ["", "*", "sip:100@10.1.1.1", '"" <sip:100@10.1.1.1', f'"" <sip:{"1" * 1100}'])
def test_what_is_no_whole_contact_is_not_stored(stores: Callable[..., bool], contact: str) -> None:
    assert not stores(contact)
