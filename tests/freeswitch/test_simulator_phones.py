"""Virtual phones: registering, what they show and hear, and what they refuse to do."""

from xml.etree import ElementTree

import pytest

from freeswitch.simulator.phones import PhoneError, State
from freeswitch.simulator.registrar import EXPIRES, MOST_DEVICES
from tests.freeswitch.simulated import Stage


def registered(stage: Stage) -> list[str]:
    answer = stage.controller.api("sofia xmlstatus profile phones reg")
    return [element.findtext("user", "") for element in ElementTree.fromstring(answer).iter("registration")]  # noqa: S314 - our own answer


def test_a_phone_registers_and_signs_off(stage):
    anna = stage.phone("101")
    assert anna.view().registered
    assert registered(stage) == ["101@acme.test"]
    anna.unregister()
    stage.settle()
    assert registered(stage) == []
    subclasses = [event["Event-Subclass"] for event in stage.controller.named("CUSTOM")]
    assert subclasses == ["sofia::register", "sofia::unregister"]
    assert stage.controller.last("CUSTOM")["contact"] == anna.contact


def test_an_unknown_account_is_refused(stage):
    with pytest.raises(PhoneError, match="there is no account 999"):
        stage.phone("999")


def test_five_devices_may_register_on_an_account(stage):
    for device in range(1, MOST_DEVICES + 1):
        stage.phone("101", device)
    with pytest.raises(PhoneError, match="already has 5 devices"):
        stage.phone("101", MOST_DEVICES + 1)
    assert len(registered(stage)) == MOST_DEVICES


def test_a_phone_renews_by_itself(stage):
    stage.phone("101")
    stage.advance(EXPIRES * 10)
    assert registered(stage) == ["101@acme.test"]


def test_a_phone_that_vanished_is_forgotten_in_the_end(stage):
    anna = stage.phone("101")
    stage.simulator.switch.registrar.vanish(anna)
    stage.advance(EXPIRES - 1)
    assert registered(stage) == ["101@acme.test"]
    stage.advance(1)
    assert registered(stage) == []
    assert stage.controller.last("CUSTOM")["Event-Subclass"] == "sofia::expire"


def test_another_profile_is_not_known(stage):
    assert stage.controller.api("sofia xmlstatus profile internal reg") == "Invalid Profile!\n"


def test_a_phone_that_is_not_registered_cannot_dial(stage):
    with pytest.raises(PhoneError, match="101 is not registered"):
        stage.simulator.phone("101").dial("22")


def test_an_account_that_was_deleted_cannot_dial():
    accounts = {"101"}
    with Stage(directory=accounts.__contains__) as stage:
        anna = stage.phone("101")
        accounts.clear()
        with pytest.raises(PhoneError, match="there is no account 101"):
            anna.dial("22")
        assert anna.view().state is State.IDLE


@pytest.mark.parametrize("digits", ["", "2 2", "22\nfoo"])
def test_nonsense_is_not_dialled(stage, digits):
    with pytest.raises(PhoneError, match="a number to dial is missing"):
        stage.phone("101").dial(digits)


@pytest.mark.parametrize("order", ["answer", "decline", "hang_up"])
def test_without_a_call_there_is_nothing_to_do(stage, order):
    anna = stage.phone("101")
    with pytest.raises(PhoneError, match=r"101 (does not ring|is in no call)"):
        getattr(anna, order)()


def test_a_phone_makes_one_call_at_a_time(stage):
    anna = stage.phone("101")
    stage.call(anna)
    with pytest.raises(PhoneError, match="101 is in a call"):
        anna.dial("23")
    with pytest.raises(PhoneError, match="101 does not ring"):
        anna.answer()


def test_display_keeps_what_was_dialled_wherever_the_switch_leads_the_call(stage):
    anna = stage.phone("101")
    leg = stage.call(anna)
    stage.controller.api(f"uuid_transfer {leg} m:~:set:a=1~park inline")
    stage.settle()
    assert anna.view().number == "22"


def test_keys_are_heard_by_the_other(stage):
    anna, bartek = stage.phone("101"), stage.phone("102")
    leg = stage.call(anna)
    stage.controller.script(leg, "bridge user/102@acme.test")
    stage.settle()
    bartek.answer()
    stage.settle()
    anna.press("12#")
    stage.settle()
    assert bartek.view().digits == "12#"
    assert [event["DTMF-Digit"] for event in stage.controller.named("DTMF")] == ["1", "2", "#"]
    with pytest.raises(PhoneError, match="keys are"):
        anna.press("hello")


def test_a_state_can_be_waited_for(stage):
    anna = stage.phone("101")
    stage.call(anna)
    assert anna.wait("dialling").number == "22"
    with pytest.raises(PhoneError, match=r"was not in the state ringing within 0\.01 s"):
        anna.wait("ringing", seconds=0.01)


def test_a_phone_says_since_when(stage):
    anna = stage.phone("101")
    stage.advance(5)
    stage.call(anna)
    assert anna.view().since == stage.clock.now()


def test_a_restart_forgets_everything(stage):
    anna = stage.phone("101")
    stage.call(anna)
    stage.simulator.stop()
    assert stage.simulator.switch.legs == {}
