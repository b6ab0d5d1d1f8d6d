"""Menus: what a key does, and what happens without one."""

from dataclasses import replace

import pytest

from app.core.destinations import ToExtension, ToHangUp, ToMenu, ToMessage
from app.core.directory import Choice, Menu, Sound
from app.services.audio import Recorded
from app.services.menus import MenuSettings
from app.store import snapshot
from app.store.models import Destination
from app.store.models import Sound as StoredSound
from tests.services.waves import wave_file


@pytest.fixture
def hello(anna) -> MenuSettings:
    keys = {"1": anna.phone, "2": ToExtension("21"), "*": ToMenu("Powitanie"), "#": ToHangUp()}
    return MenuSettings("Powitanie", keys, Choice(2, ToExtension("21")), Choice(0, ToHangUp()), dial_internal=True)


def test_menu_reaches_the_controller(pbx, ola, acme, zenit, told, hello, database, changes):
    menu = pbx.menus.create(ola, acme.id, hello, told)
    assert menu.settings == pbx.menus.get(acme.id, menu.id).settings == hello
    greeting = Sound(menu.greeting.id, menu.greeting.version, 0.5)
    tenants = snapshot.read(database).tenants
    assert tenants[zenit.id].menus == {}
    assert tenants[acme.id].menus == {
        "Powitanie": Menu("Powitanie", greeting, hello.keys, hello.no_choice, hello.wrong_choice, dial_internal=True)
    }
    assert changes()[-1] == ("Ola", "menu-created", "Powitanie")


def test_change_leaves_nothing_of_what_was(pbx, ola, acme, told, hello, database):
    menu = pbx.menus.create(ola, acme.id, hello, told)
    new = MenuSettings("Witaj", {"0": ToMenu("Witaj")}, Choice(1, ToHangUp()), Choice(1, ToHangUp()))
    changed = pbx.menus.change(ola, acme.id, menu.id, new)
    assert (changed.settings, changed.greeting) == (new, menu.greeting)
    with database.reading():
        assert Destination.select().where(Destination.of_menu == menu.id).count() == 3
    louder = pbx.menus.change(ola, acme.id, menu.id, new, Recorded("new.wav", wave_file(1.0)))
    assert (louder.greeting.seconds, louder.greeting.id) == (1.0, menu.greeting.id)


def test_everything_wrong_is_said_at_once(pbx, ola, acme, told, hello, zofia, refused):
    bad = MenuSettings("", {"11": ToHangUp(), "1": zofia.phone}, Choice(11, ToMenu("x")), Choice(-1, ToMessage("x")))
    with refused(
        ("name-missing", "name"),
        ("key-unknown", "keys.11"),
        ("repeat-range", "no_choice.repeat"),
        ("repeat-range", "wrong_choice.repeat"),
        ("account-unknown", "keys.1.account"),
        ("menu-unknown", "no_choice.then.ivr"),
        ("message-unknown", "wrong_choice.then.message"),
    ):
        pbx.menus.create(ola, acme.id, bad, told)
    assert pbx.menus.list(acme.id) == []


@pytest.mark.parametrize("key", ["", "10", "a", "²", "A", "**"])
def test_key_is_one_that_a_telephone_has(pbx, ola, acme, told, hello, refused, key):
    with refused(("key-unknown", f"keys.{key}")):
        pbx.menus.create(ola, acme.id, replace(hello, keys={key: ToHangUp()}), told)


def test_menu_has_a_key_or_lets_numbers_be_dialled(pbx, ola, acme, told, hello, refused):
    with refused(("keys-missing", "keys")):
        pbx.menus.create(ola, acme.id, replace(hello, keys={}, dial_internal=False), told)
    assert pbx.menus.create(ola, acme.id, replace(hello, keys={}), told)


def test_renamed_menu_knows_itself_by_its_new_name_only(pbx, ola, acme, told, hello, refused):
    menu = pbx.menus.create(ola, acme.id, hello, told)
    with refused(("menu-unknown", "keys.*.ivr")):
        pbx.menus.change(ola, acme.id, menu.id, replace(hello, name="Witaj"))
    pbx.menus.change(ola, acme.id, menu.id, replace(hello, name="Witaj", keys={"1": ToMenu("Witaj")}))


def test_name_is_given_once(pbx, ola, acme, zenit, told, hello, refused):
    pbx.menus.create(ola, acme.id, hello, told)
    with refused(("name-taken", "name")):
        pbx.menus.create(ola, acme.id, replace(hello, name="POWITANIE", keys={}), told)
    pbx.menus.create(ola, zenit.id, replace(hello, keys={"1": ToHangUp()}, no_choice=Choice(1, ToHangUp())), told)


def test_menu_in_use_stays_or_is_replaced(pbx, ola, acme, told, hello, refused, database):
    menu = pbx.menus.create(ola, acme.id, hello, told)
    fifty = pbx.numbers.create(ola, acme.id, "50", "Menu", ToMenu("Powitanie"))
    assert [use.number for use in pbx.menus.used_by(acme.id, menu.id)] == ["50"], "its own key does not hold it"
    with refused(("in-use", "replace_with")) as caught:
        pbx.menus.delete(ola, acme.id, menu.id)
    assert [use.number for use in caught.value.users] == ["50"]
    assert pbx.menus.get(acme.id, menu.id).settings == hello
    pbx.menus.delete(ola, acme.id, menu.id, replace_with=ToHangUp())
    assert pbx.numbers.get(acme.id, fifty.id).to == ToHangUp()
    with database.reading():
        assert StoredSound.select().count() == 0
