"""The end of a day of `queue_day.py`: whether everybody had one record, each stay one outcome, and nothing is left over."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.core.outcome import Outcome
from app.core.record import Record, Visit
from app.services.queue_statistics import AgentReport, QueueReport
from freeswitch.console import ask
from tests.contract.phone import NothingHappenedError, wait_until
from tests.contract.random_stories import is_told

if TYPE_CHECKING:
    from tests.contract.queue_day import Day

QUIET_SECONDS = 30.0  # within which everything that was stuck is healed
EXPLAINED = 1.0  # seconds: whoever talked with somebody who puts down is free so soon after it
WITHOUT = 11.0  # seconds: who comes while there is no controller is refused after ten (`scripts.py`, GUARD)
NEAR = 0.01  # seconds, for sums of many lengths of time
LOG_LINE = re.compile(r"^\S+ \S+ (?P<level>WARNING|ERROR|CRITICAL) (?P<rest>.*)$")
NAMES = re.compile(r"[0-9a-f]{8}-[-0-9a-f]{20,}|\b5\d{5}\b|127\.0\.0\.1:\d+|\bq\d+\b|\d+")
ENDS = (Outcome.ANSWERED, Outcome.ABANDONED, Outcome.PICKED_UP, Outcome.OVERFLOWED)


class DayError(AssertionError):
    """A day ended badly; the text says how."""


class Reckoning:
    """What is true of a day that is over."""

    def __init__(self, day: "Day") -> None:
        self._day, self._product = day, day.product
        self._switch = self._product.settings.switches[0]
        self._tenant = self._product.tenant("Dzień")
        self._excuses: list[str] = []
        self._quiet = list(self._noise())  # first: what is stuck must be healed before the log can be complete
        self._records = self._log()
        self._visits = [(record, visit) for record in self._records for visit in record.visits]
        self._came = sorted((caller for caller in day.callers if caller.person), key=lambda caller: caller.dialled)

    def report(self) -> str:
        """What the day came to. Raises DayError."""
        problems = [*self._quiet, *self._calls(), *self._stays(), *self._dropped(), *self._statistics(), *self._errors()]
        text = "\n".join([*self._figures(), *self._excuses, *(f"PROBLEM: {problem}" for problem in problems)])
        if problems:
            raise DayError(text)
        return text

    # --- nothing is left ---

    def _noise(self) -> Iterator[str]:
        """What has not come to rest, after the time it takes to heal it."""
        for one in (*self._day.agents, *self._day.colleagues):
            if one.is_busy:
                yield f"{one.person.shown} still has a call"
        yield from (f"the caller of {caller.comes:.2f} still has a call" for caller in self._day.callers if caller.is_busy)
        try:
            wait_until(lambda: not self._left(), QUIET_SECONDS, "nothing is left")
        except NothingHappenedError:
            yield from self._left()

    def _left(self) -> list[str]:
        channels = ask(self._switch, "show channels count").strip()
        agents = [row for row in self._rows("agent list") if row["state"] != "Waiting" or row["status"] != "Available"]
        tiers = [row for row in self._rows("tier list") if row["state"] not in ("Ready", "No Answer")]
        members = [
            row
            for queue in self._day.queues
            for row in self._rows(f"queue list members q{queue.id}")
            if row["state"] != "Abandoned" and f"of caller {row['uuid']} in" not in self._worker_log()
        ]
        return [*([] if channels.startswith("0 total") else [channels]), *map(str, (*agents, *tiers, *members))]

    def _worker_log(self) -> str:
        return (self._product.folder / "worker.log").read_text(encoding="utf-8")

    def _rows(self, what: str) -> list[dict[str, str]]:
        head, *rows = ask(self._switch, f"callcenter_config {what}").strip().splitlines()
        return [dict(zip(head.split("|"), row.split("|"), strict=False)) for row in rows if "|" in row]

    # --- the call log ---

    def _log(self) -> list[Record]:
        deadline = time.monotonic() + WITHOUT
        while not all(record.ended for record in self._everything()) and time.monotonic() < deadline:
            time.sleep(0.5)
        return sorted(self._everything(), key=lambda record: record.started)

    def _everything(self) -> list[Record]:
        with self._product.office() as services:
            first = services.history.page(self._tenant, since=self._day.since)
            others = [services.history.page(self._tenant, page, since=self._day.since) for page in range(2, first.pages + 1)]
        return [record for page in (first, *others) for record in page.rows]

    def _calls(self) -> Iterator[str]:
        """Each call that was made is there once, with an end and an outcome."""
        mine = self._of_callers()
        if len(mine) != len(self._came):
            yield f"{len(self._came)} called, the log has {len(mine)}"
        for caller, record in zip(self._came, mine, strict=False):
            if record.dialled != caller.queue.number or abs(record.started - caller.dialled) > EXPLAINED:
                yield f"who called {caller.queue.number} at {self._at(caller.dialled)} is {self._told(record)}"
                break
        for record in self._records:
            if record.ended is None or record.outcome is None:
                yield f"without an end: {self._told(record)}"
            elif record.outcome is Outcome.FAILED and not self._excused("failed", record, record.started):
                yield f"failed: {self._told(record)}"

    def _of_callers(self) -> list[Record]:
        return [record for record in self._records if record.caller_login == self._day.customers]

    def _excused(self, what: str, record: Record, begin: float, end: float | None = None) -> bool:
        """Whether it is because there was no controller. It is told all the same."""
        if self._was_alone(begin, end):
            self._excuses.append(f"{what}, there was no controller: {self._told(record)}")
            return True
        return False

    def _was_alone(self, begin: float, end: float | None = None) -> bool:
        """Whether there was no controller then, or in between, or it was about to go."""
        last = end or begin
        return any(killed - EXPLAINED <= last and begin <= started + WITHOUT for killed, started in self._day.killed)

    def _stays(self) -> Iterator[str]:
        """Each stay has one outcome, and each offer."""
        for record, visit in self._visits:
            if visit.outcome not in ENDS:
                yield f"a stay that is {visit.outcome}: {self._told(record)}"
            if any(offer.outcome is None or offer.ended is None or offer.ended < offer.started for offer in visit.offers):
                yield f"an offer without an end, or with one before it: {self._told(record)}"
            if visit.why == "failed" and not self._excused("a stay that failed", record, record.started, record.ended):
                yield f"a stay that failed: {self._told(record)}"
            if (visit.outcome is Outcome.ANSWERED) != bool(visit.agent):
                yield f"{visit.outcome} by «{visit.agent}»: {self._told(record)}"
        for record in self._of_callers():
            if record.visits or record.outcome is Outcome.CANCELLED:
                continue
            if not self._excused("never was in a queue", record, record.started):
                yield f"never was in a queue: {self._told(record)}"

    # --- nobody was dropped ---

    def _dropped(self) -> Iterator[str]:
        """Whose call was ended by others has had a reason: whom he talked with has put down, or he was told why."""
        people = (*self._day.agents, *self._day.colleagues)
        for caller, record in zip(self._came, self._of_callers(), strict=False):
            if caller.person is None or caller.ended is None or caller.ended["by"] == "us":
                continue
            other, end = record.parts[-1].login if record.parts else "", float(str(caller.ended["at"]))
            unseen = self._was_alone(end)  # then the log may not know whom he talked with
            deeds = (at for one in people if unseen or one.person.login == other for at in one.hung_up)
            if any(self._explains(at, end) for at in deeds) or is_told(caller.person, caller.person.call):
                continue
            if not self._excused(f"dropped ({caller.fate}) at {self._at(end)}", record, record.started):
                yield f"dropped ({caller.fate}) at {self._at(end)}: {self._told(record)}"

    def _explains(self, left: float, end: float) -> bool:
        """Whether somebody who has put down then explains this end. Without a controller it may take as long as the guard."""
        return abs(end - left) <= EXPLAINED or (left < end < left + WITHOUT and self._was_alone(left))

    # --- statistics ---

    def _statistics(self) -> Iterator[str]:
        """The sums are those of the call log."""
        with self._product.office() as services:
            until = time.time() + 1
            queues = services.queue_statistics.queues(self._tenant, self._day.since, until)
            agents = services.queue_statistics.agents(self._tenant, self._day.since, until)
        for queue in self._day.queues:
            (said,) = [report for report in queues if report.id == queue.id]
            yield from self._queue_agrees(said)
        for agent in agents:
            yield from self._agent_agrees(agent)
        if sum(agent.figures.total.answered for agent in agents) != sum(report.figures.total.answered for report in queues):
            yield "agents and queues have not answered the same number of callers"

    def _queue_agrees(self, said: QueueReport) -> Iterator[str]:
        stays = [(record, visit) for record, visit in self._visits if visit.queue == said.id]
        total, seen = said.figures.total, Counter(visit.outcome for _, visit in stays)
        counted = {
            Outcome.ANSWERED: total.answered,
            Outcome.ABANDONED: total.abandoned,
            Outcome.PICKED_UP: total.picked_up,
            Outcome.OVERFLOWED: total.led_on,
        }
        if counted != {outcome: seen[outcome] for outcome in ENDS} or total.entered != len(stays):
            yield f"{said.name}: statistics {counted}, {total.entered} entered; call log {dict(seen)}, {len(stays)} entered"
        for name, spread, kinds in (("wait", total.wait, ENDS[::2]), ("patience", total.patience, ENDS[1:2])):
            waits = [_length(record, visit) for record, visit in stays if visit.outcome in kinds]
            if spread.count != len(waits) or abs(spread.total - sum(waits)) > NEAR:
                yield f"{said.name}: {name} {spread}; call log {len(waits)} of {sum(waits):.2f} s"
        for days in (said.figures.by_day, said.figures.by_hour):
            if sum(figures.entered for figures in days.values()) != total.entered:
                yield f"{said.name}: days or hours do not add up"

    def _agent_agrees(self, said: AgentReport) -> Iterator[str]:
        total = said.figures.total
        answered = [visit for _, visit in self._visits if visit.agent == said.key]
        offers = [offer for _, visit in self._visits for offer in visit.offers if offer.agent == said.key]
        if (total.answered, total.offered) != (len(answered), len(offers)):
            yield f"{said.key}: {total.answered} of {total.offered}; call log {len(answered)} of {len(offers)}"

    # --- what the controller wrote ---

    def _lines(self) -> list[tuple[str, str]]:
        """What is worse than information: level, text."""
        lines = self._worker_log().splitlines()
        stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(self._day.since))
        matches = (LOG_LINE.match(line) for line in lines if line[:19] >= stamp)
        return [(match["level"], match["rest"]) for match in matches if match]

    def _errors(self) -> Iterator[str]:
        yield from (f"{level} {text}" for level, text in self._lines() if level != "WARNING")

    def _figures(self) -> Iterator[str]:
        day = self._day
        yield f"seed {day.seed}: {len(day.callers)} callers, {len(day.agents)} agents, {day.length:.0f} s at ten times speed"
        kinds = Counter(str(visit.outcome and visit.outcome.value) + (f" ({visit.why})" if visit.why else "")
                        for _, visit in self._visits)  # fmt: skip
        yield f"{len(self._records)} calls, {len(self._visits)} stays: " + ", ".join(f"{n} {kind}" for kind, n in kinds.items())
        fates = Counter(caller.fate for caller in day.callers)
        yield "callers: " + ", ".join(f"{number} {fate}" for fate, number in fates.items())
        taken = sum(agent.answered for agent in day.agents)
        offers = Counter(str(offer.outcome and offer.outcome.value) for _, visit in self._visits for offer in visit.offers)
        yield f"offers: {dict(offers)}; agents' telephones answered {taken} calls"
        yield "controller killed at " + ", ".join(f"{self._at(killed)} for {up - killed:.1f} s" for killed, up in day.killed)
        for kind, number in Counter(NAMES.sub("…", text) for _, text in self._lines()).most_common():
            yield f"the log says {number} times: {kind}"

    def _at(self, moment: float) -> str:
        return f"{moment - self._day.since:.2f}"

    def _told(self, record: Record) -> str:
        return f"{self._at(record.started)} {record}"


def _length(record: Record, visit: Visit) -> float:
    part = record.parts[visit.place]
    return (part.ended or 0.0) - part.started
