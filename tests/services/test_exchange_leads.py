"""Everything an exchange file may hold of where numbers lead: in, out, again, and what is wrong with it."""

import pytest
import yaml

from app.core.destinations import ToAccount, ToCity, ToExtension, ToExternal, ToHours, ToMenu, ToMessage, ToRing
from app.core.directory import Choice, Limits
from app.core.hours import Schedule
from app.services.errors import DomainError
from app.services.exchange_files import Folder
from app.store import snapshot
from tests.services.exchange_files import FULL
from tests.services.waves import wave_file


def test_file_becomes_a_directory(load, database):
    load()
    directory = snapshot.read(database)
    (tenant,) = directory.tenants.values()
    assert [(trunk.name, trunk.priority, trunk.passes_original) for trunk in directory.trunks] == [("pstn", 1, False)]
    assert tenant.main_number == tenant.accounts["100102"].presents == "+48221234567"
    assert {number: city.to for number, city in tenant.cities.items()}["+48221234567"] == ToMenu("powitanie")
    menu = tenant.menus["powitanie"]
    assert menu.keys == {"1": ToAccount("100101"), "*": ToMenu("powitanie"), "0": ToExtension("40")}
    assert (menu.no_choice, menu.wrong_choice) == (Choice(3, ToExtension("21")), Choice(0, ToMessage("zamkniete")))
    assert menu.dial_internal
    assert menu.greeting.seconds == 2.0
    assert tenant.schedules["biuro"] == Schedule("biuro", frozenset({0, 1, 4}), 480, 1440, "PL", frozenset({"2026-12-24"}))
    assert tenant.limits == Limits(frozenset({"PL", "DE"}), True, None, 5, 1)
    assert tenant.transfer_fallback == ToRing(("100102",), seconds=5)
    assert {number: extension.to for number, extension in tenant.extensions.items()} == {
        "21": ToAccount("100101"),
        "22": ToRing(
            ("100101", "100102"),
            False,
            25,
            no_answer=ToExtension("21"),
            busy=ToMessage("zamkniete"),
            unavailable=ToExternal("+48600100200"),
        ),
        "40": ToCity("+48221234567"),
        "41": ToHours("biuro", ToExtension("21"), ToMessage("zamkniete")),
    }


def test_same_file_again_and_its_export_change_nothing(pbx, load, state, espeak):
    load()
    before, exported = state(), pbx.exchange.export()
    assert str(load()) == "trunks: 2\nAcme: unchanged, 2 accounts, 4 internal numbers"
    assert str(load(exported)).endswith("Acme: unchanged, 2 accounts, 4 internal numbers")
    assert (state(), pbx.exchange.export()) == (before, exported)
    assert len((espeak.parent / "heard").read_text().splitlines()) == 4, "nothing is spoken twice"


def test_export_is_the_whole_file_again(pbx, load, ola):
    load()
    values = yaml.safe_load(pbx.exchange.export())
    assert "secret" not in pbx.exchange.export()
    assert values["trunks"][1] == {
        "name": "backup",
        "proxy": "10.0.0.9",
        "username": "",
        "register": False,
        "priority": 2,
        "passes_original": True,
        "enabled": False,
    }
    (tenant,) = values["tenants"]
    assert tenant["schedules"] == [
        {
            "name": "biuro",
            "days": ["mon", "tue", "fri"],
            "from": "08:00",
            "to": "24:00",
            "holidays": "pl",
            "closed_on": ["2026-12-24"],
        }
    ]
    assert tenant["menus"][0]["keys"] == {"1": {"account": "100101"}, "0": {"extension": "40"}, "*": {"ivr": "powitanie"}}
    assert "trunks" not in yaml.safe_load(pbx.exchange.export("Acme")), "trunks are nobody's but the operator's"


