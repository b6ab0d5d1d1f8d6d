"""What breaks does not take the calls with it: the controller killed in mid-call, the switch stopped and started."""

import time
from collections.abc import Iterator

import pytest

from app.core.outcome import EndedBy, Outcome
from tests.contract.people import Person
from tests.contract.phone import wait_until
from tests.contract.product import Product
from tests.contract.worlds import on_freeswitch

SHORTLY = 0.5


@pytest.fixture
def talking(pbx: Product, now: float, anna: Person, bartek: Person) -> None:
    """Anna talks to Bartek, long enough for the call log to know (the journal writes behind the event, some 10 ms later)."""
    anna.dial("22")
    bartek.rings()
    bartek.answer()
    anna.talks()
    anna.hears(bartek)
    wait_until(lambda: pbx.log_since(now), 5, "the log knows the call")


@pytest.fixture
def no_controller(pbx: Product, talking: None) -> Iterator[None]:
    """The controller is killed in mid-call (and is there again for the next story)."""
    pbx.kill_worker()
    yield
    pbx.ensure_worker()


def test_a_call_outlives_the_controller_and_is_written_down_once(
    pbx: Product, now: float, anna: Person, bartek: Person, no_controller: None
) -> None:
    anna.hears(bartek, lasting=1.0)
    bartek.hears(anna, lasting=1.0)
    pbx.start_worker()
    wait_until(pbx.is_well, 10, "the controller is back")
    anna.hears(bartek, lasting=1.0)
    bartek.hangs_up()
    ended = time.time()
    anna.ended()
    row = pbx.one_call(now)
    assert (row.outcome, row.ended_by) == (Outcome.ANSWERED, EndedBy.CALLEE)
    assert row.ended == pytest.approx(ended, abs=SHORTLY)


def test_a_call_that_ended_unwatched_has_its_true_end(
    pbx: Product, now: float, anna: Person, bartek: Person, no_controller: None
) -> None:
    bartek.hangs_up()
    ended = time.time()
    anna.ended()
    time.sleep(1.5)  # so that the end and the restart can be told apart
    pbx.start_worker()
    row = pbx.one_call(now, within=10)
    assert row.outcome is Outcome.ANSWERED
    assert row.ended == pytest.approx(ended, abs=SHORTLY)


@pytest.mark.parametrize("after", [0.2, 0.6], ids=["before it looks", "while it looks"])
def test_a_call_that_ends_while_the_controller_comes_back_is_written_down_once(
    pbx: Product, now: float, anna: Person, bartek: Person, no_controller: None, after: float
) -> None:
    pbx.start_worker()
    time.sleep(after)
    bartek.hangs_up()
    ended = time.time()
    anna.ended()
    row = pbx.one_call(now, within=10)
    assert row.outcome is Outcome.ANSWERED
    assert row.ended == pytest.approx(ended, abs=SHORTLY)


@pytest.fixture
def safe_return(pbx: Product) -> Iterator[None]:
    """Whatever the story does to the controller, it is there again for the next one."""
    yield
    pbx.ensure_worker()


@pytest.mark.parametrize("after", [0.0, 0.05, 0.15])
@pytest.mark.parametrize("returns", ["while they talk", "when they are gone"])
def test_a_controller_killed_at_the_answer_costs_no_call_its_row(
    pbx: Product, now: float, anna: Person, bartek: Person, safe_return: None, after: float, returns: str
) -> None:
    anna.dial("22")
    bartek.rings()
    bartek.device.order("answer", call=bartek.call)
    time.sleep(after)
    pbx.kill_worker()
    anna.talks()
    anna.hears(bartek)
    if returns == "while they talk":
        pbx.start_worker()
        wait_until(pbx.is_well, 10, "the controller is back")
    bartek.hangs_up()
    ended = time.time()
    anna.ended()
    if returns == "when they are gone":
        pbx.start_worker()
        wait_until(pbx.is_well, 10, "the controller is back")
    assert_written(pbx, now, ended)


def assert_written(pbx: Product, since: float, ended: float) -> None:
    """One row, of a talk between Anna and Bartek that ended then."""
    row = pbx.one_call(since)
    assert (row.caller_number, row.dialled, row.outcome) == ("21", "22", Outcome.ANSWERED)
    assert row.ended == pytest.approx(ended, abs=SHORTLY)


@pytest.mark.parametrize("after", [0.0, 0.05, 0.15])
def test_a_controller_killed_at_the_arrival_costs_no_call_its_row(
    pbx: Product, now: float, anna: Person, bartek: Person, safe_return: None, after: float
) -> None:
    anna.dial("22")
    time.sleep(after)
    pbx.kill_worker()
    anna.hangs_up()
    wait_until(lambda: pbx.log_since(now), 5, "the log knows the call, with or without its end")
    pbx.start_worker()
    wait_until(pbx.is_well, 10, "the controller is back")
    row = pbx.one_call(now)
    assert (row.caller_number, row.dialled, row.outcome) == ("21", "22", Outcome.CANCELLED)


@pytest.mark.long
@on_freeswitch
def test_a_caller_without_a_controller_is_not_kept_waiting_for_ever_and_the_log_knows_it(
    pbx: Product, anna: Person, bartek: Person, no_controller: None
) -> None:
    bartek.hangs_up()
    anna.ended()
    time.sleep(SHORTLY)
    dialled = time.time()
    anna.dial("22")
    anna.ended(503, within=13)
    row = pbx.one_call(dialled)
    assert (row.caller_login, row.dialled, row.parts) == (anna.login, "22", ())
    assert (row.outcome, row.ended_by) == (Outcome.FAILED, EndedBy.SYSTEM)
    pbx.start_worker()
    wait_until(pbx.is_well, 10, "the controller is back")
    assert pbx.one_call(dialled) == row


@on_freeswitch  # virtual phones vanish with their switch
def test_the_switch_comes_back_and_so_does_everything(pbx: Product, anna: Person, bartek: Person) -> None:
    pbx.stop_switch()
    wait_until(lambda: not pbx.is_well(), 5, "the panel says that the switch is gone")
    pbx.start_switch()
    wait_until(pbx.switch_answers, 20, "the switch answers")
    wait_until(pbx.is_well, 5, "the controller has found the switch")
    anna.device.register()
    bartek.device.register()
    anna.dial("22")
    bartek.rings(anna)
    bartek.answer()
    anna.hears(bartek)
    anna.hangs_up()
    bartek.ended()
