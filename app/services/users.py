"""The people who may sign in to the panel, and what they may be."""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from app.services import rules
from app.services.accounts import ALPHABET
from app.services.actor import FIRST_START, Actor
from app.services.changes import changing
from app.services.errors import DomainError, NotFound, is_id, refuse
from app.store import Database
from app.store.models import User

FIRST_OPERATOR = "operator"
PASSWORD_LENGTH = 16


class UserRole(StrEnum):
    """What a person may do; stored, so never renamed."""

    OPERATOR = "operator"  # the provider: every tenant; belongs to none
    OWNER = "owner"  # everything of one tenant
    RECEPTIONIST = "receptionist"  # sees and leads the calls of one tenant


@dataclass(frozen=True)
class NewUser:
    """A person and, this once, the password made up for them."""

    user: User
    password: str = field(repr=False)


class Users:
    """``tenant`` None means the operators. The rows returned have plain columns; ``tenant_id`` is None for an operator."""

    def __init__(self, database: Database, hasher: PasswordHasher | None = None) -> None:
        self._database = database
        self._hasher = hasher or PasswordHasher()

    def authenticate(self, login: str, password: str) -> User | None:
        """The person with this name and password, or None; it takes as long for a name nobody has."""
        login = login.strip().casefold()
        with self._database.reading():
            user = User.get_or_none(User.login == login) if rules.user_login(login) is None else None
        # The database is free while argon2 takes its time.
        if not self._matches(user.password_hash if user else _decoy(self._hasher), password) or user is None:
            return None
        if self._hasher.check_needs_rehash(user.password_hash):
            with self._database.writing():
                User.update(password_hash=self._hasher.hash(password)).where(User.id == user.id).execute()
        return user

    def by_id(self, user: int) -> User | None:
        """Whoever is signed in, by the id in their session. A session is over when ``version`` is not the one it began with."""
        with self._database.reading():
            return User.get_or_none(User.id == user) if is_id(user) else None

    def list(self, tenant: int | None) -> Sequence[User]:
        """The people of the tenant, or the operators, by name."""
        with self._database.reading():
            return sorted(User.select().where(_belongs(tenant)), key=lambda user: (rules.key(user.name), user.login))

    def get(self, tenant: int | None, user: int) -> User:
        """One person. Raises NotFound."""
        with self._database.reading():
            return found(tenant, user)

    def create(
        self, actor: Actor, tenant: int | None, login: str, name: str, role: str, password: str | None = None
    ) -> NewUser:
        """A new person; the password is made up unless given."""
        login, password = login.strip().casefold(), password or made_up_password()
        refuse(rules.user_login(login), rules.name(name), _role(tenant, role), rules.user_password(password))
        password_hash = self._hasher.hash(password)
        with changing(self._database, actor, tenant) as change:
            refuse(_login_free(login))
            user = User.create(
                tenant=tenant, login=login, name=rules.tidy(name), role=role, password_hash=password_hash, created=time.time()
            )
            change.note("user-created", f"{login} {user.name}", tenant)
            return NewUser(user, password)

    def change(
        self,
        actor: Actor,
        tenant: int | None,
        user: int,
        *,
        name: str | None = None,
        role: str | None = None,
        language: str | None = None,
    ) -> User:
        """Change what is given; None leaves it as it is."""
        with changing(self._database, actor, tenant) as change:
            row = found(tenant, user)
            row.name = row.name if name is None else rules.tidy(name)
            row.role = row.role if role is None else role
            row.language = row.language if language is None else language
            refuse(rules.name(row.name), _role(tenant, row.role), rules.language(row.language))
            row.save(only=[User.name, User.role, User.language])
            change.note("user-changed", f"{row.login} {row.name}", tenant)
            return row

    def delete(self, actor: Actor, tenant: int | None, user: int) -> None:
        """Delete a person; not oneself and not the last operator, so that somebody can always sign in."""
        with changing(self._database, actor, tenant) as change:
            row = found(tenant, user)
            if tenant is None and User.select().where(_belongs(None)).count() == 1:
                raise DomainError("last-operator")
            if actor.user_id == user:
                raise DomainError("own-user")
            row.delete_instance()
            change.note("user-deleted", f"{row.login} {row.name}", tenant)

    def reset_password(self, actor: Actor, tenant: int | None, user: int) -> NewUser:
        """Make up a new password for somebody who forgot theirs; their sessions end."""
        password = made_up_password()
        password_hash = self._hasher.hash(password)
        with changing(self._database, actor, tenant) as change:
            row = _store_password(found(tenant, user), password_hash)
            change.note("user-password-reset", f"{row.login} {row.name}", tenant)
            return NewUser(row, password)

    def change_password(self, user: int, old: str, new: str) -> User:
        """A person changes their own password; their other sessions end. Returns the row with its new ``version``."""
        row = self.by_id(user)
        if row is None:
            raise NotFound
        if not self._matches(row.password_hash, old):
            raise DomainError("wrong-password", "old")
        refuse(rules.user_password(new))
        password_hash = self._hasher.hash(new)
        with changing(self._database, Actor(row.id, row.name), row.tenant_id) as change:
            row = _store_password(found(row.tenant_id, user), password_hash)
            change.note("user-password-changed", f"{row.login} {row.name}", row.tenant_id)
            return row

    def ensure_operator(self) -> tuple[str, str] | None:
        """At the very first start: an operator to sign in as, (login, password). None if there are people already."""
        with self._database.reading():
            if User.select().exists():
                return None
        password = made_up_password()
        password_hash = self._hasher.hash(password)
        with changing(self._database, FIRST_START, None) as change:
            if User.select().exists():  # another process was faster
                return None
            User.create(
                login=FIRST_OPERATOR,
                name="Operator",
                role=UserRole.OPERATOR,
                password_hash=password_hash,
                created=time.time(),
            )
            change.note("user-created", FIRST_OPERATOR, None)
        return FIRST_OPERATOR, password

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerifyMismatchError, InvalidHashError):
            return False


def found(tenant: int | None, user: int) -> User:
    """The person's row. Raises NotFound, also for another tenant's."""
    row: User | None = User.select().where(User.id == user, _belongs(tenant)).first() if is_id(user) else None
    if row is None:
        raise NotFound
    return row


def made_up_password() -> str:
    """Sixteen characters that nobody misreads."""
    return "".join(secrets.choice(ALPHABET) for _ in range(PASSWORD_LENGTH))


def _belongs(tenant: int | None) -> object:
    return User.tenant.is_null() if tenant is None else User.tenant == tenant


def _login_free(login: str) -> DomainError | None:
    taken = User.select().where(User.login == login).exists()
    return DomainError("user-name-taken", "login", login=login) if taken else None


def _role(tenant: int | None, role: str) -> DomainError | None:
    known = [UserRole.OPERATOR] if tenant is None else [UserRole.OWNER, UserRole.RECEPTIONIST]
    return None if role in known else DomainError("role-unknown", "role", known=", ".join(known))


def _store_password(user: User, password_hash: str) -> User:
    user.password_hash = password_hash
    user.version += 1
    user.save(only=[User.password_hash, User.version])
    return user


@cache
def _decoy(hasher: PasswordHasher) -> str:
    """A hash nobody knows the password of, with the same cost as the real ones."""
    return hasher.hash(secrets.token_hex(16))
