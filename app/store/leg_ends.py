"""What the switch has reported of legs that ended, kept for a day; every function runs inside a block of `Database`."""

from __future__ import annotations  # peewee's classes are generic for the type checker only

from collections.abc import Mapping, Sequence

from peewee import chunked

from app.core.outcome import Outcome
from app.core.report import LastWait, LegReport
from app.store.models import LegEnd

KEEP = 24 * 3600.0
ROWS_AT_ONCE = 90


def forget(now: float) -> None:
    """Drop what is older than a day."""
    LegEnd.delete().where(LegEnd.received < now - KEEP).execute()


def keep(told: LegReport, now: float) -> LegEnd | None:
    """Keep it; None if that leg has been reported before."""
    wait = told.wait
    row = LegEnd.insert(
        leg=told.leg,
        call=told.call or told.leg,
        ended=told.ended,
        answered=told.answered,
        cause=told.cause,
        outcome=told.outcome,
        ended_by=told.ended_by,
        received=now,
        wait_result=wait.result if wait else None,
        wait_ended=wait.at if wait else None,
        wait_queue=wait.queue if wait else None,
        wait_agent=wait.agent if wait else None,
    )
    return LegEnd.get_by_id(told.leg) if row.on_conflict_ignore().as_rowcount().execute() else None


def of(calls: Sequence[str]) -> Mapping[str, Sequence[LegEnd]]:
    """The ends of the legs of these calls, the last one last."""
    found: dict[str, list[LegEnd]] = {}
    for some in chunked(calls, ROWS_AT_ONCE):
        for end in LegEnd.select().where(LegEnd.call.in_(some)).order_by(LegEnd.ended):
            found.setdefault(end.call, []).append(end)
    return found


def last_wait(end: LegEnd) -> LastWait | None:
    """How the leg's last wait in a queue ended, where that is known."""
    if end.wait_result is None:
        return None
    return LastWait(Outcome(end.wait_result), end.wait_ended or 0.0, end.wait_queue or 0, end.wait_agent or "")
