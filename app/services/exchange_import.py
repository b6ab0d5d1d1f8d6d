"""Bringing the tables to what an exchange file says, inside one transaction."""

import time
from collections.abc import Collection, Mapping
from typing import Any

from peewee import Field, chunked

from app.core.destinations import Destination
from app.services import agents, menus, queue_settings, rules, schedules, sounds
from app.services.accounts import a1_hash
from app.services.audio import Audio
from app.services.book import Book
from app.services.call_settings import columns as setting_columns
from app.services.changes import Changing
from app.services.destinations import store
from app.services.errors import DomainError
from app.services.exchange_clear import clear
from app.services.exchange_queues import SOUND_COLUMNS
from app.services.exchange_schema import AccountPart, FilePart, TenantPart, TrunkPart
from app.services.exchange_text import Parsed, Path, refuse_all
from app.services.exchange_values import fallback_of, menu_of, public, schedule_of, trunk_of
from app.services.trunks import Trunks, told_anew
from app.store import destinations
from app.store.database import tuples
from app.store.models import City, Extension, Menu, Message, Queue, SipAccount, Sound, Tenant, Trunk

ROWS_AT_ONCE = 500


class Import:
    """One import of a checked file. Nothing of it stays if `run` raises, because its caller's transaction ends with it.

    First everything is deleted that must go, in all tenants, then everything is made: so a login or a city number can move
    from one tenant to another within a file.
    """

    def __init__(self, change: Changing, parsed: Parsed, sip_domain: str, recordings: Mapping[Path, Audio]) -> None:
        self._change = change
        self._parsed = parsed
        self._sip_domain = sip_domain
        self._recordings = recordings
        self._problems: list[DomainError] = []
        self._touched: set[int] = set()

    def run(self, file: FilePart) -> list[str]:
        """Make the tenants; what became of each: created, changed or unchanged. Raises Problems."""
        existing = {row.name_key: row for row in Tenant.select()}
        known = [existing.get(rules.key(part.name)) for part in file.tenants]
        for part, tenant in zip(file.tenants, known, strict=True):
            if tenant is not None and clear(tenant, part):
                self._touched.add(tenant.id)
        verbs = [self._tenant(("tenants", index), part, known[index]) for index, part in enumerate(file.tenants)]
        refuse_all(self._problems)
        return verbs

    def trunks(self, parts: Collection[TrunkPart], service: Trunks) -> bool:
        """Make the trunks; whether anything changed. Its caller has checked that the operator asks."""
        existing = {row.name_key: row for row in Trunk.select()}
        wanted = {rules.key(part.name) for part in parts}
        gone = [row.id for row in existing.values() if row.name_key not in wanted]
        changed = bool(Trunk.delete().where(Trunk.id.in_(gone)).execute())
        for place, part in enumerate(parts, 1):
            changed |= self._trunk(service, existing.get(rules.key(part.name)), part, place)
        if changed:
            self._change.note("trunks-imported", ", ".join(rules.tidy(part.name) for part in parts), None)
        return changed

    def _trunk(self, service: Trunks, row: Trunk | None, part: TrunkPart, place: int) -> bool:
        columns = service.columns(trunk_of(part, place))
        if row is None:
            Trunk.create(**{"password": "", **columns}, version=self._change.revision)
            return True
        if "password" in columns and service.has_password(row, part.password or ""):
            del columns["password"]  # encrypted anew it would look like another
        if not _differs(row, columns):
            return False
        if told_anew(row, columns):
            columns["version"] = self._change.revision
        Trunk.update(**columns).where(Trunk.id == row.id).execute()
        return True

    # --- one tenant ---

    def _tenant(self, path: Path, part: TenantPart, row: Tenant | None) -> str:
        columns = _columns(part)
        verb = "unchanged"
        if row is None:
            row, verb = Tenant.create(**columns, name_key=rules.key(part.name), created=time.time()), "created"
            self._touched.add(row.id)
        elif _differs(row, columns):
            Tenant.update(**columns).where(Tenant.id == row.id).execute()
            self._touched.add(row.id)
        self._cities(row, part, (*path, "cities"))
        self._accounts(row, part, (*path, "accounts"))
        if not self._problems:
            self._spoken(row, part, path)
            self._queues(row, part, path)
            self._schedules(row, part)
            self._extensions(row, part)
            self._lead(row, part)
        if row.id in self._touched:
            self._change.note("tenant-imported", rules.tidy(part.name), row.id)
            verb = "changed" if verb == "unchanged" else verb
        return verb

    def _cities(self, tenant: Tenant, part: TenantPart, path: Path) -> None:
        existing = _rows_by(City, City.number, [public(city.number) for city in part.cities])
        main = public(part.main_number or "")
        for index, city in enumerate(part.cities):
            number = public(city.number)
            row = existing.get(number)
            if row is not None and row.tenant_id != tenant.id:
                self._rule((*path, index, "number"), DomainError("city-taken", number=number))
            else:
                columns = {"name": rules.tidy(city.name), "main": number == main}
                self._put(City, tenant, row, {"number": number}, columns)

    def _accounts(self, tenant: Tenant, part: TenantPart, path: Path) -> None:
        existing = _rows_by(SipAccount, SipAccount.login, [account.login for account in part.accounts])
        cities = dict(tuples(City.select(City.number, City.id).where(City.tenant == tenant)))
        for index, account in enumerate(part.accounts):
            row = existing.get(account.login)
            if row is None and account.password is None:
                self._rule((*path, index, "password"), DomainError("password-missing"))
            elif row is not None and row.tenant_id != tenant.id:
                self._rule((*path, index, "login"), DomainError("login-taken", login=account.login))
            else:
                self._account(tenant, account, row, cities.get(public(account.presents or "")))

    def _account(self, tenant: Tenant, part: AccountPart, row: SipAccount | None, presents: int | None) -> None:
        columns: dict[str, object] = {"name": rules.tidy(part.name), "presents_id": presents}
        if part.password is not None:
            columns["a1_hash"] = a1_hash(part.login, self._sip_domain, part.password)
            if row is None or row.a1_hash != columns["a1_hash"]:
                columns |= {"realm": self._sip_domain, "version": self._change.revision}
        self._put(SipAccount, tenant, row, {"login": part.login}, columns)

    def _spoken(self, tenant: Tenant, part: TenantPart, path: Path) -> None:
        """Messages and menus, with their recordings."""
        existing = {row.name_key: row for row in Message.select().where(Message.tenant == tenant)}
        for index, message in enumerate(part.messages):
            row = existing.get(rules.key(message.name))
            sound = self._sound(tenant, (*path, "messages", index), row.sound_id if row else None)
            told: dict[str, object] = {"name": rules.tidy(message.name), "sound_id": sound}
            self._put(Message, tenant, row, {"name_key": rules.key(message.name)}, told)
        known = {row.name_key: row for row in Menu.select().where(Menu.tenant == tenant)}
        for index, menu in enumerate(part.menus):
            old = known.get(rules.key(menu.name))
            greeting = self._sound(tenant, (*path, "menus", index), old.greeting_id if old else None)
            columns = {**menus.columns(tenant.id, menu_of(menu)), "greeting_id": greeting}
            key = {"name_key": columns.pop("name_key")}
            del columns["tenant"]
            self._put(Menu, tenant, old, key, columns)

    def _queues(self, tenant: Tenant, part: TenantPart, path: Path) -> None:
        """Queues with their recordings; a recording that the file has no more is deleted."""
        existing = {row.name_key: row for row in Queue.select().where(Queue.tenant == tenant)}
        for index, queue in enumerate(part.queues):
            row, heard = existing.get(rules.key(queue.name)), queue.recordings()
            kept = {column: getattr(row, f"{column}_id") if row else None for column in SOUND_COLUMNS.values()}
            columns = queue_settings.columns(queue.settings)
            for key, column in SOUND_COLUMNS.items():
                at = (*path, "queues", index, key)
                columns[f"{column}_id"] = self._sound(tenant, at, kept[column]) if key in heard else None
            self._put(Queue, tenant, row, {"name_key": columns.pop("name_key")}, columns)
            gone = [sound for column, sound in kept.items() if columns[f"{column}_id"] is None]
            Sound.delete().where(Sound.id.in_(gone)).execute()

    def _sound(self, tenant: Tenant, path: Path, row: int | None) -> int | None:
        """The recording of a message, menu or queue: the one it has, with new content if the file has any."""
        audio = self._recordings.get(path)
        if audio is None:
            if row is None:  # it was there when the recordings were made, and has been deleted since
                self._rule((*path, "play"), DomainError("sound-missing", file=""))
            return row
        self._touched.add(tenant.id)
        return sounds.keep(tenant.id, audio, row)

    def _schedules(self, tenant: Tenant, part: TenantPart) -> None:
        existing = {rules.key(hours.schedule.name): hours for hours in schedules.schedules_of(tenant.id)}
        for one in part.schedules:
            known, wanted = existing.get(rules.key(one.name)), schedule_of(one)
            if known is None or known.schedule != wanted:
                schedules.store(tenant.id, wanted, known.id if known else None)
                self._touched.add(tenant.id)

    def _extensions(self, tenant: Tenant, part: TenantPart) -> None:
        existing = {row.number: row for row in Extension.select().where(Extension.tenant == tenant)}
        for extension in part.extensions:
            columns = {"name": rules.tidy(extension.name)}
            self._put(Extension, tenant, existing.get(extension.number), {"number": extension.number}, columns)

    def _lead(self, tenant: Tenant, part: TenantPart) -> None:
        """Let everything lead where the file says; what does so already is left alone."""
        book, led = Book.of(tenant.id), destinations.read([tenant.id])
        for extension in part.extensions:
            id_ = book.extensions[extension.number]
            self._store(book, led.extensions.get(id_), extension.to.value, of_extension=id_)
        for city in part.cities:
            id_ = book.cities[public(city.number)]
            self._store(book, led.cities.get(id_), city.to.value, of_city=id_)
        for menu in part.menus:
            id_ = book.menus[rules.tidy(menu.name)]
            now = led.menus.get(id_, {})
            for branch, to in menus.branches(menu_of(menu)).items():
                self._store(book, now.get(branch), to, of_menu=id_, branch=branch)
        for queue in part.queues:
            id_ = book.queues[rules.tidy(queue.name)]
            if agents.store(book, id_, queue.settings.agents):
                self._touched.add(tenant.id)
            now = led.queues.get(id_, {})
            for branch, to in queue_settings.branches(queue.settings).items():
                self._store(book, now.get(branch), to, of_queue=id_, branch=branch)
        self._store(book, led.fallbacks.get(tenant.id), fallback_of(part), of_tenant=tenant.id)

    def _store(self, book: Book, now: Destination | None, wanted: Destination | None, **owner: object) -> None:
        if now != wanted:
            store(book, wanted, **owner)
            self._touched.add(book.tenant)

    def _put(self, table: Any, tenant: Tenant, row: Any, key: Mapping[str, object], columns: Mapping[str, object]) -> None:
        """Make the row, or change it if it differs."""
        if row is None:
            table.insert(tenant=tenant, **key, **columns).execute()
        elif _differs(row, columns):
            table.update(**columns).where(table.id == row.id).execute()
        else:
            return
        self._touched.add(tenant.id)

    def _rule(self, path: Path, found: DomainError) -> None:
        self._problems.append(DomainError("file-value", place=self._parsed.place(path), reason=found))


def _columns(part: TenantPart) -> dict[str, object]:
    """A tenant's own columns, as the file has them."""
    return {
        "name": rules.tidy(part.name),
        "language": part.language,
        "time_zone": part.settings.time_zone,
        **setting_columns(part.settings.calls),
    }


def _rows_by(table: Any, key: Field, values: Collection[str]) -> dict[str, Any]:
    """Rows of the whole installation by a column that is unique in it."""
    found: dict[str, Any] = {}
    for some in chunked(values, ROWS_AT_ONCE):
        found.update({getattr(row, key.name): row for row in table.select().where(key.in_(some))})
    return found


def _differs(row: Any, columns: Mapping[str, object]) -> bool:
    return any(getattr(row, name) != value for name, value in columns.items())
