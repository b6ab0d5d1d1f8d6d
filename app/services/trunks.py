"""Trunks: the operator's ways to the outside world, for all tenants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.services import rules
from app.services.actor import Actor
from app.services.changes import changing
from app.services.errors import DomainError, NotFound, is_id, refuse
from app.services.vault import Vault
from app.store import Database
from app.store.models import Trunk, TrunkState
from app.store.snapshot import gateway

PRIORITIES = range(0, 1000)


@dataclass(frozen=True)
class TrunkSettings:
    """What a trunk is.

    ``proxy`` is a host or ``host:port``; ``password`` None keeps the one there is. ``register``: the switch signs in there, for
    providers that do not know it by its address. The lowest ``priority`` is tried first. ``passes_original``: a forwarded call
    may show the number of whoever really calls.
    """

    name: str
    proxy: str
    username: str = ""
    password: str | None = field(default=None, repr=False)
    register: bool = False
    priority: int = 1
    passes_original: bool = False
    enabled: bool = True


@dataclass(frozen=True)
class TrunkNow:
    """A trunk and whether calls can go over it. ``up`` is None until a switch has said so; ``state`` is its word for it."""

    id: int
    settings: TrunkSettings
    has_password: bool
    up: bool | None = None
    state: str = ""
    since: float | None = None


class Trunks:
    """For operators alone."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def list(self) -> Sequence[TrunkNow]:
        """Every trunk, in the order in which they are tried."""
        with self._database.reading():
            states: dict[str, TrunkState] = {}
            for state in TrunkState.select().order_by(TrunkState.up.desc()):  # of several switches, the one that lacks it
                states[state.gateway] = state
            rows = Trunk.select().order_by(Trunk.priority, Trunk.name_key)
            return [_now(row, states.get(gateway(row.id))) for row in rows]

    def get(self, trunk: int) -> TrunkNow:
        """One trunk. Raises NotFound."""
        with self._database.reading():
            row = found(trunk)
            lacking = TrunkState.select().where(TrunkState.gateway == gateway(row.id)).order_by(TrunkState.up)
            return _now(row, lacking.first())

    def create(self, actor: Actor, settings: TrunkSettings) -> TrunkNow:
        """A new trunk; the switch asks for it within seconds."""
        with changing(self._database, actor, None) as change:
            refuse(*problems(settings), trunk_free(settings.name), address_free(settings))
            row = Trunk.create(**self.columns(replace(settings, password=settings.password or "")), version=change.revision)
            change.note("trunk-created", row.name, None)
            return _now(row, None)

    def change(self, actor: Actor, trunk: int, settings: TrunkSettings) -> TrunkNow:
        """Make the trunk as ``settings`` say. Calls that go over it now go on."""
        with changing(self._database, actor, None) as change:
            row = found(trunk)
            refuse(*problems(settings), trunk_free(settings.name, row.id), address_free(settings, row.id))
            columns = self.columns(settings)
            if told_anew(row, columns):
                columns["version"] = change.revision
            Trunk.update(**columns).where(Trunk.id == row.id).execute()
            change.note("trunk-changed", rules.tidy(settings.name), None)
            return _now(found(trunk), None)

    def delete(self, actor: Actor, trunk: int) -> None:
        """Delete the trunk. Calls to outside go over the others from then on."""
        with changing(self._database, actor, None) as change:
            row = found(trunk)
            row.delete_instance()
            TrunkState.delete().where(TrunkState.gateway == gateway(row.id)).execute()
            change.note("trunk-deleted", row.name, None)

    def has_password(self, row: Trunk, password: str) -> bool:
        """Whether this is the password the trunk has."""
        return (self._vault.open(row.password) if row.password else "") == password

    def columns(self, settings: TrunkSettings) -> dict[str, object]:
        """What is stored; the password only if there is a new one."""
        columns = {
            "name": rules.tidy(settings.name),
            "name_key": rules.key(settings.name),
            "proxy": settings.proxy.strip().lower(),
            "username": settings.username,
            "register": settings.register,
            "priority": settings.priority,
            "passes_original": settings.passes_original,
            "enabled": settings.enabled,
        }
        if settings.password is not None:
            columns["password"] = self._vault.lock(settings.password) if settings.password else ""
        return columns


def found(trunk: int) -> Trunk:
    """The trunk's row. Raises NotFound."""
    row = Trunk.get_or_none(Trunk.id == trunk) if is_id(trunk) else None
    if row is None:
        raise NotFound
    return row


def problems(settings: TrunkSettings) -> Sequence[DomainError]:
    """What is wrong with the values by themselves."""
    checks = (
        rules.name(settings.name),
        rules.proxy(settings.proxy),
        rules.trunk_word(settings.username, "username"),
        rules.trunk_word(settings.password or "", "password"),
        DomainError("username-missing", "username") if settings.register and not settings.username else None,
        None if settings.priority in PRIORITIES else DomainError("priority-range", "priority", maximum=PRIORITIES[-1]),
    )
    return [problem for problem in checks if problem is not None]


def told_anew(row: Trunk, columns: Mapping[str, object]) -> bool:
    """Whether these columns change what the switch has been told; a password always does."""
    known = ("proxy", "username", "register", "enabled")
    return "password" in columns or any(getattr(row, column) != columns[column] for column in known)


def trunk_free(name: str, except_for: int | None = None) -> DomainError | None:
    """Whether no other trunk has this name."""
    other = Trunk.get_or_none(Trunk.name_key == rules.key(name))
    return DomainError("name-taken", "name", name=other.name) if other and other.id != except_for else None


def address_free(settings: TrunkSettings, except_for: int | None = None) -> DomainError | None:
    """Whether the calls of this trunk can be told from every other's.

    One that registers is called at an address of its own (conf/dialplan/trunks.xml), any other is known by where the calls
    come from, whatever the port; so of the trunks in use at one host only one may do without registering.
    """
    if not is_known_by_address(settings):
        return None
    others = Trunk.select().where(Trunk.enabled, ~Trunk.register, Trunk.id != except_for)
    host = rules.host_of(settings.proxy)
    other = next((row for row in others if rules.host_of(row.proxy) == host), None)
    return DomainError("trunk-address-taken", "proxy", name=other.name) if other else None


def is_known_by_address(settings: TrunkSettings) -> bool:
    """Whether nothing but its address tells its calls from other trunks'."""
    return settings.enabled and not settings.register


def settings_of(row: Trunk) -> TrunkSettings:
    """What the trunk is, without its password."""
    return TrunkSettings(
        row.name,
        row.proxy,
        row.username,
        None,
        row.register,
        row.priority,
        row.passes_original,
        row.enabled,
    )


def _now(row: Trunk, state: TrunkState | None) -> TrunkNow:
    up, word, since = (state.up, state.state, state.since) if state else (None, "", None)
    return TrunkNow(row.id, settings_of(row), bool(row.password), up, word, since)