def test_tenant_loses_what_the_file_no_longer_has(pbx, load, database, state):
    load()
    load('tenants: [{name: Acme, accounts: [{login: "100102", name: Bartek}]}]')
    (tenant,) = snapshot.read(database).tenants.values()
    assert set(tenant.accounts) == {"100102"}
    assert (tenant.extensions, tenant.cities, tenant.menus, tenant.messages, tenant.schedules) == ({}, {}, {}, {}, {})
    assert tenant.queues == {}
    assert (tenant.transfer_fallback, tenant.limits, tenant.main_number) == (None, Limits(), "")
    left = state()
    assert {name for name in ("Sound", "Destination", "RingMember", "DayOff", "QueueAgent") if left[name]} == set()
    assert len(snapshot.read(database).trunks) == 1, "a file without trunks says nothing of them"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{account: "100101"}, "*"', '{account: "100102"}, "*"'),
        ("Witamy w firmie Acme", "Dzień dobry"),
        ("repeat: 3", "repeat: 4"),
        ("dial_internal: true", "dial_internal: false"),
        ("Biuro jest nieczynne.", "Zamknięte."),
        ("days: [mon, fri, tue]", "days: [sun]"),
        ("closed_on: [2026-12-24]", "closed_on: []"),
        ("order: in-order", "order: together"),
        ("600 100 200", "600 100 201"),
        ("{hangup: busy}", "{hangup: normal}"),
        (', presents: "+48221234567"', ""),
        ('main_number: "22 123 45 67"', 'main_number: "+48227654321"'),
        ("name: Główny, to: {ivr", "name: Recepcja, to: {ivr"),
        ("minutes_per_day: 5", "minutes_per_day: 6"),
        ('{ring: {accounts: ["100102"], seconds: 5}}', '{account: "100102"}'),
        ("closed: {message: zamkniete}", "closed: {hangup: busy}"),
        ("name: Acme", "name: Acme\n    language: en"),
        ('[{account: "100102"}, {external: "600 100 200"}]', '[{external: "600 100 200"}, {account: "100102"}]'),
        ('[{account: "100102"}, {external: "600 100 200"}]', '[{account: "100102"}]'),
        ("strategy: in-order", "strategy: random"),
        ("max_wait: null", "max_wait: 60"),
        ("full: {queue: Serwis}", "no_agents: {queue: Serwis}"),
        ('greeting: {say: "Proszę czekać"}', 'greeting: {say: "Chwileczkę"}'),
        ('greeting: {say: "Proszę czekać"}', "ring: 25"),
        ("announce_agent: true", "announce_agent: false"),
        ('"*": {ivr: powitanie}}\n        call', '"#": {ivr: powitanie}}\n        call'),
        ('call_back: "2"', 'call_back: "3"'),
    ],
)
def test_each_difference_is_made_and_then_rests(load, state, old, new):
    assert old in FULL
    load()
    before = state()
    assert str(load(FULL.replace(old, new, 1))).splitlines()[1].startswith("Acme: changed")
    after = state()
    assert after != before
    assert str(load(FULL.replace(old, new, 1))).splitlines()[1].startswith("Acme: unchanged")
    assert state() == after
    load()
    assert str(load()).splitlines()[1].startswith("Acme: unchanged")


def test_everything_can_be_turned_round_at_once(pbx, load, state):
    """Names stay and lead the other way: what held what in place before must not stand in the way."""
    load()
    turned = FULL.replace("{ivr: powitanie}}\n", '{extension: "40"}}\n').replace('{city: "221234567"}', "{ivr: powitanie}")
    assert str(load(turned)).splitlines()[1].startswith("Acme: changed")
    assert pbx.numbers.list(pbx.tenants.list()[0].id)[2].to == ToMenu("powitanie")


def test_city_number_moves_from_one_tenant_to_another_within_a_file(pbx, load, database):
    load("tenants: [{name: A, cities: [{number: '221234567', name: X, to: {hangup: busy}}]}, {name: B}]")
    load("tenants: [{name: B, cities: [{number: '221234567', name: X, to: {hangup: busy}}]}, {name: A}]")
    assert snapshot.read(database).owners["+48221234567"].name == "B"
    with pytest.raises(DomainError, match=r"tenants\[0\]\.cities\[0\]\.number \(line 1\): .* already somebody's"):
        load("tenants: [{name: A, cities: [{number: '221234567', name: X, to: {hangup: busy}}]}]")


