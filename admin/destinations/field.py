"""The one field with which a destination is chosen, on every page."""

from collections.abc import Iterable
from typing import Any

from flask_babel import LazyString
from werkzeug.datastructures import MultiDict
from wtforms import Field
from wtforms.utils import unset_value

from admin import problems
from admin.destinations.draft import KINDS, Draft, drafted, meant, typed
from app.core.destinations import Destination
from app.services.errors import DomainError


class DestinationField(Field):
    """Its ``data`` is a destination or None; ``draft`` is the same as it stands in the form.

    ``nothing``: what it means to choose none; without it one must be chosen, and the first kind stands there to begin with.
    """

    def __init__(self, label: LazyString, nothing: LazyString | None = None, **options: Any) -> None:
        super().__init__(label, **options)
        self.nothing = nothing
        self.draft = Draft()

    def process(self, formdata: MultiDict[str, str] | None, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the fields with its prefix from ``formdata``, where there is one; else show ``data``."""
        del extra_filters
        self.process_errors: list[str] = []
        self.object_data: Destination | None = None if data is unset_value else data
        self.draft = typed(formdata, self.name) if formdata else drafted(self.object_data)
        if not self.draft.kind and self.nothing is None:
            self.draft = Draft(KINDS[0])
        self.data = meant(self.draft)

    def refuse(self, error: DomainError, path: str) -> None:
        """Say beside the part that ``path`` leads to what is wrong with it."""
        said = problems.sentence(error)
        self.draft.at(path).errors.append(said)
        self.errors: list[str] = [*self.errors, said]


def refused(form: Iterable[Field], error: DomainError) -> bool:
    """Show an error about a part of a field (``to.ring.busy``) that knows its parts at that part; False for any other."""
    for field in form:
        if hasattr(field, "refuse") and f"{error.field}.".startswith(f"{field.name}."):
            field.refuse(error, str(error.field).removeprefix(field.name))
            return True
    return False
