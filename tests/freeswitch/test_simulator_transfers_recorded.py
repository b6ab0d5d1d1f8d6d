"""Transfers and pickups on the simulator against the same ones on a real switch, with the same commands."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from freeswitch.simulator.dialplan import Dialplan
from freeswitch.simulator.phones import Phone
from freeswitch.simulator.switch import PARK_ONLY
from tests.freeswitch.simulated import Stage
from tests.freeswitch.trial import DIAL_TONE, GUARD, LONG, RINGING_TONE, SOUNDS, Trial, by_leg

STEP = "event Event-Name=CUSTOM,Event-Subclass=pbx::step"
KEYS = """<context name="keys"><extension name="received"><condition>{}</condition></extension></context>"""
BOUND = [("consult", "*"), *(("keypad", key) for key in "0123#"), ("talk", "#"), ("talk", "**")]  # as recorded


def play_talk_keys(trial: Trial) -> None:
    """Bound keys raise events; others travel on, a single star late or with the key that decides."""
    trial.talk(phone=trial.stage.phone("102", 2))
    for _ in range(2):  # by RFC 2833 and by SIP INFO
        for keys in ("5", "7", "#", "**", "*", "*5"):
            trial.bartek.press(keys)
            trial.pause(2.5)
    trial.anna.press("#*")
    trial.pause()
    trial.hang_up(trial.anna)


def play_keys_by_extension(trial: Trial) -> None:
    trial.talk()
    trial.press("#")
    trial.keypad()
    trial.press("2")
    trial.end_all()


def play_consult_join(trial: Trial) -> None:
    second = trial.stage.phone("103", 2)
    trial.consult()
    target = trial.target(second)
    trial.join(trial.callee, target)
    assert second.view().hears == "peer:102"
    trial.hang_up(trial.bartek)
    trial.join(trial.caller, target)
    assert (second.view().hears, trial.anna.view().hears) == ("peer:101", "peer:103")
    trial.hang_up(trial.anna)
    trial.end_all()


def play_consult_target_hangs_up(trial: Trial) -> None:
    trial.consult()
    target = trial.target(trial.celina)
    trial.join(trial.callee, target)
    trial.hang_up(trial.celina)
    trial.stage.controller.execute(trial.callee, "digit_action_set_realm", "talk")
    trial.pause()
    trial.join(trial.callee, trial.caller)
    assert trial.anna.view().hears == "peer:102"
    trial.hang_up(trial.anna, trial.bartek)


def play_transferor_hangs_up_while_ringing(trial: Trial) -> None:
    trial.consult()
    trial.hang_up(trial.bartek)
    trial.script(trial.caller, "set pbx_step=4", RINGING_TONE, *GUARD)
    assert trial.anna.view().hears == "ringback"
    trial.join(trial.caller, trial.target(trial.celina))
    assert (trial.celina.view().hears, trial.anna.view().hears) == ("peer:101", "peer:103")
    trial.hang_up(trial.celina, trial.anna)


def play_chain_unattended(trial: Trial) -> None:
    """Nobody leads: busy, music, the colleague rings twice, an apology."""
    trial.talk()
    trial.press("#")
    music = f"endless_playback {SOUNDS}/music.wav"
    keypad = ("digit_action_set_realm keypad", "set pbx_step=2", DIAL_TONE, *GUARD)
    trial.lead_apart(keypad, ("set pbx_step=2", music, *GUARD))
    assert trial.anna.view().hears == "music"
    trial.api(f"uuid_kill {trial.callee} NORMAL_CLEARING")
    trial.celina.when_rung = lambda phone: phone.leg.refused(486) if phone.leg else None
    bridges = trial.bridges()[1:]
    first = [f"set {each}" for each in ("pbx_step=5", "continue_on_fail=true", "hangup_after_bridge=true")]
    first += ["set transfer_ringback=%(1000,4000,425)", "set call_timeout=3", bridges[0], STEP]
    back = ["set pbx_step=6", f"playback {SOUNDS}/music.wav", "set effective_caller_id_name=Powrót: 21 od Celina"]
    again = ["set pbx_step=7", f"playback {SOUNDS}/music.wav", bridges[2], STEP]
    end = [f"playback {SOUNDS}/prompt.wav", "hangup NORMAL_CLEARING"]
    trial.script(trial.caller, *first, *back, "set call_timeout=3", bridges[1], STEP, *again, *end)
    trial.pause(2)
    assert (trial.bartek.view().name, trial.anna.view().hears) == ("Powrót: 21 od Celina", "ringback")
    trial.pause(20)


def play_replace_xferext_ringing(trial: Trial) -> None:
    """A script sent while the target rings: the ringing ends, the rest of the old script is forgotten."""
    trial.talk()
    trial.press("#")
    trial.keypad()
    first = [f"set {each}" for each in ("pbx_step=5", "continue_on_fail=true", "hangup_after_bridge=true")]
    first += ["set transfer_ringback=%(1000,4000,425)", "set call_timeout=3"]
    trial.script(trial.caller, *first, trial.bridges()[1], STEP, "hangup NORMAL_CLEARING")
    trial.script(trial.caller, "set pbx_step=8", f"playback {SOUNDS}/prompt.wav", *GUARD)
    trial.hang_up(trial.anna)
    trial.end_all()


def play_pickup(trial: Trial) -> None:
    """All devices of two accounts ring, Darek takes the call, leads Anna apart, comes back and puts down."""
    trial.stage.phone("102", 2)
    trial.ring("set effective_caller_id_name=Anna Żółć")
    picker = trial.stage.call(trial.darek, "*822")
    before = ("set pbx_step=1", "set pbx_call=c1", "set pbx_role=colleague", "set hangup_after_bridge=true")
    trial.script(picker, *before, f"intercept {trial.caller}", *GUARD)
    trial.darek.press("#")
    trial.pause()
    trial.callee = picker
    colleague = ("digit_action_set_realm keypad", "set pbx_step=7", DIAL_TONE, *GUARD)
    trial.lead_apart(colleague, ("set pbx_step=7", LONG, *GUARD))
    trial.join(trial.caller, picker)
    trial.hang_up(trial.darek, trial.anna)


def play_refer_blind_callee(trial: Trial) -> None:
    trial.talk()
    trial.bartek.transfer("23")
    trial.pause()
    trial.end_all()


def play_refer_blind_caller(trial: Trial) -> None:
    trial.talk()
    trial.anna.transfer("23")
    trial.pause()
    trial.end_all()


def play_consult_star_while_ringing(trial: Trial) -> None:
    """All devices of the target stop ringing, and both talk again."""
    trial.stage.phone("103", 2)
    trial.consult()
    trial.press("*")
    trial.stage.controller.api("hupall ORIGINATOR_CANCEL pbx_attempt c1.3")
    trial.join(trial.callee, trial.caller)
    trial.stage.controller.execute(trial.callee, "digit_action_set_realm", "talk")
    trial.pause()
    assert trial.celina.view().ended == "ORIGINATOR_CANCEL"
    assert (trial.anna.view().hears, trial.bartek.view().hears) == ("peer:102", "peer:101")
    trial.hang_up(trial.bartek, trial.anna)


def play_hold(trial: Trial) -> None:
    """Each side holds once without music of ours and once with it; a key pressed on hold arrives when the hold ends."""
    trial.talk()
    for phone, other in ((trial.bartek, trial.anna), (trial.anna, trial.bartek)):
        hold_and_resume(trial, phone, other, hears="silence")
    trial.end_all()
    trial.talk(f"export hold_music={SOUNDS}/music.wav")
    for phone, other in ((trial.bartek, trial.anna), (trial.anna, trial.bartek)):
        hold_and_resume(trial, phone, other, hears="music")
    trial.bartek.hold()
    trial.pause()
    trial.press("#")
    trial.keypad()
    trial.end_all()


def hold_and_resume(trial: Trial, phone: Phone, other: Phone, hears: str) -> None:
    phone.hold()
    trial.pause()
    assert (phone.view().held, other.view().hears) == (True, hears)
    phone.resume()
    trial.pause()
    assert (phone.view().held, other.view().hears) == (False, f"peer:{phone.login}")


def second_call(trial: Trial) -> None:
    trial.talk()
    trial.bartek.hold()
    trial.pause()
    own = trial.stage.call(trial.bartek, "23")
    settings = ("pbx_call=c2", "hangup_after_bridge=true", "continue_on_fail=true", "call_timeout=20")
    trial.script(own, "set pbx_step=1", *(f"set {each}" for each in settings), trial.bridges()[1])


def play_refer_attended(trial: Trial) -> None:
    second_call(trial)
    trial.celina.answer()
    trial.pause()
    trial.bartek.join()
    trial.pause()
    assert (trial.anna.view().hears, trial.celina.view().hears) == ("peer:103", "peer:101")
    assert trial.bartek.view().state == "idle"
    trial.hang_up(trial.anna)


def of_extension(name: str, folder: Path) -> Dialplan:
    """The dialplan of the trial: the keys in an extension."""
    action = '<action application="bind_digit_action" data="^^|{}|{}|exec[i]:event|Event-Name=CUSTOM,Event-Subclass=pbx::key"/>'
    (folder / f"{name}.xml").write_text(KEYS.format("".join(action.format(*each) for each in BOUND)))
    return Dialplan(folder)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    variables = {"transfer_ringback": "%(1000,4000,425)"}  # the trials' switch had no music of ours
    extensions = of_extension("keys", tmp_path)
    with Stage(frame=0.02, extensions=extensions, dialplan=PARK_ONLY, variables=variables) as stage:
        yield stage


STORIES: dict[str, Callable[[Trial], None]] = {
    "talk-keys": play_talk_keys,
    "keys-by-extension": play_keys_by_extension,
    "consult-join": play_consult_join,
    "consult-target-hangs-up": play_consult_target_hangs_up,
    "transferor-hangs-up-while-ringing": play_transferor_hangs_up_while_ringing,
    "consult-star-while-ringing": play_consult_star_while_ringing,
    "hold": play_hold,
    "chain-unattended": play_chain_unattended,
    "replace-xferext-ringing": play_replace_xferext_ringing,
    "pickup": play_pickup,
    "refer-blind-callee": play_refer_blind_callee,
    "refer-blind-caller": play_refer_blind_caller,
    "refer-attended": play_refer_attended,
}


LEFT_OUT = {"refer-attended": {"CHANNEL_UNBRIDGE"}}  # the leg that is replaced tells of it before its end or just after


@pytest.mark.parametrize("story", STORIES)
def test_each_leg_tells_what_it_told_on_a_real_switch(stage, story):
    trial = Trial(stage, story)
    STORIES[story](trial)
    names = {event["Event-Name"] for event in trial.real} - {"CALL_UPDATE"} - LEFT_OUT.get(story, set())
    assert by_leg(stage.controller.events, names) == by_leg(trial.real, names)
