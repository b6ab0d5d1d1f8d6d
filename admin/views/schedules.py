"""Opening hours: when somebody is there, and what is true at this moment."""

import time
from collections.abc import Sequence

from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext, lazy_gettext
from wtforms.fields.choices import SelectChoice

from admin import openings
from admin.base import MANAGERS
from admin.forms import HoursReplacementForm, ScheduleForm
from admin.identity import actor
from admin.views.things import ThingsView
from app.core.hours import DAY, Schedule
from app.services.errors import Use
from app.services.schedules import Always, Instead, OpeningHours, OtherHours

HOLIDAYS = "PL"
FURTHER_DAYS = 3  # empty fields for days off that stand ready
OTHER = "hours:"  # before the name of other hours, in the form that asks what shall take the place of these


class SchedulesView(ThingsView):
    """A part of «Greetings and menus»."""

    roles = MANAGERS
    in_menu = False
    belongs_to = "menus"
    form, page = ScheduleForm, "schedule.html"
    replacement, deletion = HoursReplacementForm, "schedule_delete.html"
    made = lazy_gettext("Saved. Now let a number lead by these hours.")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """All of them, open or closed."""
        zone, now = self.services.tenants.get(self.tenant).time_zone, time.time()
        rows = self.services.schedules.list(self.tenant)
        return self.render("schedules.html", rows=[(row, openings.opening(row.schedule, now, zone)) for row in rows])

    def found(self, number: int) -> OpeningHours:
        return self.services.schedules.get(self.tenant, number)

    def name_of(self, row: OpeningHours) -> str:
        return row.schedule.name

    def blank(self) -> ScheduleForm:
        """The hours of most offices, to be changed."""
        return ScheduleForm(days=list("01234"), opens="08:00", closes="16:00", holidays=True, closed_on=[])

    def filled(self, row: OpeningHours) -> ScheduleForm:
        now = row.schedule
        return ScheduleForm(
            name=now.name,
            days=[str(day) for day in sorted(now.days)],
            opens=openings.clock_time(now.opens),
            closes=openings.clock_time(now.closes % DAY),
            holidays=bool(now.holidays),
            closed_on=sorted(now.closed_on),
        )

    def more(self, _form: object) -> dict[str, object]:
        return {"further": FURTHER_DAYS}

    def keep(self, number: int | None, form: ScheduleForm) -> None:
        if number is None:
            self.services.schedules.create(actor(), self.tenant, _schedule(form))
        else:
            country = self.found(number).schedule.holidays
            self.services.schedules.change(actor(), self.tenant, number, _schedule(form, country))

    def uses(self, number: int) -> Sequence[Use]:
        return self.services.schedules.used_by(self.tenant, number)

    def offer(self, row: OpeningHours, form: HoursReplacementForm) -> None:
        """Other hours, or that it is always open, or always closed."""
        others = [hours.schedule.name for hours in self.services.schedules.list(self.tenant) if hours.id != row.id]
        form.replace_with.choices = [
            SelectChoice("", gettext("Choose …")),
            *(SelectChoice(OTHER + name, gettext("the hours “%(name)s”", name=name)) for name in others),
            SelectChoice(Always.OPEN.value, gettext("none: always as when open")),
            SelectChoice(Always.CLOSED.value, gettext("none: always as when closed")),
        ]

    def remove(self, number: int, form: HoursReplacementForm) -> None:
        self.services.schedules.delete(actor(), self.tenant, number, _instead(form.replace_with.data or ""))


def _instead(chosen: str) -> Instead | None:
    """What the value of a choice stands for."""
    if chosen.startswith(OTHER):
        return OtherHours(chosen.removeprefix(OTHER))
    return Always(chosen) if chosen in {always.value for always in Always} else None


def _schedule(form: ScheduleForm, country: str = "") -> Schedule:
    """``country``: whose holidays it kept before; those of another country from a file stay as they are."""
    return Schedule(
        form.name.data,
        frozenset(int(day) for day in form.days.data or () if day in "0123456"),
        openings.minute_of(form.opens.data),
        openings.minute_of(form.closes.data),
        (country or HOLIDAYS) if form.holidays.data else "",
        frozenset(form.closed_on.data),
    )
