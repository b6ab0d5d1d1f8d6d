"""Opening hours: when somebody is there, and what is true at this moment."""

import time

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext
from flask_wtf import FlaskForm

from admin import openings
from admin.base import MANAGERS, TenantView, saved, show
from admin.forms import ScheduleForm
from admin.identity import actor
from app.core.hours import DAY, Schedule
from app.services.errors import DomainError

HOLIDAYS = "PL"
FURTHER_DAYS = 3  # empty fields for days off that stand ready


class SchedulesView(TenantView):
    """A part of «Greetings and menus»."""

    roles = MANAGERS
    in_menu = False
    belongs_to = "menus"

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """All of them, open or closed."""
        zone, now = self.services.tenants.get(self.tenant).time_zone, time.time()
        rows = self.services.schedules.list(self.tenant)
        return self.render("schedules.html", rows=[(row, openings.opening(row.schedule, now, zone)) for row in rows])

    @expose("/new")
    def new(self) -> ResponseReturnValue:
        """The hours of most offices, to be changed."""
        form = ScheduleForm(days=list("01234"), opens="08:00", closes="16:00", holidays=True, closed_on=[])
        return self._page(None, form)

    @expose("/new", methods=["POST"])
    def create(self) -> ResponseReturnValue:
        """Make it."""
        form = ScheduleForm()
        try:
            self.services.schedules.create(actor(), self.tenant, _schedule(form))
        except DomainError as error:
            show(error, form)
            return self._page(None, form), 422
        saved(gettext("Saved. Now let a number lead by these hours."))
        return redirect(url_for(".index"))

    @expose("/<int:number>")
    def edit(self, number: int) -> ResponseReturnValue:
        """One of them."""
        now = self.services.schedules.get(self.tenant, number).schedule
        form = ScheduleForm(
            name=now.name,
            days=[str(day) for day in sorted(now.days)],
            opens=openings.clock_time(now.opens),
            closes=openings.clock_time(now.closes % DAY),
            holidays=bool(now.holidays),
            closed_on=sorted(now.closed_on),
        )
        return self._page(number, form)

    @expose("/<int:number>", methods=["POST"])
    def change(self, number: int) -> ResponseReturnValue:
        """Store it."""
        form = ScheduleForm()
        try:
            before = self.services.schedules.get(self.tenant, number).schedule
            self.services.schedules.change(actor(), self.tenant, number, _schedule(form, before.holidays))
        except DomainError as error:
            show(error, form)
            return self._page(number, form), 422
        saved(gettext("Saved. It counts from the next call on."))
        return redirect(url_for(".index"))

    @expose("/<int:number>/delete")
    def consequence(self, number: int) -> ResponseReturnValue:
        """Whose way it decides."""
        return self._deletion(number, FlaskForm())

    @expose("/<int:number>/delete", methods=["POST"])
    def delete(self, number: int) -> ResponseReturnValue:
        """Delete it."""
        name, form = self.services.schedules.get(self.tenant, number).schedule.name, FlaskForm()
        try:
            self.services.schedules.delete(actor(), self.tenant, number)
        except DomainError as error:
            show(error, form)
            return self._deletion(number, form), 422
        saved(gettext("“%(name)s” has been deleted.", name=name))
        return redirect(url_for(".index"))

    def _page(self, number: int | None, form: ScheduleForm) -> str:
        row = None if number is None else self.services.schedules.get(self.tenant, number)
        return self.render("schedule.html", row=row, form=form, further=FURTHER_DAYS)

    def _deletion(self, number: int, form: FlaskForm) -> str:
        row = self.services.schedules.get(self.tenant, number)
        uses = self.services.schedules.used_by(self.tenant, number)
        return self.render("schedule_delete.html", row=row, form=form, uses=uses, choices=None)


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
