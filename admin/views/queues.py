"""Queues: who waits, who answers, and what a queue does."""

from collections.abc import Mapping, Sequence

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin import queue_form
from admin.base import EVERYBODY, managers_only, saved, show
from admin.forms import ReplacementForm, whole_number
from admin.identity import actor
from admin.periods import today
from admin.queue_form import QueueForm
from admin.views.call_backs import manages
from admin.views.leading import LeadingView, unfolding
from app.core.queues import Duty
from app.services.errors import DomainError, NotFound
from app.services.menus import KEYS
from app.services.queue_board import QueueNow
from app.services.queue_figures import QueueFigures
from app.services.queue_settings import QueueSettings


class QueuesView(LeadingView):
    """Everybody sees who waits; owners and operators change queues and send agents on a break."""

    roles = EVERYBODY
    icon = "queue"

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Every queue, and how it goes there now."""
        return self.render("queues.html", **self._list())

    @expose("/now")
    def now(self) -> ResponseReturnValue:
        """The list alone, for a page that is open."""
        return self.render("queues_now.html", **self._list())

    @expose("/new")
    @managers_only
    def new(self) -> ResponseReturnValue:
        """A queue as most want it; only the name and the agents are to be chosen."""
        return self._form(None, queue_form.shown(QueueSettings("")))

    @expose("/new", methods=["POST"])
    @managers_only
    def create(self) -> ResponseReturnValue:
        """Keep a new queue."""
        form = QueueForm()
        if self._only_shows(form):
            return self._form(None, form)
        try:
            made = self.services.queues.create(actor(), self.tenant, form.settings(), form.new_greeting(), form.new_music())
        except DomainError as error:
            show(error, form)
            return self._form(None, form), 422
        saved(gettext("Saved. Now give the queue an internal number, and call it."))
        return redirect(url_for(".detail", number=made.id))

    @expose("/<int:number>")
    def detail(self, number: int) -> ResponseReturnValue:
        """One queue at this moment."""
        return self.render("queue.html", **self._one(number))

    @expose("/<int:number>/now")
    def board(self, number: int) -> ResponseReturnValue:
        """What changes of it by itself, for a page that is open."""
        return self.render("queue_now.html", **self._one(number))

    @expose("/<int:number>/duty", methods=["POST"])
    @managers_only
    def attend(self, number: int) -> ResponseReturnValue:
        """Sign an agent in or out, send him on a break or end it."""
        duty, minutes = request.form.get("duty", ""), request.form.get("minutes", "")
        self.services.queues.get(self.tenant, number)
        if duty not in tuple(Duty):
            abort(400)
        try:
            pause = whole_number(minutes) if minutes else None
            self.services.queues.attend(actor(), self.tenant, number, request.form.get("agent", ""), Duty(duty), pause)
        except NotFound:
            raise
        except DomainError:
            abort(400)  # no break of that length is offered
        if request.headers.get("X-Requested-With") == "live":
            return self.board(number=number)
        return redirect(url_for(".detail", number=number))

    @expose("/<int:number>/settings")
    @managers_only
    def settings(self, number: int) -> ResponseReturnValue:
        """What it does."""
        row = self.services.queues.get(self.tenant, number)
        return self._form(number, queue_form.shown(row.settings, row.greeting))

    @expose("/<int:number>/settings", methods=["POST"])
    @managers_only
    def change(self, number: int) -> ResponseReturnValue:
        """Store it."""
        before, form = self.services.queues.get(self.tenant, number), QueueForm()
        if self._only_shows(form):
            return self._form(number, form)
        try:
            greeting, music = form.greeting(before.greeting), form.music(before.music)
            self.services.queues.change(actor(), self.tenant, number, form.settings(), greeting, music)
        except DomainError as error:
            show(error, form)
            return self._form(number, form), 422
        saved(gettext("Saved. It counts from the next call on."))
        return redirect(url_for(".detail", number=number))

    @expose("/<int:number>/delete")
    @managers_only
    def consequence(self, number: int) -> ResponseReturnValue:
        """What deleting it would mean, and what to put in its place."""
        return self._deletion(number, ReplacementForm())

    @expose("/<int:number>/delete", methods=["POST"])
    @managers_only
    def delete(self, number: int) -> ResponseReturnValue:
        """Delete it; whatever led to it leads to what was chosen."""
        name, form = self.services.queues.get(self.tenant, number).settings.name, ReplacementForm()
        if unfolding():
            return self._deletion(number, form)
        try:
            self.services.queues.delete(actor(), self.tenant, number, form.replace_with.data)
        except DomainError as error:
            show(error, form)
            return self._deletion(number, form), 422
        saved(gettext("The queue “%(name)s” has been deleted.", name=name))
        return redirect(url_for(".index"))

    @staticmethod
    def _only_shows(form: QueueForm) -> bool:
        """Whether a button only rearranges the form: nothing is saved then."""
        order = request.form.get("agents-do", "")
        form.agents.move(order)
        return bool(order) or unfolding()

    def _today(self) -> Mapping[int, QueueFigures]:
        since, until = today()
        reports = self.services.queue_statistics.queues(self.tenant, since, until)
        return {report.id: report.figures.total for report in reports}

    def _list(self) -> dict[str, object]:
        return {"queues": self.services.queue_board.now(self.tenant), "figures": self._today(), "manages": manages()}

    def _one(self, number: int) -> dict[str, object]:
        queue = self._now(number, self.services.queue_board.now(self.tenant))
        return {
            "queue": queue,
            "figures": self._today().get(number, QueueFigures()),
            "states": {state.login: state for state in self.services.phones.state(self.tenant)},
            "names": {agent.key: agent.name or agent.number for agent in queue.agents},
            "manages": manages(),
        }

    @staticmethod
    def _now(number: int, queues: Sequence[QueueNow]) -> QueueNow:
        found = next((queue for queue in queues if queue.id == number), None)
        if found is None:
            raise NotFound
        return found

    def _form(self, number: int | None, form: QueueForm) -> str:
        row = None if number is None else self.services.queues.get(self.tenant, number)
        phones = self.services.phones.state(self.tenant)
        return self.render(
            "queue_settings.html",
            row=row,
            form=form,
            keys=KEYS,
            phones=phones,
            called={f"account:{phone.login}": phone.name for phone in phones},
            code=queue_form.code,
            taken=set(map(queue_form.code, form.agents.data)),
            choices=self.things.choices(),
        )

    def _deletion(self, number: int, form: ReplacementForm) -> str:
        row = self.services.queues.get(self.tenant, number)
        return self.render(
            "queue_delete.html",
            row=row,
            form=form,
            uses=self.services.queues.used_by(self.tenant, number),
            means=self.services.queues.consequences(self.tenant, number),
            choices=self.choices_but("queue", row.settings.name),
        )
