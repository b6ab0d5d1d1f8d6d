"""The call-back list: callers a queue has lost and whom nobody has talked with since. One list for all of a tenant's people."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.core import numbering
from app.core.outcome import Outcome
from app.core.record import STANDS_IN, Record
from app.services.actor import Actor
from app.services.errors import NotFound
from app.services.history import living
from app.services.tenants import found
from app.store import Database, lost_callers
from app.store.lost_callers import Stay

KEPT = 30 * 86_400.0
"""For so many seconds a lost caller stays in the list."""

LATELY = 600.0
"""A call that nobody saw living is noticed by its end for so many seconds, by whichever machine's clock."""


class Loss(StrEnum):
    """Why somebody should be called."""

    ABANDONED = "abandoned"  # gave up
    OVERFLOWED = "overflowed"  # nobody took him in time, and nobody where he was led on to
    ASKED = "asked"  # wanted to be called back, and was not reached


@dataclass(frozen=True)
class CallBack:
    """A number that should be called, or was, and how it was lost last: when (``at``), in which ``queue`` (its name), why,
    after how many seconds of waiting, in which call. ``times``: so often since anybody has talked with it.

    ``in_call``: it is in a call of the tenant's at this moment. ``done_by`` is who has taken it off the list, ``done_at`` when.
    """

    number: str
    name: str
    loss: Loss
    at: float
    queue: str
    waited: float
    call: str
    times: int
    in_call: bool = False
    done_by: str = ""
    done_at: float | None = None


class CallBacks:
    """The list of one tenant at a time. Nobody who hides his number is on it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, tenant: int, now: float | None = None) -> Sequence[CallBack]:
        """Those who should be called, each number once, newest first; ``now`` in seconds since the epoch.

        A number leaves the list by itself when anybody of the tenant has talked with it since, whoever called whom. Who waits
        to be called back by the queue is not on it either.
        """
        return self.lists(tenant, now)[0]

    def done(self, tenant: int, now: float | None = None) -> Sequence[CallBack]:
        """Those whom somebody has taken off the list and nobody has talked with, newest first."""
        return self.lists(tenant, now)[1]

    def lists(self, tenant: int, now: float | None = None) -> tuple[Sequence[CallBack], Sequence[CallBack]]:
        """Both lists, by one look at the call log."""
        everybody = self._all(tenant, now)
        return [one for one in everybody if one.done_at is None], [one for one in everybody if one.done_at is not None]

    def mark(self, tenant: int) -> object:
        """Unequal to an earlier one whenever the lists may have become others, and much cheaper than these: for whoever asks
        every second. (That somebody is forgotten after `KEPT` seconds does not show in it.)"""
        with self._database.reading():
            return living(tenant), lost_callers.ended(tenant, time.time() - LATELY), lost_callers.done(tenant)

    def be_done(self, actor: Actor, tenant: int, number: str) -> None:
        """Take a number off the list, until it is lost anew. Raises NotFound if it is not on it."""
        now = time.time()
        if all(one.number != number for one in self.list(tenant, now)):
            raise NotFound
        with self._database.writing():
            lost_callers.forget(now - KEPT)
            lost_callers.be_done(tenant, number, now, actor.name)

    def _all(self, tenant: int, now: float | None) -> Sequence[CallBack]:
        since = (time.time() if now is None else now) - KEPT
        with self._database.reading():
            found(tenant)
            stays = sorted(lost_callers.stays(tenant, since), key=lambda stay: stay.ended)
            said, calls = lost_callers.done(tenant), living(tenant)
        waiting, in_call = _numbers(calls)
        lost: dict[str, list[Stay]] = {}
        for stay in stays:
            if stay.number not in waiting and _can_be_called(stay):
                lost.setdefault(stay.number, []).append(stay)
        listed = [_call_back(some, number in in_call, *said.get(number, (0.0, ""))) for number, some in lost.items()]
        return sorted(listed, key=lambda one: (-one.at, one.number))


def _call_back(stays: Sequence[Stay], in_call: bool, done_at: float, done_by: str) -> CallBack:
    """Of a number's losses, oldest first. What was done holds for those before it."""
    last = stays[-1]
    done = done_at >= last.ended
    counted = stays if done else [stay for stay in stays if stay.ended > done_at]
    asked = any(stay.outcome == Outcome.CALL_BACK or stay.call.endswith(STANDS_IN) for stay in counted)
    loss = Loss.ASKED if asked else Loss(last.outcome)
    times = len({stay.call.removesuffix(STANDS_IN) for stay in counted})
    waited = last.ended - last.started
    told = (done_by, done_at) if done else ("", None)
    return CallBack(last.number, last.name, loss, last.ended, last.queue_name, waited, last.call, times, in_call, *told)


def _can_be_called(stay: Stay) -> bool:
    """Whether it is somebody's number, inside or outside, and no word for somebody who hides it."""
    return bool(stay.login) or (stay.number != "" and numbering.as_city(stay.number) == stay.number)


def _numbers(calls: Sequence[Record]) -> tuple[set[str], set[str]]:
    """Who waits to be called back by a queue, and who is in a call at all."""
    waiting = {record.caller_number for record in calls if record.stands_in}
    called = {part.number for record in calls for part in record.parts if part.ended is None}
    return waiting, {record.caller_number for record in calls} | called
