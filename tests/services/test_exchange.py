"""Whole tenants in and out."""

import json

import pytest
import yaml

from app.core.destinations import ToExtension
from app.services.accounts import a1_hash
from app.services.call_settings import CallSettings
from app.store import snapshot

ACME = """
tenants:
  - name: Acme
    language: en
    settings: {time_zone: Europe/London}
    accounts:
      - {login: "100101", password: "s3cret-A1", name: "Anna Żółć"}
      - {login: "100102", password: "s3cret-B2", name: Bartek}
    extensions:
      - {number: "21", name: Anna, to: {account: "100101"}}
      - {number: "201", name: Biuro, to: {account: "100102"}}
"""


def test_file_becomes_a_tenant(pbx, ola, database):
    report = pbx.exchange.import_text(ACME, ola)
    assert str(report) == "Acme: created, 2 accounts, 2 internal numbers"
    (tenant,) = pbx.tenants.list()
    assert (tenant.name, tenant.language, tenant.time_zone) == ("Acme", "en", "Europe/London")
    assert {row.number: (row.name, row.to.login) for row in pbx.numbers.list(tenant.id)} == {
        "21": ("Anna", "100101"),
        "201": ("Biuro", "100102"),
    }
    assert pbx.lookup.directory_entry("100101").a1_hash == a1_hash("100101", "pbx.example", "s3cret-A1")
    assert set(snapshot.read(database).accounts) == {"100101", "100102"}


def test_same_file_again_changes_nothing(pbx, ola, state):
    pbx.exchange.import_text(ACME, ola)
    before = state()
    assert str(pbx.exchange.import_text(ACME, ola)) == "Acme: unchanged, 2 accounts, 2 internal numbers"
    assert state() == before


def test_json_is_read_as_well(pbx, ola, state):
    pbx.exchange.import_text(ACME, ola)
    before = state()
    pbx.exchange.import_text(json.dumps(yaml.safe_load(ACME), indent="\t"), ola)
    assert state() == before


def test_json_is_read_where_it_is_no_yaml(pbx, ola):
    pbx.exchange.import_text('{"tenants": [{"name": "Smile \\ud83d\\ude00"}]}', ola)
    assert [tenant.name for tenant in pbx.tenants.list()] == ["Smile 😀"]


def test_tenant_becomes_what_the_file_says(pbx, ola):
    pbx.exchange.import_text(ACME, ola)
    (tenant,) = pbx.tenants.list()
    changed = """
tenants:
  - name: ACME
    accounts:
      - {login: "100102", name: Bartek Nowak}
      - {login: "100103", password: "s3cret-C3", name: Celina}
    extensions:
      - {number: "21", name: Celina, to: {account: "100103"}}
"""
    assert str(pbx.exchange.import_text(changed, ola)) == "ACME: changed, 2 accounts, 1 internal numbers"
    assert pbx.tenants.get(tenant.id).name == "ACME"
    assert [(row.login, row.name) for row in pbx.accounts.list(tenant.id)] == [
        ("100102", "Bartek Nowak"),
        ("100103", "Celina"),
    ]
    assert [(row.number, row.to.login) for row in pbx.numbers.list(tenant.id)] == [("21", "100103")]


def test_account_without_a_password_keeps_its_own(pbx, ola):
    pbx.exchange.import_text(ACME, ola)
    before = pbx.lookup.directory_entry("100101").a1_hash
    version = pbx.accounts.list(pbx.tenants.list()[0].id)[0].version
    pbx.exchange.import_text(ACME.replace(', password: "s3cret-A1"', "").replace("Anna Żółć", "Anna"), ola)
    assert pbx.lookup.directory_entry("100101").a1_hash == before
    assert pbx.accounts.list(pbx.tenants.list()[0].id)[0].version == version


def test_another_password_makes_the_switch_forget_the_old(pbx, ola, database):
    pbx.exchange.import_text(ACME, ola)
    before = snapshot.read(database).accounts
    pbx.exchange.import_text(ACME.replace("s3cret-A1", "s3cret-X9"), ola)
    after = snapshot.read(database).accounts
    assert after["100101"].version > before["100101"].version
    assert after["100102"].version == before["100102"].version


def test_other_tenants_stay_as_they_are(pbx, ola, zofia, state):
    pbx.exchange.import_text(ACME, ola)
    assert [row.login for row in pbx.accounts.list(zofia.tenant)] == [zofia.login]
    assert [row.number for row in pbx.numbers.list(zofia.tenant)] == ["21"]


SETTINGS = """
tenants:
  - name: Acme
    settings: {ring_seconds: 20, digit_timeout: 5, keys_on_internal_calls: true, transfer_fallback: {extension: "21"}}
    accounts:
      - {login: "100101", password: "s3cret-A1", name: Anna}
      - {login: "100102", password: "s3cret-B2", name: Bartek}
    extensions:
      - {number: "21", name: Anna, to: {account: "100101"}}
"""


