"""The store: the schema, the transactions, the directory's snapshot, the call log's writer. SQL lives here and nowhere else."""

from app.store.database import AWAY, Database, StoreError, open
from app.store.schema import migrate, pending

__all__ = ["AWAY", "Database", "StoreError", "migrate", "open", "pending"]
