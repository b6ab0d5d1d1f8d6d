"""112, with nobody there who could lead the call, over real trunks."""

import time

import pytest

from app.core.outcome import Outcome
from tests.contract.people import Person, hear_each_other
from tests.contract.phone import NothingHappenedError, wait_until
from tests.contract.product import TESTER, Product
from tests.contract.trunk_peer import COMPANY, OLA, OLAS, Town, shown
from tests.contract.worlds import on_freeswitch


@pytest.fixture
def nobody(pbx: Product, ola: Person, outside: Town, worker_later: None) -> None:
    """Ola's phone is registered, and neither the controller nor the panel runs."""
    pbx.kill_worker()
    pbx.stop_panel()


def may_sign_in(person: Person) -> bool:
    """Whether the switch takes the password that is typed into the phone."""
    try:
        person.device.register()
    except NothingHappenedError:
        return False
    return True


def test_an_emergency_call_goes_out_with_nobody_to_lead_it_and_the_log_knows_it_later(
    pbx: Product, now: float, outside: Town, ola: Person, nobody: None
) -> None:
    dispatcher = outside.dispatcher
    ola.dial("112")
    invite = dispatcher.rings()["invite"]
    assert invite.startswith("INVITE sip:112@")
    assert (shown(invite, "From"), shown(invite, "P-Asserted-Identity")) == (OLAS, OLAS)
    dispatcher.answer()
    ola.talks()
    hear_each_other(ola, dispatcher)
    pbx.ensure_worker()
    time.sleep(1.0)  # the controller has found what lives on the switch, and leaves this call alone
    hear_each_other(ola, dispatcher)
    ola.hangs_up()
    dispatcher.ended()
    wait_until(lambda: pbx.log_since(now, COMPANY), 5, "the log knows the call")
    row = pbx.one_call(now, COMPANY)
    assert (row.caller_login, row.dialled, row.outcome) == (OLA.login, "112", Outcome.ANSWERED)


def test_a_controller_that_comes_back_before_the_panel_takes_112_from_nobody(
    pbx: Product, outside: Town, ola: Person, nobody: None
) -> None:
    pbx.start_worker()
    wait_until(pbx.is_well, 10, "the controller is back")
    time.sleep(1.0)  # it has looked after the accounts, if it could
    ola.device.register()
    ola.dial("112")
    outside.dispatcher.rings()


@on_freeswitch
def test_a_password_changed_while_no_controller_ran_does_not_stay_good(
    pbx: Product, outside: Town, ola: Person, worker_later: None
) -> None:
    pbx.kill_worker()
    with pbx.office() as services:
        tenant = pbx.tenant(COMPANY)
        account = next(row for row in services.accounts.list(tenant) if row.login == OLA.login)
        services.accounts.renew_password(TESTER, tenant, account.id)
    try:
        ola.device.register()  # nobody has told the switch
        pbx.ensure_worker()
        time.sleep(1.0)
        assert not may_sign_in(ola)
    finally:
        outside.open_company()
    wait_until(lambda: may_sign_in(ola), 10, "the old password is good again")