def test_settings_of_calls_come_with_the_file(pbx, ola, database):
    pbx.exchange.import_text(SETTINGS, ola)
    (tenant,) = snapshot.read(database).tenants.values()
    assert (tenant.ring_seconds, tenant.digit_timeout, tenant.keys_on_internal_calls) == (20, 5, True)
    assert tenant.transfer_fallback == ToExtension("21")
    assert yaml.safe_load(pbx.exchange.export())["tenants"][0]["settings"] == {
        "time_zone": "Europe/Warsaw",
        "ring_seconds": 20,
        "digit_timeout": 5,
        "keys_on_internal_calls": True,
        "transfer_fallback": {"extension": "21"},
        "limits": {
            "countries": ["PL"],
            "premium": False,
            "calls_at_once": 10,
            "minutes_per_day": 600,
            "longest_call": 120,
        },
    }


def test_settings_that_a_file_does_not_have_are_those_of_a_new_tenant(pbx, ola):
    pbx.exchange.import_text(SETTINGS, ola)
    (tenant,) = pbx.tenants.list()
    pbx.exchange.import_text(SETTINGS.replace("    settings:", "    # settings:"), ola)
    assert pbx.tenants.settings(tenant.id) == CallSettings()


@pytest.mark.parametrize(
    "changed",
    [
        {'{account: "100101"}': '{account: "100102"}', '- {login: "100101", password: "s3cret-A1", name: Anna}': ""},
        {'number: "21"': 'number: "22"', 'extension: "21"': 'extension: "22"'},
        {'extension: "21"': 'account: "100102"'},
        {', transfer_fallback: {extension: "21"}': "", 'number: "21"': 'number: "22"'},
    ],
    ids=["the number leads elsewhere", "another number", "an account instead", "nowhere, and the number is gone"],
)
def test_where_callers_are_led_changes_with_the_file(pbx, ola, state, changed):
    pbx.exchange.import_text(SETTINGS, ola)
    text = SETTINGS
    for old, new in changed.items():
        assert old in text
        text = text.replace(old, new)
    assert str(pbx.exchange.import_text(text, ola)).startswith("Acme: changed")
    before = state()
    assert str(pbx.exchange.import_text(text, ola)).startswith("Acme: unchanged")
    assert state() == before


def test_login_moves_from_one_tenant_to_another_within_a_file(pbx, ola):
    pbx.exchange.import_text(ACME, ola)
    move = """
tenants:
  - {name: Zenit, accounts: [{login: "100102", password: "s3cret-B2", name: Bartek}]}
  - {name: Acme, accounts: [{login: "100101", name: Anna}]}
"""
    pbx.exchange.import_text(move, ola)
    acme, zenit = pbx.tenants.list()
    assert [row.login for row in pbx.accounts.list(acme.id)] == ["100101"]
    assert [row.login for row in pbx.accounts.list(zenit.id)] == ["100102"]


def test_users_and_calls_are_none_of_the_files_business(pbx, ola, acme):
    pbx.users.create(ola, acme.id, "olga", "Olga", "owner")
    pbx.exchange.import_text(ACME, ola)
    assert [user.login for user in pbx.users.list(acme.id)] == ["olga"]


def test_owner_imports_their_own_tenant_and_no_other(pbx, ola, acme, zofia, refused, state):
    before = state()
    with refused("file-other-tenant"):
        pbx.exchange.import_text(ACME.replace("Acme", "Zenit"), ola, only=acme.id)
    with refused("file-other-tenant"):
        pbx.exchange.import_text(ACME.replace("Acme", "Brand new"), ola, only=acme.id)
    assert state() == before
    pbx.exchange.import_text(ACME, ola, only=acme.id)
    assert len(pbx.accounts.list(acme.id)) == 2


def test_export_holds_no_password_and_no_hash(pbx, ola, anna):
    text = pbx.exchange.export()
    assert anna.password not in text
    assert anna.account.a1_hash not in text
    assert yaml.safe_load(text)["tenants"][0]["accounts"] == [{"login": anna.login, "name": "Anna Żółć"}]
    assert "Żółć" in text, "readable, not escaped"


def test_export_of_one_tenant_by_its_name(pbx, ola, anna, zofia, refused):
    assert yaml.safe_load(pbx.exchange.export("zenit"))["tenants"][0]["name"] == "Zenit"
    assert [tenant["name"] for tenant in yaml.safe_load(pbx.exchange.export())["tenants"]] == ["Acme", "Zenit"]
    with refused("not-found") as caught:
        pbx.exchange.export("Nobody")
    assert str(caught.value) == "The tenant Nobody does not exist."


def test_export_does_not_depend_on_the_order_of_making(pbx, ola, state):
    pbx.exchange.import_text(ACME, ola)
    first = pbx.exchange.export()
    (tenant,) = pbx.tenants.list()
    pbx.tenants.delete(ola, tenant.id, "Acme")
    values = yaml.safe_load(ACME)
    for part in ("accounts", "extensions"):
        values["tenants"][0][part].reverse()
    pbx.exchange.import_text(yaml.safe_dump(values), ola)
    assert pbx.exchange.export() == first
