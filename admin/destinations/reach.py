"""Who would answer at this moment, if somebody called there."""

from collections.abc import Iterable
from dataclasses import dataclass

from admin.figures import grouped
from app.core.destinations import (
    Destination,
    ToAccount,
    ToCity,
    ToExtension,
    ToExternal,
    ToHangUp,
    ToHours,
    ToMenu,
    ToMessage,
    ToRing,
)

HOPS = 8  # as many as a call is led


@dataclass(frozen=True)
class Reach:
    """``kind`` is a key of ``words.WOULD_ANSWER``; ``whom`` names the phones, the number outside, the menu or the message."""

    kind: str
    whom: str = ""

    def __bool__(self) -> bool:
        """Whether that is somebody or at least what the caller is meant to hear."""
        return self.kind != "nobody"


NOBODY = Reach("nobody")


@dataclass(frozen=True)
class Present:
    """What there is at this moment: who is signed in (login -> name), which schedules are open, and where numbers lead."""

    signed_in: dict[str, str]
    open_now: frozenset[str]
    numbers: dict[str, Destination]
    cities: dict[str, Destination]

    def reach(self, destination: Destination | None, hops: int = HOPS) -> Reach:
        """Who would answer at ``destination``. A phone that is in a call counts: it is there."""
        match destination:
            case ToAccount(login):
                return self._phones([login])
            case ToRing():
                return self._phones(destination.logins) or self.reach(destination.unavailable, hops - 1)
            case ToHours(schedule, open_, closed):
                return self.reach(open_ if schedule in self.open_now else closed, hops - 1)
            case ToExtension(number):
                return self.reach(self.numbers.get(number), hops - 1) if hops else NOBODY
            case ToCity(number):
                return self.reach(self.cities.get(number), hops - 1) if hops else NOBODY
            case ToExternal(number):
                return Reach("outside", grouped(number))
            case ToMenu(name) | ToMessage(name):
                return Reach("recording", name)
            case ToHangUp():
                return Reach("end")
        return NOBODY

    def _phones(self, logins: Iterable[str]) -> Reach:
        names = [self.signed_in[login] for login in logins if login in self.signed_in]
        return Reach("person", ", ".join(names)) if names else NOBODY
