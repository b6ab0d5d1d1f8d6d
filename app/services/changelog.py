"""The change log, read for people: who changed what, and when."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.store import Database
from app.store.models import Change

PER_PAGE_LIMIT = 500


@dataclass(frozen=True)
class ChangePage:
    """One page of changes, newest first. ``page`` begins at 1 and is never beyond the last."""

    rows: Sequence[Change]
    total: int
    page: int
    pages: int


class ChangeLog:
    """The changes of one tenant at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, tenant: int, page: int = 1, per_page: int = 100) -> ChangePage:
        """A page of the tenant's changes. Any number is a page: it is moved to the nearest there is."""
        size = min(max(per_page, 1), PER_PAGE_LIMIT)
        with self._database.reading():
            query = Change.select().where(Change.tenant == tenant)
            total = query.count()
            pages = max(1, -(-total // size))
            page = min(max(page, 1), pages)
            rows = list(query.order_by(Change.at.desc(), Change.id.desc()).paginate(page, size))
        return ChangePage(rows, total, page, pages)
