"""The office the core's stories happen in: Anna has 21, Bartek has 22, Celina has an account but no number."""

import pytest

from app.core.directory import Account, Directory, Extension, Tenant, ToAccount
from tests.core.stories import ringing, wants


@pytest.fixture
def office() -> Directory:
    accounts = {login: Account(login, 1, name) for login, name in [("101", "Anna"), ("102", "Bartek"), ("103", "Celina")]}
    extensions = {
        "21": Extension("21", "Anna Żółć", ToAccount("101")),
        "22": Extension("22", "Bartek", ToAccount("102")),
    }
    rivals = Tenant(2, "Rivals", "en", {"201": Account("201", 2, "Rita")}, {"31": Extension("31", "Rita", ToAccount("201"))})
    return Directory(1, {1: Tenant(1, "Acme", "pl", accounts, extensions), 2: rivals})


@pytest.fixture(params=[("bartek", "anna"), ("anna", "bartek")], ids=["received side", "calling side"])
def sides(request):
    """Anna has called Bartek: who presses the keys, and who must not be lost."""
    return request.param


@pytest.fixture
def taken():
    """Celina's phone is being given Anna's call, which rings at Bartek's."""
    story = ringing()
    return story.tell(wants("celina", "*822", story))
