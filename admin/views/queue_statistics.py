"""Statistics of queues and their agents: tables, a chart, and the same for a spreadsheet."""

from collections.abc import Sequence

from flask import request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import format_date, gettext

from admin import periods, queue_sums, queue_words, tables
from admin.base import MANAGERS, TenantView
from admin.periods import Period
from app.services import queue_csv
from app.services.queue_figures import REASONS
from app.services.queue_statistics import AgentReport, QueueReport


class QueueStatisticsView(TenantView):
    """Of all queues or of one. The address carries what is asked for, so that it can be kept and sent."""

    roles = MANAGERS
    icon = "queue"
    in_menu = False
    belongs_to = "queues"

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The figures of a stretch of days."""
        period, reports = periods.asked(request.args), self._queues()
        counted = [report.figures for report in reports]
        by_day = queue_sums.over((one.by_day for one in counted), period.days)
        by_hour = queue_sums.over((one.by_hour for one in counted), range(24))
        days = [(format_date(day, "d MMM", rebase=False), one) for day, one in by_day.items()]
        hours = [(f"{hour}:00", one) for hour, one in by_hour.items()]
        return self.render(
            "queue_statistics.html",
            period=period,
            chosen=self._chosen,
            names=self.services.queues.list(self.tenant),
            reports=reports,
            agents=self._agents(),
            total=queue_sums.total(reports),
            reasons=queue_sums.reasons(reports),
            days=days,
            hours=hours,
            bars=queue_sums.bars(days if len(days) > 1 else hours),
            sums=queue_sums,
            manages=True,
            periods=periods.PERIODS,
        )

    @expose("/queues.csv")
    def queues_csv(self) -> ResponseReturnValue:
        """The queues' figures for a spreadsheet."""
        return tables.sent("queues.csv", queue_csv.queues(self._queues(), _queue_titles(), tables.separator()))

    @expose("/agents.csv")
    def agents_csv(self) -> ResponseReturnValue:
        """The agents' figures for a spreadsheet."""
        return tables.sent("agents.csv", queue_csv.agents(self._agents(), _agent_titles(), tables.separator()))

    @property
    def _chosen(self) -> int | None:
        return request.args.get("queue", type=int)

    @property
    def _period(self) -> Period:
        return periods.asked(request.args)

    def _queues(self) -> Sequence[QueueReport]:
        reports = self.services.queue_statistics.queues(self.tenant, self._period.since, self._period.until)
        return [report for report in reports if self._chosen in (None, report.id)]

    def _agents(self) -> Sequence[AgentReport]:
        return self.services.queue_statistics.agents(self.tenant, self._period.since, self._period.until, self._chosen)


def _queue_titles() -> list[str]:
    return [
        *(gettext("Queue"), gettext("Day"), gettext("Hour"), gettext("Callers"), gettext("Answered")),
        *(gettext("Answered within 20 seconds"), gettext("Picked up"), gettext("Gave up"), gettext("Led on")),
        *(gettext("Asked to be called back"), gettext("Called back"), gettext("Shortest wait"), gettext("Mean wait")),
        *(
            gettext("Longest wait"),
            gettext("Mean patience"),
            gettext("Shortest talk"),
            gettext("Mean talk"),
            gettext("Longest talk"),
        ),
        *(gettext("Led on: %(why)s", why=queue_words.OVERFLOWS[why]) for why in REASONS),
    ]


def _agent_titles() -> list[str]:
    return [
        *(gettext("Agent"), gettext("Number"), gettext("Day"), gettext("Hour"), gettext("Offered"), gettext("Answered")),
        *(gettext("Missed"), gettext("Picked up"), gettext("Answered by another agent"), gettext("The caller left")),
        *(gettext("Shortest talk"), gettext("Mean talk"), gettext("Longest talk")),
    ]
