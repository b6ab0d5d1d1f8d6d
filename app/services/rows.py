"""Finding rows of one tenant, and of nobody else."""

from typing import Any, TypeVar

from peewee import Model

from app.services import rules
from app.services.errors import DomainError, NotFound, is_id

Row = TypeVar("Row", bound=Model)


def found(table: type[Row], tenant: int, id_: int) -> Row:
    """The tenant's row with this id. Raises NotFound, also for another tenant's."""
    columns: Any = table
    row = table.get_or_none(columns.id == id_, columns.tenant == tenant) if is_id(id_) else None
    if row is None:
        raise NotFound
    return row


def name_free(table: type[Model], tenant: int, name: str, except_for: int | None = None) -> DomainError | None:
    """Whether none of the tenant's other rows has this name, however it is written."""
    columns: Any = table
    other: Any = table.get_or_none(columns.tenant == tenant, columns.name_key == rules.key(name))
    return DomainError("name-taken", "name", name=other.name) if other and other.id != except_for else None
