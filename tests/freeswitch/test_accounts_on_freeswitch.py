"""What a real FreeSWITCH remembers of accounts: for how long, and what makes it think again."""

from collections.abc import Callable, Iterator

import gevent
import pytest

from freeswitch.accounts import Accounts
from freeswitch.limits import Limits
from tests.freeswitch.real_switch import DOMAIN, NAMES, PRESENTED, RealSwitch, running, why_not
from tests.freeswitch.sip_phone import SipPhone

REASON = why_not()
pytestmark = [pytest.mark.contract, pytest.mark.skipif(bool(REASON), reason=REASON or "there is one")]

ANNA, BARTEK = "100101", "100102"


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealSwitch]:
    with running(tmp_path_factory.mktemp("var")) as switch:
        yield switch


@pytest.fixture
def switch(machine: RealSwitch) -> Iterator[RealSwitch]:
    yield machine
    office = machine.office
    office.away, office.names, office.shown = False, dict(NAMES), PRESENTED
    office.passwords.clear()
    machine.send_everybody_home()
    machine.ask("xml_flush_cache")


@pytest.fixture
def anna(switch: RealSwitch) -> SipPhone:
    return switch.registered(ANNA)


@pytest.fixture
def upkeep(switch: RealSwitch) -> Iterator[Callable[[], None]]:
    """A controller comes, and looks; each call of this lets it look once more."""
    accounts = Accounts(switch.settings.switches[0], DOMAIN, Limits())

    def look() -> None:
        rounds = accounts.rounds
        accounts.look()
        with gevent.Timeout(10):
            while accounts.rounds == rounds:
                gevent.sleep(0.01)

    yield look
    accounts.stop()


def may_register(switch: RealSwitch, login: str, password: str) -> bool:
    return switch.phone(login, password).register() == 200


def test_what_was_learnt_of_an_account_does_not_grow_old(switch: RealSwitch, anna: SipPhone) -> None:
    """``caching lookup for user … indefinitely`` (switch_xml.c); an hour cannot be waited for."""
    assert switch.ask(f"user_data {ANNA}@{DOMAIN} attr cacheable") == "true"
    switch.office.away = True
    assert anna.register() == 200


def test_a_controller_that_comes_while_the_panel_is_away_strands_no_phone(
    switch: RealSwitch, anna: SipPhone, upkeep: Callable[[], None]
) -> None:
    switch.office.away = True
    upkeep()
    assert anna.register() == 200


def test_a_controller_that_comes_asks_for_no_account_that_is_remembered_rightly(
    switch: RealSwitch, anna: SipPhone, upkeep: Callable[[], None]
) -> None:
    switch.office.asked.clear()
    upkeep()
    assert switch.office.asked == []


def test_a_password_changed_while_no_controller_ran_is_noticed_and_no_phone_is_stranded(
    switch: RealSwitch, anna: SipPhone, upkeep: Callable[[], None]
) -> None:
    switch.office.passwords[ANNA] = "another-one"
    assert anna.register() == 200
    upkeep()
    switch.office.away = True
    assert not may_register(switch, ANNA, f"secret-{ANNA}")
    assert may_register(switch, ANNA, "another-one")


def test_a_password_of_somebody_whose_phone_is_off_is_forgotten(switch: RealSwitch, upkeep: Callable[[], None]) -> None:
    switch.registered(BARTEK).sign_out()
    switch.office.passwords[BARTEK] = "another-one"
    upkeep()
    assert not may_register(switch, BARTEK, f"secret-{BARTEK}")
    assert may_register(switch, BARTEK, "another-one")


def test_an_account_that_is_no_more_is_forgotten_even_if_its_phone_is_registered(
    switch: RealSwitch, anna: SipPhone, upkeep: Callable[[], None]
) -> None:
    del switch.office.names[ANNA]
    upkeep()
    assert anna.register() == 403


def test_a_login_that_somebody_else_gets_is_his(switch: RealSwitch, anna: SipPhone, upkeep: Callable[[], None]) -> None:
    upkeep()
    anna.sign_out()
    del switch.office.names[ANNA]
    upkeep()
    switch.office.names[ANNA], switch.office.passwords[ANNA] = "Somebody", "another-one"
    upkeep()
    assert may_register(switch, ANNA, "another-one")


def test_the_number_that_emergency_calls_show_follows(switch: RealSwitch, anna: SipPhone, upkeep: Callable[[], None]) -> None:
    upkeep()
    switch.office.shown = ""
    upkeep()
    assert switch.ask(f"user_data {ANNA}@{DOMAIN} var pbx_presents") == "anonymous"


def test_a_change_while_the_panel_is_away_is_made_good_when_it_is_back(
    switch: RealSwitch, anna: SipPhone, upkeep: Callable[[], None]
) -> None:
    upkeep()
    switch.office.passwords[ANNA], switch.office.away = "another-one", True
    upkeep()
    assert anna.register() == 200
    switch.office.away = False
    upkeep()
    assert anna.register() == 403
