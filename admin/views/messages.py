"""Messages: what callers are told before the call ends; and the recordings of menus, to listen to."""

import io

from flask import redirect, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin.base import MANAGERS, saved, show
from admin.forms import MessageForm, ReplacementForm
from admin.identity import actor
from admin.views.leading import LeadingView, unfolding
from app.services.audio import Spoken
from app.services.errors import DomainError


class MessagesView(LeadingView):
    """A part of «Greetings and menus»."""

    roles = MANAGERS
    in_menu = False
    belongs_to = "menus"

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """All of them, to listen to."""
        return self.render("messages.html", rows=self.services.messages.list(self.tenant))

    @expose("/sounds/<int:sound>.wav")
    def listen(self, sound: int) -> ResponseReturnValue:
        """One recording, as callers hear it; browsers ask for parts of it."""
        content = io.BytesIO(self.services.sounds.listen(self.tenant, sound))
        return send_file(content, mimetype="audio/wav", conditional=True)

    @expose("/new")
    def new(self) -> ResponseReturnValue:
        """An empty form."""
        return self._page(None, MessageForm())

    @expose("/new", methods=["POST"])
    def create(self) -> ResponseReturnValue:
        """Speak or convert it, and keep it."""
        form = MessageForm()
        try:
            recording = form.recording(None) or Spoken("")
            self.services.messages.create(actor(), self.tenant, form.name.data, recording)
        except DomainError as error:
            show(error, form)
            return self._page(None, form), 422
        saved(gettext("Saved. Listen to it here, then let a number lead to it."))
        return redirect(url_for(".index"))

    @expose("/<int:number>")
    def edit(self, number: int) -> ResponseReturnValue:
        """One of them."""
        row = self.services.messages.get(self.tenant, number)
        return self._page(number, MessageForm(name=row.name, text=row.sound.text))

    @expose("/<int:number>", methods=["POST"])
    def change(self, number: int) -> ResponseReturnValue:
        """Store its name, and a new recording if there is one."""
        form = MessageForm()
        try:
            before = self.services.messages.get(self.tenant, number)
            recording = form.recording(before.sound)
            self.services.messages.change(actor(), self.tenant, number, name=form.name.data, recording=recording)
        except DomainError as error:
            show(error, form)
            return self._page(number, form), 422
        saved(gettext("Saved. It counts from the next call on."))
        return redirect(url_for(".index"))

    @expose("/<int:number>/delete")
    def consequence(self, number: int) -> ResponseReturnValue:
        """Who leads to it."""
        return self._deletion(number, ReplacementForm())

    @expose("/<int:number>/delete", methods=["POST"])
    def delete(self, number: int) -> ResponseReturnValue:
        """Delete it; whatever led to it leads to what was chosen."""
        name, form = self.services.messages.get(self.tenant, number).name, ReplacementForm()
        if unfolding():
            return self._deletion(number, form)
        try:
            self.services.messages.delete(actor(), self.tenant, number, form.replace_with.data)
        except DomainError as error:
            show(error, form)
            return self._deletion(number, form), 422
        saved(gettext("“%(name)s” has been deleted.", name=name))
        return redirect(url_for(".index"))

    def _page(self, number: int | None, form: MessageForm) -> str:
        row = None if number is None else self.services.messages.get(self.tenant, number)
        return self.render("message.html", row=row, form=form)

    def _deletion(self, number: int, form: ReplacementForm) -> str:
        row = self.services.messages.get(self.tenant, number)
        uses = self.services.messages.used_by(self.tenant, number)
        return self.render("message_delete.html", row=row, form=form, uses=uses, choices=self.choices_but("message", row.name))
