"""The provider's customers."""

from ast import literal_eval

import pytest

from app.core.destinations import ToHangUp
from app.core.directory import Choice
from app.core.record import Record
from app.services.audio import Spoken
from app.services.menus import MenuSettings
from app.store import calllog
from app.store.models import Extension, SipAccount, Tenant, User


def test_tenants_are_listed_by_name(pbx, ola):
    for name in ("Zenit", "żaba", "Acme"):
        pbx.tenants.create(ola, name)
    assert [tenant.name for tenant in pbx.tenants.list()] == ["Acme", "Zenit", "żaba"]


def test_new_tenant_speaks_polish_in_warsaw(pbx, ola, changes):
    tenant = pbx.tenants.create(ola, "  Żabka   sp. z o.o. ")
    assert (tenant.name, tenant.language, tenant.time_zone) == ("Żabka sp. z o.o.", "pl", "Europe/Warsaw")
    assert changes() == [("Ola", "tenant-created", "Żabka sp. z o.o.")]


@pytest.mark.parametrize("name", ["ACME", "acme ", "Acme"])
def test_name_is_taken_however_it_is_written(pbx, ola, acme, refused, name):
    with refused(("tenant-name-taken", "name")):
        pbx.tenants.create(ola, name)


def test_composed_and_decomposed_letters_are_the_same_name(pbx, ola, refused):
    pbx.tenants.create(ola, "Żabka")
    with refused(("tenant-name-taken", "name")):
        pbx.tenants.create(ola, "Z\u0307abka")


def test_everything_wrong_is_said_at_once(pbx, ola, refused):
    with refused(("name-missing", "name"), ("language-unknown", "language"), ("time-zone-unknown", "time_zone")):
        pbx.tenants.create(ola, " ", "de", "Mars/Olympus")
    assert pbx.tenants.list() == []


@pytest.mark.parametrize(
    ("name", "code"), [("x" * 101, "name-too-long"), ("Bell\x07", "name-characters"), ("\ue000", "name-characters")]
)
def test_name_must_be_one_that_can_be_shown(pbx, ola, refused, name, code):
    with refused((code, "name")):
        pbx.tenants.create(ola, name)


def test_only_what_is_given_changes(pbx, ola, acme):
    pbx.tenants.change(ola, acme.id, language="en")
    pbx.tenants.change(ola, acme.id, time_zone="Europe/London")
    changed = pbx.tenants.get(acme.id)
    assert (changed.name, changed.language, changed.time_zone) == ("Acme", "en", "Europe/London")


def test_tenant_may_keep_its_name_but_not_take_anothers(pbx, ola, acme, zenit, refused):
    assert pbx.tenants.change(ola, acme.id, name="ACME").name == "ACME"
    with refused(("tenant-name-taken", "name")):
        pbx.tenants.change(ola, acme.id, name="zenit")
    with refused(("name-missing", "name")):
        pbx.tenants.change(ola, acme.id, name="")


def test_deletion_tells_what_goes_with_the_tenant(pbx, ola, acme, anna, bartek, database):
    pbx.users.create(ola, acme.id, "owner@acme.pl", "Owner", "owner")
    with database.writing():
        calllog.store([Record("call", acme.id, "21", "Anna", anna.login, "22", 1.0)])
    assert pbx.tenants.consequences(acme.id) == {
        "accounts": 2,
        "extensions": 2,
        "cities": 0,
        "queues": 0,
        "menus": 0,
        "messages": 0,
        "users": 1,
        "calls": 1,
    }


def test_deletion_wants_the_name_typed(pbx, ola, acme, anna, refused):
    with refused(("tenant-name-mismatch", "typed_name")):
        pbx.tenants.delete(ola, acme.id, "acme")
    assert pbx.accounts.list(acme.id)


def test_deleted_tenant_is_gone_with_everything_and_others_stay(pbx, ola, acme, anna, zofia, database, changes, refused):
    pbx.users.create(ola, acme.id, "owner@acme.pl", "Owner", "owner")
    pbx.tenants.delete(ola, acme.id, " Acme ")
    with database.reading():
        rows = [table.select().count() for table in (Tenant, SipAccount, Extension, User)]
    assert rows == [1, 1, 1, 0]
    assert changes()[-1] == ("Ola", "tenant-deleted", "Acme")
    with refused("not-found"):
        pbx.tenants.get(acme.id)


def test_texts_are_spoken_anew_in_another_language(pbx, ola, acme, zenit, told, espeak):
    for tenant in (acme, zenit):
        pbx.messages.create(ola, tenant.id, "text", Spoken("Dzień dobry"))
    pbx.messages.create(ola, acme.id, "file", told)
    pbx.menus.create(ola, acme.id, MenuSettings("m", {}, END, END, dial_internal=True), Spoken("Dzień dobry"))
    (espeak.parent / "heard").unlink()
    pbx.tenants.change(ola, acme.id, language="en")
    voices = [literal_eval(line)[1] for line in (espeak.parent / "heard").read_text().splitlines()]
    assert voices == ["en-us+f2"]
    pbx.tenants.change(ola, acme.id, language="en", name="Acme 2")
    assert len((espeak.parent / "heard").read_text().splitlines()) == 1
    assert pbx.sounds.spoken(acme.id) == 2


def test_where_nothing_can_be_spoken_the_language_stays(pbx, ola, acme, espeak, refused):
    pbx.messages.create(ola, acme.id, "text", Spoken("Dzień dobry"))
    espeak.unlink()
    with refused(("speech-missing", "language")):
        pbx.tenants.change(ola, acme.id, language="en", name="Other")
    assert (pbx.tenants.get(acme.id).language, pbx.tenants.get(acme.id).name) == ("pl", "Acme")


END = Choice(1, ToHangUp())
