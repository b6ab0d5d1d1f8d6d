"""Messages: what callers are told before the call ends; and the recordings of menus, to listen to."""

import io
from collections.abc import Sequence

from flask import send_file
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import lazy_gettext

from admin.base import MANAGERS
from admin.destinations.choices import Choices
from admin.forms import MessageForm, ReplacementForm
from admin.identity import actor
from admin.views.things import ThingsView
from app.services.audio import Spoken
from app.services.errors import Use
from app.services.messages import Message


class MessagesView(ThingsView):
    """A part of «Greetings and menus»."""

    roles = MANAGERS
    in_menu = False
    belongs_to = "menus"
    form, page, deletion = MessageForm, "message.html", "message_delete.html"
    made = lazy_gettext("Saved. Listen to it here, then let a number lead to it.")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """All of them, to listen to."""
        return self.render("messages.html", rows=self.services.messages.list(self.tenant))

    @expose("/sounds/<int:sound>.wav")
    def listen(self, sound: int) -> ResponseReturnValue:
        """One recording, as callers hear it; browsers ask for parts of it."""
        content = io.BytesIO(self.services.sounds.listen(self.tenant, sound))
        return send_file(content, mimetype="audio/wav", conditional=True)

    def found(self, number: int) -> Message:
        return self.services.messages.get(self.tenant, number)

    def name_of(self, row: Message) -> str:
        return row.name

    def filled(self, row: Message) -> MessageForm:
        return MessageForm(name=row.name, text=row.sound.text)

    def keep(self, number: int | None, form: MessageForm) -> None:
        """Speak or convert the recording, if it is new, and store the message."""
        messages = self.services.messages
        if number is None:
            messages.create(actor(), self.tenant, form.name.data, form.recording(None) or Spoken(""))
        else:
            recording = form.recording(self.found(number).sound)
            messages.change(actor(), self.tenant, number, name=form.name.data, recording=recording)

    def uses(self, number: int) -> Sequence[Use]:
        return self.services.messages.used_by(self.tenant, number)

    def offer(self, row: Message, _form: object) -> Choices:
        return self.choices_but("message", row.name)

    def remove(self, number: int, form: ReplacementForm) -> None:
        self.services.messages.delete(actor(), self.tenant, number, form.replace_with.data)
