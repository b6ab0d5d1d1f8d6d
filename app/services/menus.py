"""Menus: a greeting, and a destination for each key."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.core.destinations import Destination
from app.core.directory import Choice
from app.services import audio, destinations, rules, sounds, uses
from app.services.actor import Actor
from app.services.audio import Recording
from app.services.book import Book
from app.services.changes import changing
from app.services.errors import DomainError, Use, refuse
from app.services.rows import found, name_free
from app.services.sounds import SoundInfo
from app.services.tenants import language_of
from app.store import Database, models
from app.store import destinations as stored
from app.store.models import NO_CHOICE, WRONG_CHOICE

KEYS = "1234567890*#"
REPEATS = range(0, 11)


@dataclass(frozen=True)
class MenuSettings:
    """What a menu does. ``keys``: where each of ``0``-``9``, ``*`` and ``#`` leads. ``no_choice``, ``wrong_choice``: how often
    the greeting is repeated, and then. ``dial_internal``: an internal number may be dialled as well."""

    name: str
    keys: Mapping[str, Destination]
    no_choice: Choice
    wrong_choice: Choice
    dial_internal: bool = False


@dataclass(frozen=True)
class Menu:
    """A menu of a tenant, and its greeting."""

    id: int
    settings: MenuSettings
    greeting: SoundInfo = field(compare=False)


class Menus:
    """The menus of one tenant at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, tenant: int) -> Sequence[Menu]:
        """Every menu of the tenant, by name."""
        with self._database.reading():
            return menus_of(tenant)

    def get(self, tenant: int, menu: int) -> Menu:
        """One menu. Raises NotFound."""
        with self._database.reading():
            return _menu(found(models.Menu, tenant, menu))

    def create(self, actor: Actor, tenant: int, settings: MenuSettings, greeting: Recording) -> Menu:
        """A new menu. Its keys may lead back to itself."""
        heard = audio.make(greeting, language_of(self._database, tenant))
        with changing(self._database, actor, tenant) as change:
            _check(tenant, settings)
            row = models.Menu.create(**columns(tenant, settings), greeting=sounds.keep(tenant, heard))
            _lead(tenant, settings, row.id)
            change.note("menu-created", row.name, tenant)
            return _menu(row)

    def change(self, actor: Actor, tenant: int, menu: int, settings: MenuSettings, greeting: Recording | None = None) -> Menu:
        """Make it as ``settings`` say; None keeps the greeting there is."""
        heard = audio.make(greeting, language_of(self._database, tenant)) if greeting else None
        with changing(self._database, actor, tenant) as change:
            row = found(models.Menu, tenant, menu)
            _check(tenant, settings, row.id)
            models.Menu.update(**columns(tenant, settings)).where(models.Menu.id == row.id).execute()
            if heard:
                sounds.keep(tenant, heard, row.greeting_id)
            _lead(tenant, settings, row.id)
            change.note("menu-changed", rules.tidy(settings.name), tenant)
            return _menu(found(models.Menu, tenant, menu))

    def used_by(self, tenant: int, menu: int) -> Sequence[Use]:
        """Who leads to the menu. Raises NotFound."""
        with self._database.reading():
            row = found(models.Menu, tenant, menu)
            return [use for use in uses.of(tenant, "ivr", row.name) if (use.kind, use.id) != ("menu", row.id)]

    def delete(self, actor: Actor, tenant: int, menu: int, replace_with: Destination | None = None) -> None:
        """Delete the menu. Whatever leads to it leads to ``replace_with``; without that it is refused (InUse)."""
        with changing(self._database, actor, tenant) as change:
            row = found(models.Menu, tenant, menu)
            models.Destination.delete().where(models.Destination.of_menu == row).execute()  # its keys may lead to itself
            uses.clear(tenant, "ivr", row.name, replace_with)
            row.delete_instance()
            models.Sound.delete().where(models.Sound.id == row.greeting_id).execute()
            change.note("menu-deleted", row.name, tenant)


def menus_of(tenant: int) -> list[Menu]:
    """Every menu of the tenant, by name."""
    led, kept = stored.read([tenant]).menus, sounds.infos(tenant)
    rows = models.Menu.select().where(models.Menu.tenant == tenant).order_by(models.Menu.name_key)
    return [Menu(row.id, _settings(row, led[row.id]), kept[row.greeting_id]) for row in rows]


def columns(tenant: int, settings: MenuSettings) -> dict[str, object]:
    """A menu's columns, without its greeting."""
    return {
        "tenant": tenant,
        "name": rules.tidy(settings.name),
        "name_key": rules.key(settings.name),
        "dial_internal": settings.dial_internal,
        "no_choice_repeat": settings.no_choice.repeat,
        "wrong_choice_repeat": settings.wrong_choice.repeat,
    }


def branches(settings: MenuSettings) -> dict[str, Destination]:
    """Where the menu leads, by branch."""
    return {**settings.keys, NO_CHOICE: settings.no_choice.then, WRONG_CHOICE: settings.wrong_choice.then}


def problems(settings: MenuSettings) -> Iterator[DomainError]:
    """What is wrong with a menu by itself, its destinations aside."""
    for key in sorted(settings.keys):
        if key not in KEYS or len(key) != 1:
            yield DomainError("key-unknown", f"keys.{key}", key=key[:10])
    if not settings.keys and not settings.dial_internal:
        yield DomainError("keys-missing", "keys")
    for name, choice in (("no_choice", settings.no_choice), ("wrong_choice", settings.wrong_choice)):
        if choice.repeat not in REPEATS:
            yield DomainError("repeat-range", f"{name}.repeat", maximum=REPEATS[-1])


def destination_field(branch: str) -> str:
    """The field of a form, or the place in a file, where it is said where a branch leads."""
    return f"{branch}.then" if branch in (NO_CHOICE, WRONG_CHOICE) else f"keys.{branch}"


def _check(tenant: int, settings: MenuSettings, row: int | None = None) -> None:
    """Raise everything that is wrong with a menu that is or will be ``row``. It may name itself, by its new name."""
    book, name = Book.of(tenant), rules.tidy(settings.name)
    others = {other: id_ for other, id_ in book.menus.items() if id_ != row}
    book = replace(book, menus={**others, name: row or 0})
    wrong = [rules.name(name) or name_free(models.Menu, tenant, name, row), *problems(settings)]
    for branch, to in branches(settings).items():
        wrong += destinations.problems(book, to, destination_field(branch))
    refuse(*wrong)


def _lead(tenant: int, settings: MenuSettings, menu: int) -> None:
    book = Book.of(tenant)
    models.Destination.delete().where(models.Destination.of_menu == menu).execute()
    for branch, to in branches(settings).items():
        destinations.store(book, to, of_menu=menu, branch=branch)
    uses.refuse_loops(tenant, "no_choice.then")


def _menu(row: models.Menu) -> Menu:
    return Menu(
        row.id, _settings(row, stored.read([row.tenant_id]).menus[row.id]), sounds.infos(row.tenant_id)[row.greeting_id]
    )


def _settings(row: models.Menu, led: Mapping[str, Destination]) -> MenuSettings:
    keys = {key: led[key] for key in KEYS if key in led}
    no_choice = Choice(row.no_choice_repeat, led[NO_CHOICE])
    wrong_choice = Choice(row.wrong_choice_repeat, led[WRONG_CHOICE])
    return MenuSettings(row.name, keys, no_choice, wrong_choice, row.dial_internal)
