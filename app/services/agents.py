"""Who answers a queue's calls, as rows: an account or a telephone outside, in the queue's order, and his duty."""

from __future__ import annotations  # peewee's classes are generic for the type checker only

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from app.core import numbering
from app.core.destinations import ToAccount, ToExternal
from app.services import rules
from app.services.book import Book
from app.services.errors import DomainError, Use
from app.store.models import Queue, QueueAgent, SipAccount

MOST_AGENTS = 100

Who: TypeAlias = ToAccount | ToExternal


def problems(book: Book, agents: Sequence[Who]) -> Iterator[DomainError]:
    """What is wrong with a queue's agents; the field is ``agents.2``."""
    seen = set()
    for place, who in enumerate(agents):
        if wrong := _problem(book, who):
            wrong.field = f"agents.{place}"
            yield wrong
        elif tidied(who) in seen:
            yield DomainError("agent-twice", f"agents.{place}")
        seen.add(tidied(who))
    if len(agents) > MOST_AGENTS:
        yield DomainError("agents-too-many", "agents", limit=MOST_AGENTS)


def tidied(who: Who) -> Who:
    """A telephone number in E.164, where it is one, however it was typed."""
    return ToExternal(numbering.as_city(who.number) or who.number) if isinstance(who, ToExternal) else who


def store(book: Book, queue: int, agents: Sequence[Who]) -> bool:
    """Let these answer the queue's calls, in this order; whether that changes anything. They must be faultless.

    Who was an agent before keeps his duty; who was not is signed in.
    """
    known = list(QueueAgent.select().where(QueueAgent.queue == queue).order_by(QueueAgent.position))
    wanted = [_columns(book, who) for who in agents]
    if wanted == [(row.account_id, row.external) for row in known]:
        return False
    duties = {(row.account_id, row.external): _duty(row) for row in known}
    QueueAgent.delete().where(QueueAgent.queue == queue).execute()
    for position, (account, external) in enumerate(wanted):
        duty = duties.get((account, external), {})
        QueueAgent.insert(queue=queue, position=position, account=account, external=external, **duty).execute()
    return True


def queues_of(tenant: int, kind: str, name: str) -> list[Use]:
    """The queues whose agent is the account or the telephone that a destination of ``kind`` calls ``name``."""
    rows = [row.queue for row in _rows(tenant, kind, name)]
    return [Use("queue", row.name, id=row.id) for row in sorted(rows, key=lambda row: row.name_key)]


def outside(tenant: int) -> set[str]:
    """The telephones outside (E.164) that answer any queue's calls."""
    rows = QueueAgent.select(QueueAgent.external).join(Queue).where(Queue.tenant == tenant)
    return {row.external for row in rows if row.external}


def put_in_place(book: Book, kind: str, name: str, by: Who) -> None:
    """Let ``by`` answer in every queue where this agent does, in his place of the order; once where both do."""
    for row in _rows(book.tenant, kind, name):
        account, external = _columns(book, by)
        there = QueueAgent.account == account if account else QueueAgent.external == external
        if QueueAgent.select().where(QueueAgent.queue == row.queue_id, there).exists():
            row.delete_instance()
        else:
            fresh = {"signed_in": True, "pause_reason": None, "pause_since": None, "pause_until": None}
            QueueAgent.update(account=account, external=external, **fresh).where(QueueAgent.id == row.id).execute()


def _rows(tenant: int, kind: str, name: str) -> list[QueueAgent]:
    if kind not in ("account", "external"):
        return []
    his = SipAccount.login == name if kind == "account" else QueueAgent.external == name
    query = QueueAgent.select(QueueAgent, Queue).join(Queue).switch(QueueAgent).left_outer_join(SipAccount)
    return list(query.where(Queue.tenant == tenant, his))


def _problem(book: Book, who: Who) -> DomainError | None:
    if isinstance(who, ToAccount):
        return None if who.login in book.accounts else DomainError("account-unknown", login=who.login)
    own = numbering.as_city(who.number) in book.cities
    return DomainError("agent-own-number", number=who.number[:40]) if own else rules.telephone(who.number)


def _columns(book: Book, who: Who) -> tuple[int | None, str | None]:
    """The columns ``account`` and ``external``."""
    return (book.accounts[who.login], None) if isinstance(who, ToAccount) else (None, numbering.as_city(who.number))


def _duty(row: QueueAgent) -> dict[str, object]:
    return {name: getattr(row, name) for name in ("signed_in", "pause_reason", "pause_since", "pause_until")}
