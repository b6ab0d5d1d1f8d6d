"""The upkeep of what a switch remembers of accounts, with a switch led by hand: what is asked, and what is told to forget."""

from collections.abc import Callable, Iterator

import pytest

from app.config import SwitchAddress
from freeswitch.accounts import Accounts
from tests.freeswitch.scripted_switch import PASSWORD, QUICK, Peer, ScriptedSwitch, answered, until

AWAY = "can't find anything\n"


def list_of(**marks: str) -> str:
    users = "".join(f'<user id="{login}" mark="{mark}"/>' for login, mark in marks.items())
    return f'<domain name="accounts">{users}</domain>'


def registered(*logins: str) -> str:
    rows = "".join(f"<registration><user>{login}@acme.test</user></registration>" for login in logins)
    return f"<profile><registrations>{rows}</registrations></profile>"


class Memory:
    """What the switch remembers and the panel says, by login; ``told`` is what it was told to forget."""

    def __init__(self, switch: ScriptedSwitch) -> None:
        self.remembered: dict[str, str] = {}
        self.panel: dict[str, str] | None = {}
        self.told: list[str] = []
        self._switch = switch
        switch.answers |= {
            "api xml_locate": lambda *_: answered(AWAY if self.panel is None else list_of(**self.panel)),
            "api user_data": self._look,
            "api xml_flush_cache id": self._forget,
        }

    def _look(self, _: Peer, request: str) -> bytes:
        login = request.split()[2].partition("@")[0]
        if login not in self.remembered and login in (self.panel or {}):
            self.remembered[login] = (self.panel or {})[login]
        return answered(self.remembered.get(login) or "-ERR no reply")

    def _forget(self, _: Peer, request: str) -> bytes:
        login = request.split()[3]
        self.told.append(login)
        self.remembered.pop(login, None)
        return answered("+OK cleared 1 entry\n")


@pytest.fixture
def memory(switch: ScriptedSwitch) -> Memory:
    return Memory(switch)


@pytest.fixture
def look(switch: ScriptedSwitch) -> Iterator[Callable[[], None]]:
    accounts = Accounts(SwitchAddress("127.0.0.1", switch.port, PASSWORD), "acme.test", QUICK)

    def once() -> None:
        rounds = accounts.rounds
        accounts.look()
        until(lambda: accounts.rounds > rounds)

    yield once
    accounts.stop()


def test_while_the_panel_is_away_nothing_is_forgotten(memory: Memory, look: Callable[[], None]) -> None:
    memory.remembered, memory.panel = {"a1": "old"}, None
    look()
    assert memory.told == []


def test_at_first_a_registered_account_is_compared_and_any_other_forgotten(
    switch: ScriptedSwitch, memory: Memory, look: Callable[[], None]
) -> None:
    switch.phones = registered("a1", "a2")
    memory.remembered = {"a1": "m1", "a2": "old", "a3": "m3"}
    memory.panel = {"a1": "m1", "a2": "m2", "a3": "m3"}
    look()
    assert sorted(memory.told) == ["a2", "a3"]
    assert memory.remembered == {"a1": "m1", "a2": "m2"}


def test_later_only_what_has_changed_is_looked_at(switch: ScriptedSwitch, memory: Memory, look: Callable[[], None]) -> None:
    switch.phones = registered("a1")
    memory.panel = {"a1": "m1", "a2": "m2"}
    look()
    memory.told.clear()
    look()
    assert memory.told == []
    memory.panel = {"a1": "new", "a3": "m3"}
    look()
    assert sorted(memory.told) == ["a1", "a2", "a3"]
    assert memory.remembered == {"a1": "new"}


def test_a_registered_account_that_is_no_more_is_forgotten(
    switch: ScriptedSwitch, memory: Memory, look: Callable[[], None]
) -> None:
    switch.phones, memory.remembered = registered("gone"), {"gone": "m1"}
    memory.panel = {"a1": "m1"}
    look()
    assert memory.remembered == {}


def test_what_could_not_be_asked_for_is_asked_for_at_the_next_look(
    switch: ScriptedSwitch, memory: Memory, look: Callable[[], None]
) -> None:
    """The panel goes away between its list and the account."""
    switch.phones, memory.panel = registered("a1"), {"a1": "m1"}
    switch.answers["api user_data"] = answered("-ERR no reply")
    look()
    switch.answers["api user_data"] = memory._look
    look()
    assert memory.remembered == {"a1": "m1"}


def test_a_panel_that_goes_away_in_the_middle_strands_one_phone_at_most(
    switch: ScriptedSwitch, memory: Memory, look: Callable[[], None]
) -> None:
    """Until it is back; so it is when a new version of ours says everything in another way, and is started in pieces."""
    logins = ["a1", "a2", "a3"]
    switch.phones, memory.remembered = registered(*logins), dict.fromkeys(logins, "old")
    memory.panel = dict.fromkeys(logins, "new")

    def forgets_and_is_left_alone(peer: Peer, request: str) -> bytes:
        memory.panel = None
        return memory._forget(peer, request)

    switch.answers["api xml_flush_cache id"] = forgets_and_is_left_alone
    look()
    assert memory.remembered == {"a2": "old", "a3": "old"}
    memory.panel = dict.fromkeys(logins, "new")
    switch.answers["api xml_flush_cache id"] = memory._forget
    look()
    assert memory.remembered == dict.fromkeys(logins, "new")


def test_a_login_that_is_none_of_ours_reaches_no_command(
    switch: ScriptedSwitch, memory: Memory, look: Callable[[], None]
) -> None:
    switch.phones, memory.panel = registered("x y", "a1"), {"a1": "m1"}
    look()
    assert memory.told == []
