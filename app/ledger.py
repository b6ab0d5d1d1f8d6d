"""How much each tenant calls outside: how many at once, and how long since its last midnight.

What is over is a sum; what still lives is counted from its records each time, so that a call of hours counts while it lasts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from app.core import engaged, limits
from app.core.call import Call, Ended
from app.core.directory import Directory, Tenant
from app.core.outcome import Limit
from app.core.record import Record
from app.ports import Journal


@dataclass
class _Day:
    """Since when, in seconds since the epoch, and how many seconds of talk in calls that are over."""

    since: float
    talked: float = 0.0


@dataclass
class Ledger:
    """Told of every change of a call, it knows which tenants have used up their limits."""

    _begun: bool = False
    _days: dict[int, _Day] = field(default_factory=dict)
    _living: dict[int, dict[str, Record]] = field(default_factory=dict)  # tenant -> the records of its calls that were outside
    _lines: dict[int, dict[str, tuple[str, ...]]] = field(default_factory=dict)  # tenant -> call -> whom outside it has now

    def begin(self, journal: Journal, tenants: Mapping[int, Tenant], at: float) -> None:
        """Know what an earlier controller has seen of this day; asked again, it knows better itself."""
        if self._begun:
            return
        self._begun = True
        self._days = {tenant.id: _Day(midnight(at, tenant.time_zone)) for tenant in tenants.values()}
        talked = journal.talked_outside({tenant: day.since for tenant, day in self._days.items()})
        for tenant, seconds in talked.items():
            self._days[tenant].talked = seconds

    def note(self, call: Call, directory: Directory, at: float) -> None:
        """A call has changed, or ended, or is no longer ours to lead."""
        tenant, ended = directory.tenants.get(call.record.tenant), isinstance(call.state, Ended)
        lines, living = self._lines.setdefault(call.record.tenant, {}), self._living.setdefault(call.record.tenant, {})
        lines.pop(call.id, None)
        if taken := engaged.lines(call):
            lines[call.id] = taken
        living.pop(call.id, None)
        if tenant is not None and any(part.is_outside for part in call.record.parts):
            if ended:
                day = self._today(tenant, at)
                day.talked += limits.talked(call.record, day.since, at)
            else:
                living[call.id] = call.record

    def forget(self, call: Call) -> None:
        """A call has ended while nobody watched; how long it talked is not known here."""
        self._lines.get(call.record.tenant, {}).pop(call.id, None)
        self._living.get(call.record.tenant, {}).pop(call.id, None)

    def exhausted(self, tenant: Tenant, call: str, at: float) -> Limit | None:
        """The limit by which ``call`` may have nobody outside: others use the tenant's lines, or the day's minutes are gone."""
        room, minutes = self.room(tenant, call), tenant.limits.minutes_per_day
        if room == 0:
            return Limit.AT_ONCE
        return Limit.MINUTES if minutes is not None and self._talked(tenant, at) >= minutes * 60 else None

    def room(self, tenant: Tenant, call: str = "") -> int | None:
        """How many more the tenant may have outside at once, without those of ``call``; None: as many as it likes."""
        most = tenant.limits.calls_at_once
        return None if most is None else max(0, most - sum(1 for _ in self.called(tenant, call)))

    def called(self, tenant: Tenant, call: str = "") -> Iterator[str]:
        """Whom outside the tenant has on its lines now, without those of ``call``."""
        for id_, lines in self._lines.get(tenant.id, {}).items():
            yield from () if id_ == call else lines

    def _talked(self, tenant: Tenant, at: float) -> float:
        day = self._today(tenant, at)
        return day.talked + sum(limits.talked(record, day.since, at) for record in self._living.get(tenant.id, {}).values())

    def _today(self, tenant: Tenant, at: float) -> _Day:
        since = midnight(at, tenant.time_zone)
        day = self._days.setdefault(tenant.id, _Day(since))
        if day.since < since:
            day.since, day.talked = since, 0.0
        return day


def midnight(at: float, time_zone: str) -> float:
    """When the day of ``at`` began where the clocks show ``time_zone``'s time. Raises ZoneInfoNotFoundError."""
    return datetime.fromtimestamp(at, ZoneInfo(time_zone)).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
