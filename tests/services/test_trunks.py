"""The operator's trunks, and what the switch learns of them."""

from dataclasses import replace

import pytest

from app import config, services
from app.services.trunks import TrunkSettings
from app.store import snapshot
from app.store.models import Trunk, TrunkState

PSTN = TrunkSettings("PSTN", "sip.example.com:5060", "acme", "s3cret", register=True, priority=5)


def test_switch_learns_what_it_needs_of_a_trunk(pbx, ola):
    trunk = pbx.trunks.create(ola, PSTN)
    (gateway,) = pbx.lookup.gateways()
    assert (gateway.name, gateway.proxy, gateway.username, gateway.password) == (
        f"trunk-{trunk.id}",
        "sip.example.com:5060",
        "acme",
        "s3cret",
    )
    assert (gateway.register, gateway.priority, gateway.enabled) == (True, 5, True)
    assert "s3cret" not in repr(gateway)


def test_password_is_encrypted_where_it_is_kept_and_shown_to_nobody(pbx, ola, database):
    trunk = pbx.trunks.create(ola, PSTN)
    with database.reading():
        assert "s3cret" not in Trunk.get_by_id(trunk.id).password
    assert pbx.trunks.get(trunk.id).settings.password is None
    assert pbx.trunks.get(trunk.id).has_password
    assert "s3cret" not in repr(pbx.trunks.list())


def test_password_locked_with_another_key_is_missed_in_the_log(pbx, ola, database, tmp_path, caplog):
    pbx.trunks.create(ola, PSTN)
    pbx.trunks.create(ola, replace(PSTN, name="Open", register=False, password=None))
    other = config.read({"VAR": str(tmp_path), "SECRET_KEY": "another"})
    (gateway,) = services.build(database, other).lookup.gateways()
    assert gateway.password == ""
    assert "PSTN" in caplog.text
    assert "type the password again" in caplog.text


def test_trunks_are_tried_by_priority_and_then_by_name(pbx, ola, database):
    for name, priority in (("Second", 2), ("first", 1), ("Also second", 2)):
        pbx.trunks.create(ola, replace(PSTN, name=name, priority=priority))
    pbx.trunks.create(ola, replace(PSTN, name="Idle", priority=0, enabled=False))
    assert [trunk.name for trunk in snapshot.read(database).trunks] == ["first", "Also second", "Second"]
    assert [trunk.settings.name for trunk in pbx.trunks.list()] == ["Idle", "first", "Also second", "Second"]
    assert [gateway.enabled for gateway in pbx.lookup.gateways()] == [False, True, True, True]


def test_version_grows_only_with_what_the_switch_is_told(pbx, ola, database):
    trunk = pbx.trunks.create(ola, PSTN)
    first = snapshot.read(database).trunks[0].version
    pbx.trunks.change(ola, trunk.id, replace(PSTN, name="Renamed", priority=9, passes_original=True, password=None))
    (renamed,) = snapshot.read(database).trunks
    assert (renamed.name, renamed.priority, renamed.passes_original, renamed.version) == ("Renamed", 9, True, first)
    pbx.trunks.change(ola, trunk.id, replace(PSTN, proxy="10.0.0.1", password=None))
    moved = snapshot.read(database).trunks[0].version
    pbx.trunks.change(ola, trunk.id, replace(PSTN, proxy="10.0.0.1", password="an0ther"))
    assert first < moved < snapshot.read(database).trunks[0].version
    assert pbx.lookup.gateways()[0].password == "an0ther"


@pytest.mark.parametrize("proxy", ["sip.example.com", "10.0.0.1:5099", "[2001:db8::1]:5060", "[::1]", "a", " SIP.example.com "])
def test_proxy_is_a_host_with_or_without_a_port(pbx, ola, proxy):
    assert pbx.trunks.create(ola, replace(PSTN, proxy=proxy)).settings.proxy == proxy.strip().lower()


@pytest.mark.parametrize(
    "proxy",
    ["", "host:", "host:0", "host:65536", "sip:host", "a b", "host;transport=tcp", "${x}", "[::", "[nine]", "ho\nst", "²"],
)
def test_anything_else_is_no_proxy(pbx, ola, refused, proxy):
    with refused(("proxy-format", "proxy")):
        pbx.trunks.create(ola, replace(PSTN, proxy=proxy))


def test_everything_wrong_is_said_at_once(pbx, ola, refused):
    bad = TrunkSettings(" ", "?", "Żółć", "a b", register=True, priority=-1)
    with refused(
        ("name-missing", "name"),
        ("proxy-format", "proxy"),
        ("trunk-word", "username"),
        ("trunk-word", "password"),
        ("priority-range", "priority"),
    ):
        pbx.trunks.create(ola, bad)
    with refused(("username-missing", "username")):
        pbx.trunks.create(ola, replace(PSTN, username=""))
    assert pbx.trunks.list() == []


def test_name_is_given_once(pbx, ola, refused):
    first = pbx.trunks.create(ola, PSTN)
    with refused(("name-taken", "name")):
        pbx.trunks.create(ola, replace(PSTN, name="pstn"))
    pbx.trunks.change(ola, first.id, replace(PSTN, name="pstn"))


IN_USE = replace(PSTN, register=False, proxy="sip.example.com")


@pytest.mark.parametrize("proxy", ["sip.example.com", "SIP.example.com:5080"])
def test_trunks_at_one_address_must_be_told_apart_by_registering(pbx, ola, refused, proxy):
    first = pbx.trunks.create(ola, IN_USE)
    with refused(("trunk-address-taken", "proxy")) as caught:
        pbx.trunks.create(ola, replace(IN_USE, name="Second", proxy=proxy))
    assert "PSTN" in str(caught.value)
    for told in (replace(IN_USE, register=True), replace(IN_USE, enabled=False), replace(IN_USE, proxy="10.0.0.1")):
        second = pbx.trunks.create(ola, replace(told, name="Second", password="x"))
        with refused(("trunk-address-taken", "proxy")):
            pbx.trunks.change(ola, second.id, replace(IN_USE, name="Second"))
        pbx.trunks.delete(ola, second.id)
    pbx.trunks.change(ola, first.id, replace(IN_USE, priority=7))


def test_deleted_trunk_is_gone_and_the_change_log_says_so(pbx, ola, changes, database, refused):
    trunk = pbx.trunks.create(ola, PSTN)
    pbx.trunks.delete(ola, trunk.id)
    assert pbx.lookup.gateways() == snapshot.read(database).trunks == ()
    assert changes() == [("Ola", "trunk-created", "PSTN"), ("Ola", "trunk-deleted", "PSTN")]
    with refused("not-found"):
        pbx.trunks.get(trunk.id)


def test_operator_sees_what_the_worst_of_the_switches_says(pbx, ola, database):
    trunk = pbx.trunks.create(ola, PSTN)
    assert pbx.trunks.get(trunk.id).up is None
    with database.writing():
        for switch, up, state in (("a", True, "REGED"), ("b", False, "FAIL_WAIT")):
            TrunkState.create(switch=switch, gateway=f"trunk-{trunk.id}", up=up, state=state, since=5.0)
    for now in (pbx.trunks.get(trunk.id), *pbx.trunks.list()):
        assert (now.up, now.state, now.since) == (False, "FAIL_WAIT", 5.0)
