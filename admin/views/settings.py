"""Settings of one tenant: name, language, time zone; keys and transfers; who changed what; the exchange file."""

import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import replace

from flask import Response, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin import problems
from admin.base import MANAGERS, saved, show
from admin.forms import CallSettingsForm, ImportForm, TenantForm, whole_number
from admin.identity import actor
from admin.views.leading import LeadingView, unfolding
from admin.views.tenants import voices
from app.services.errors import DomainError
from app.services.exchange_files import Archive, Files, into_archive

PER_PAGE = 100


class SettingsView(LeadingView):
    """What concerns the company as a whole."""

    roles = MANAGERS
    icon = "settings"

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Name, language and time zone."""
        row = self.services.tenants.get(self.tenant)
        form = TenantForm(name=row.name, language=row.language, time_zone=row.time_zone)
        return self.render("settings.html", form=form)

    @expose("/", methods=["POST"])
    def change(self) -> ResponseReturnValue:
        """Store them."""
        form, before = TenantForm(), self.services.tenants.get(self.tenant).language
        try:
            row = self.services.tenants.change(
                actor(), self.tenant, name=form.name.data, language=form.language.data or "", time_zone=form.time_zone.data
            )
        except DomainError as error:
            show(error, form)
            return self.render("settings.html", form=form), 422
        saved(gettext("Saved."), voices(self.services, row, before))
        return redirect(url_for(".index"))

    @expose("/calls")
    def calls(self) -> ResponseReturnValue:
        """The keys of a transfer, and how calls go."""
        now = self.services.tenants.settings(self.tenant)
        form = CallSettingsForm(
            ring_seconds=str(now.ring_seconds),
            digit_timeout=str(now.digit_timeout),
            keys_on_internal_calls=now.keys_on_internal_calls,
            transfer_fallback=now.transfer_fallback,
        )
        return self._calls_page(form)

    @expose("/calls", methods=["POST"])
    def change_calls(self) -> ResponseReturnValue:
        """Store how calls go."""
        form = CallSettingsForm()
        if unfolding():
            return self._calls_page(form)
        wanted = replace(
            self.services.tenants.settings(self.tenant),
            ring_seconds=whole_number(form.ring_seconds.data),
            digit_timeout=whole_number(form.digit_timeout.data),
            keys_on_internal_calls=form.keys_on_internal_calls.data,
            transfer_fallback=form.transfer_fallback.data,
        )
        try:
            self.services.tenants.change_settings(actor(), self.tenant, wanted)
        except DomainError as error:
            show(error, form)
            return self._calls_page(form), 422
        saved(gettext("Saved. It counts from the next call on."))
        return redirect(url_for(".calls"))

    def _calls_page(self, form: CallSettingsForm) -> str:
        example = next(iter(self.things.numbers), "22")
        on_both_sides = self.services.tenants.settings(self.tenant).keys_on_internal_calls
        return self.render(
            "settings_calls.html", form=form, example=example, on_both_sides=on_both_sides, choices=self.things.choices()
        )

    @expose("/changes")
    def changes(self) -> ResponseReturnValue:
        """Who changed what, and when."""
        page = self.services.changes.page(self.tenant, request.args.get("page", 1, type=int), PER_PAGE)
        return self.render("changes.html", page=page)

    @expose("/exchange")
    def exchange(self) -> ResponseReturnValue:
        """The tenant as a file, in and out."""
        return self._exchange(ImportForm())

    @expose("/exchange", methods=["POST"])
    def load(self) -> ResponseReturnValue:
        """Make the tenant as the file says, all or nothing."""
        form = ImportForm()
        try:
            text, files = _read(form)
            self.services.exchange.import_text(text, actor(), only=self.tenant, files=files)
        except DomainError as error:
            return self._exchange(form, [problems.sentence(problem) for problem in error.errors]), 422
        saved(gettext("Imported. Everything is now as the file says."))
        return redirect(url_for("numbers.index"))

    @expose("/centralka.yaml")
    def export(self) -> ResponseReturnValue:
        """The tenant's phones and numbers as a file, without passwords."""
        text = self.services.exchange.export(self.services.tenants.get(self.tenant).name)
        headers = {"Content-Disposition": 'attachment; filename="centralka.yaml"'}
        return Response(text, mimetype="application/yaml", headers=headers)

    @expose("/centralka.zip")
    def export_all(self) -> ResponseReturnValue:
        """The same in one archive with the recordings."""
        file = tempfile.TemporaryFile()  # noqa: SIM115 - as large as all of them; closed by whoever sends it
        with zipfile.ZipFile(file, "w") as archive:
            self.services.exchange.export_files(into_archive(archive), self.services.tenants.get(self.tenant).name)
        file.seek(0)
        return send_file(file, mimetype="application/zip", as_attachment=True, download_name="centralka.zip")

    def _exchange(self, form: ImportForm, wrong: Sequence[str] = ()) -> str:
        recorded = self.services.sounds.recorded(self.tenant)
        return self.render("exchange.html", form=form, problems=wrong, recorded=recorded)


def _read(form: ImportForm) -> tuple[str, Files | None]:
    """The chosen file's text, else what was typed, and the recordings of an archive. Raises DomainError.

    A file in another encoding shows odd letters and is refused as such.
    """
    file = form.file.data
    if not file:
        return form.text.data or "", None
    if not zipfile.is_zipfile(file.stream):
        file.stream.seek(0)
        return file.read().decode("utf-8", errors="replace"), None
    archive = Archive(file.stream)
    return archive.text, archive