def test_trunks_become_what_the_file_says_and_keep_their_passwords(pbx, load, database):
    load()
    first = pbx.lookup.gateways()[0]
    load('{trunks: [{name: PSTN, proxy: "127.0.0.1:5099", username: x, register: true}], tenants: []}')
    (gateway,) = pbx.lookup.gateways()
    assert (gateway.name, gateway.password) == (first.name, "secret")
    load('{trunks: [{name: PSTN, proxy: "127.0.0.1:5099", username: x, password: other, register: true}], tenants: []}')
    assert pbx.lookup.gateways()[0].password == "other"
    load("{trunks: [], tenants: []}")
    assert pbx.lookup.gateways() == ()


def test_owner_cannot_import_trunks(pbx, ola, load, acme):
    with pytest.raises(DomainError) as caught:
        load(FULL, only=acme.id)
    assert str(caught.value) == "trunks (line 1): only operators may change this."
    assert pbx.trunks.list() == []


def test_owner_neither_takes_nor_gives_up_public_numbers(pbx, load, owner, acme):
    """A number outside is the provider's to give: whoever has it gets its calls."""
    load("tenants: [{name: Acme, cities: [{number: '221234567', name: G, to: {hangup: normal}}]}]")
    for cities, place in ((WITH_ANOTHER, "tenants[0].cities[1].number"), ("[]", "tenants[0].cities")):
        with pytest.raises(DomainError) as caught:
            pbx.exchange.import_text(f"tenants: [{{name: Acme, cities: {cities}}}]", owner, only=acme.id)
        assert str(caught.value) == f"{place} (line 1): only operators may change this."
    assert [city.number for city in pbx.cities.list(acme.id)] == ["+48221234567"]


def test_operator_gives_and_takes_public_numbers_with_a_tenants_file(pbx, load, acme):
    load(f"tenants: [{{name: Acme, cities: {WITH_ANOTHER}}}]", only=acme.id)
    assert [city.number for city in pbx.cities.list(acme.id)] == ["+48221234567", "+48600700800"]


def test_owners_file_lowers_the_limits_and_raises_none(pbx, owner, acme):
    def limited(text):
        pbx.exchange.import_text(f"tenants: [{{name: Acme, settings: {{limits: {text}}}}}]", owner, only=acme.id)

    limited("{calls_at_once: 2, countries: []}")
    with pytest.raises(DomainError) as caught:
        limited("{calls_at_once: 3, countries: [PL, DE], premium: true, longest_call: null}")
    names = ("calls_at_once", "longest_call", "premium", "countries")
    assert str(caught.value).splitlines() == [
        f"tenants[0].settings.limits.{name} (line 1): only operators may change this." for name in names
    ]
    limits = pbx.tenants.settings(acme.id).limits
    assert (limits.calls_at_once, limits.countries, limits.longest_call) == (2, frozenset(), 120)


WITH_ANOTHER = "[{number: '221234567', name: G, to: {hangup: busy}}, {number: '600700800', name: H, to: {hangup: normal}}]"
PLAYED = FULL.replace('say: "Biuro jest nieczynne."', "play: sounds/closed.wav")


def test_recordings_are_read_beside_the_file(pbx, load, state, tmp_path):
    (tmp_path / "sounds").mkdir()
    (tmp_path / "sounds" / "closed.wav").write_bytes(wave_file(1.5))
    load(PLAYED, files=Folder(tmp_path))
    (message,) = pbx.messages.list(pbx.tenants.list()[0].id)
    assert (message.sound.seconds, message.sound.file) == (1.5, "closed.wav")
    before = state()
    load(PLAYED, files=Folder(tmp_path))
    load(PLAYED)
    load(pbx.exchange.export())
    assert state() == before
    (tmp_path / "sounds" / "closed.wav").write_bytes(wave_file(2.5))
    load(PLAYED, files=Folder(tmp_path))
    assert pbx.messages.list(pbx.tenants.list()[0].id)[0].sound.seconds == 2.5


@pytest.mark.parametrize("name", ["../secret.wav", "/etc/passwd", "nothing.wav", ".", "a\\0b"])
def test_nothing_above_the_files_folder_is_read(load, tmp_path, name):
    (tmp_path / "secret.wav").write_bytes(wave_file(1.0))
    folder = tmp_path / "imports"
    folder.mkdir()
    with pytest.raises(DomainError, match=r"tenants\[0\]\.messages\[0\]\.play \(line 21\): There is no file"):
        load(FULL.replace('say: "Biuro jest nieczynne."', f'play: "{name}"'), files=Folder(folder))
