"""SIP accounts: what phones sign in with."""

import hashlib

import pytest

from app.core.destinations import ToAccount
from app.services.accounts import ALPHABET
from app.store import snapshot
from app.store.models import SipAccount


def test_login_and_password_are_made_up(pbx, ola, acme):
    new = pbx.accounts.create(ola, acme.id, "Anna Żółć")
    assert new.login.isdecimal()
    assert len(new.login) == 6
    assert len(new.password) == 16
    assert set(new.password) <= set(ALPHABET)
    assert not set("0O1lIo") & set(ALPHABET)


def test_password_is_stored_as_its_hash_alone(pbx, ola, acme, database):
    new = pbx.accounts.create(ola, acme.id, "Anna", "anna", "s3cret-A1")
    expected = hashlib.md5(b"anna:pbx.example:s3cret-A1", usedforsecurity=False).hexdigest()
    with database.reading():
        row = SipAccount.select().dicts().get()
    assert row["a1_hash"] == expected
    assert "s3cret-A1" not in map(str, row.values())
    assert "s3cret-A1" not in repr(new)


@pytest.mark.parametrize("login", ["A", "a", "Anna", "anna z", "żaba", "-anna", "a" * 33, "anna@pbx", "a\nb"])
def test_login_must_be_one_every_phone_can_type(pbx, ola, acme, refused, login):
    with refused(("login-format", "login")):
        pbx.accounts.create(ola, acme.id, "Anna", login)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("1234567", "password-too-short"),
        ("x" * 129, "password-too-long"),
        ("żółć-żółć", "password-characters"),
        ("two words", "password-characters"),
        ("line\nbreak", "password-characters"),
    ],
)
def test_password_must_be_long_enough_and_typeable(pbx, ola, acme, refused, password, code):
    with refused((code, "password")):
        pbx.accounts.create(ola, acme.id, "Anna", "anna", password)


def test_login_is_unique_in_the_whole_installation(pbx, ola, acme, zofia, refused):
    with refused(("name-missing", "name"), ("login-taken", "login")) as caught:
        pbx.accounts.create(ola, acme.id, "", zofia.login)
    assert "Zenit" not in str(caught.value)


def test_accounts_are_listed_by_name(pbx, ola, acme):
    for name in ("Żaneta", "anna", "Bartek"):
        pbx.accounts.create(ola, acme.id, name)
    assert [account.name for account in pbx.accounts.list(acme.id)] == ["anna", "Bartek", "Żaneta"]


def test_new_name_is_kept_tidy(pbx, ola, anna, refused, changes):
    assert pbx.accounts.rename(ola, anna.tenant, anna.account.id, "  Anna   Nowak ").name == "Anna Nowak"
    assert changes()[-1] == ("Ola", "account-renamed", f"{anna.login} Anna Nowak")
    with refused(("name-missing", "name")):
        pbx.accounts.rename(ola, anna.tenant, anna.account.id, " ")


def test_new_password_changes_hash_and_version(pbx, ola, anna):
    new = pbx.accounts.renew_password(ola, anna.tenant, anna.account.id)
    assert new.password != anna.password
    assert new.account.a1_hash != anna.account.a1_hash
    assert new.account.version > anna.account.version


def test_version_never_repeats_when_a_login_comes_back(pbx, ola, acme):
    first = pbx.accounts.create(ola, acme.id, "Anna", "anna", "s3cret-A1").account
    pbx.accounts.delete(ola, acme.id, first.id)
    second = pbx.accounts.create(ola, acme.id, "Other", "anna", "s3cret-B2").account
    assert second.version > first.version


def test_renaming_leaves_the_version_alone(pbx, ola, anna, database):
    pbx.accounts.rename(ola, anna.tenant, anna.account.id, "Anna Nowak")
    directory = snapshot.read(database)
    assert directory.accounts[anna.login].version == anna.account.version
    assert directory.accounts[anna.login].name == "Anna Nowak"


def test_account_in_use_is_not_deleted_by_the_way(pbx, ola, acme, anna, refused):
    pbx.numbers.create(ola, acme.id, "201", "Recepcja", anna.phone)
    with refused(("in-use", "replace_with")) as caught:
        pbx.accounts.delete(ola, acme.id, anna.account.id)
    assert [(use.kind, use.number) for use in caught.value.users] == [("extension", "21"), ("extension", "201")]
    assert list(caught.value.users) == pbx.accounts.used_by(acme.id, anna.account.id)


def test_numbers_of_a_deleted_account_go_to_its_heir(pbx, ola, acme, anna, bartek):
    pbx.accounts.delete(ola, acme.id, anna.account.id, replace_with=bartek.phone)
    assert {row.number: row.to for row in pbx.numbers.list(acme.id)} == {"21": bartek.phone, "22": bartek.phone}


def test_heir_is_another_account_of_the_same_tenant(pbx, ola, acme, anna, zofia, refused):
    with refused(("replacement-is-itself", "replace_with")):
        pbx.accounts.delete(ola, acme.id, anna.account.id, replace_with=anna.phone)
    for heir in (zofia.phone, ToAccount("nobody")):
        with refused(("account-unknown", "replace_with.account")):
            pbx.accounts.delete(ola, acme.id, anna.account.id, replace_with=heir)
    assert pbx.accounts.get(acme.id, anna.account.id)


def test_account_presents_a_city_number_of_its_tenant(pbx, ola, acme, zenit, anna, zofia, refused, database):
    for tenant, number in ((acme, "22 123 45 67"), (zenit, "22 765 43 21")):
        pbx.cities.create(ola, tenant.id, number, "Main", (anna if tenant is acme else zofia).phone)
    pbx.accounts.present(ola, acme.id, anna.account.id, "+48221234567")
    assert snapshot.read(database).accounts[anna.login].presents == "+48221234567"
    with refused(("city-unknown", "presents")):
        pbx.accounts.present(ola, acme.id, anna.account.id, "+48227654321")
    pbx.accounts.present(ola, acme.id, anna.account.id, "")
    assert snapshot.read(database).accounts[anna.login].presents == ""


def test_account_nobody_uses_is_deleted_without_ado(pbx, ola, acme, refused):
    spare = pbx.accounts.create(ola, acme.id, "Spare").account
    pbx.accounts.delete(ola, acme.id, spare.id)
    with refused("not-found"):
        pbx.accounts.get(acme.id, spare.id)
