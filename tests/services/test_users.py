"""The people who may sign in."""

import pytest
from argon2 import PasswordHasher

from app.services.actor import Actor
from app.services.users import Users
from app.store.models import User


@pytest.fixture
def owner(pbx, ola, acme):
    return pbx.users.create(ola, acme.id, "Owner@Acme.PL", "Olga", "owner", "long-enough-1").user


def test_owner_signs_in_whatever_the_case_of_the_name(pbx, owner):
    assert owner.login == "owner@acme.pl"
    assert pbx.users.authenticate(" OWNER@acme.pl", "long-enough-1").id == owner.id


@pytest.mark.parametrize(("login", "password"), [("owner@acme.pl", "long-enough-2"), ("nobody", "long-enough-1"), ("", "")])
def test_wrong_name_and_wrong_password_look_the_same(pbx, owner, login, password):
    assert pbx.users.authenticate(login, password) is None


def test_unknown_name_costs_as_much_as_a_wrong_password(database, pbx, owner):
    class Counting(PasswordHasher):
        verified = 0

        def verify(self, hash, password):
            Counting.verified += 1
            return super().verify(hash, password)

    users = Users(database, Counting(time_cost=1, memory_cost=8, parallelism=1))
    users.authenticate("owner@acme.pl", "wrong")
    users.authenticate("nobody", "wrong")
    assert Counting.verified == 2


def test_password_is_hashed_anew_when_the_cost_grows(database, pbx, owner):
    before = pbx.users.by_id(owner.id).password_hash
    slower = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)
    assert Users(database, slower).authenticate("owner@acme.pl", "long-enough-1")
    assert pbx.users.by_id(owner.id).password_hash != before
    assert pbx.users.authenticate("owner@acme.pl", "long-enough-1")


def test_password_is_made_up_unless_given(pbx, ola, acme):
    new = pbx.users.create(ola, acme.id, "reception", "Renata", "receptionist")
    assert len(new.password) == 16
    assert new.password not in repr(new)
    assert pbx.users.authenticate("reception", new.password).id == new.user.id


def test_everything_wrong_is_said_at_once(pbx, ola, acme, refused):
    with refused(
        ("user-login-format", "login"), ("name-missing", "name"), ("role-unknown", "role"), ("password-too-short", "password")
    ):
        pbx.users.create(ola, acme.id, "a b", "", "king", "short")


def test_user_name_is_unique_in_the_installation(pbx, ola, zenit, owner, refused):
    with refused(("user-name-taken", "login")):
        pbx.users.create(ola, zenit.id, "OWNER@acme.pl", "Other", "owner")


@pytest.mark.parametrize("role", ["owner", "receptionist"])
def test_operators_are_operators_and_nobody_else_is(pbx, ola, acme, refused, role):
    with refused(("role-unknown", "role")):
        pbx.users.create(ola, None, "second", "Second", role)
    with refused(("role-unknown", "role")):
        pbx.users.create(ola, acme.id, "second", "Second", "operator")


def test_owner_cannot_be_made_an_operator(pbx, ola, acme, owner, refused):
    with refused(("role-unknown", "role")):
        pbx.users.change(ola, acme.id, owner.id, role="operator")
    assert pbx.users.by_id(owner.id).role == "owner"


def test_only_what_is_given_changes(pbx, ola, acme, owner):
    pbx.users.change(ola, acme.id, owner.id, role="receptionist")
    pbx.users.change(ola, acme.id, owner.id, language="en")
    row = pbx.users.change(ola, acme.id, owner.id, name="Olga Nowak")
    assert (row.name, row.role, row.language, row.login) == ("Olga Nowak", "receptionist", "en", "owner@acme.pl")


def test_own_password_changes_with_the_old_one(pbx, acme, owner, refused, changes):
    with refused(("wrong-password", "old")):
        pbx.users.change_password(owner.id, "wrong", "another-long-1")
    with refused(("password-too-short", "password")):
        pbx.users.change_password(owner.id, "long-enough-1", "short")
    changed = pbx.users.change_password(owner.id, "long-enough-1", "another-long-1")
    assert changed.version == owner.version + 1, "other sessions end"
    assert pbx.users.authenticate("owner@acme.pl", "another-long-1")
    assert pbx.users.authenticate("owner@acme.pl", "long-enough-1") is None
    assert changes()[-1] == ("Olga", "user-password-changed", "owner@acme.pl Olga")


def test_nobody_changes_the_password_of_nobody(pbx, refused):
    with refused("not-found"):
        pbx.users.change_password(99, "x", "y")


def test_forgotten_password_is_made_anew(pbx, ola, acme, owner):
    new = pbx.users.reset_password(ola, acme.id, owner.id)
    assert new.user.version == owner.version + 1
    assert pbx.users.authenticate("owner@acme.pl", new.password)


def test_nobody_deletes_themselves(pbx, acme, owner, refused):
    with refused("own-user"):
        pbx.users.delete(Actor(owner.id, owner.name), acme.id, owner.id)


def test_deleted_user_stays_in_the_change_log(pbx, ola, acme, owner, changes):
    pbx.accounts.create(Actor(owner.id, owner.name), acme.id, "Anna", "anna")
    pbx.users.delete(ola, acme.id, owner.id)
    assert pbx.users.by_id(owner.id) is None
    assert ("Olga", "account-created", "anna Anna") in changes()


def test_first_start_makes_one_operator(pbx):
    login, password = pbx.users.ensure_operator()
    assert pbx.users.ensure_operator() is None
    assert pbx.users.authenticate(login, password).role == "operator"
    assert [user.login for user in pbx.users.list(None)] == [login]


def test_two_first_starts_at_once_make_one_operator(pbx, database):
    """The other process comes between looking and making."""

    class Interrupted(PasswordHasher):
        def hash(self, password, **_):
            assert pbx.users.ensure_operator()
            return super().hash(password)

    assert Users(database, Interrupted()).ensure_operator() is None
    with database.reading():
        assert User.select().count() == 1


def test_last_operator_stays(pbx, ola, refused):
    pbx.users.ensure_operator()
    (first,) = pbx.users.list(None)
    with refused("last-operator"):
        pbx.users.delete(ola, None, first.id)
    pbx.users.create(ola, None, "second", "Second", "operator")
    pbx.users.delete(ola, None, first.id)
    assert [user.login for user in pbx.users.list(None)] == ["second"]
