"""Record what a real FreeSWITCH says while the dialect's own scripts run: python -m tests.freeswitch.record

Writes fixtures/xferext/<story>.esl: the bytes of one event socket connection, as they came. Run it again after the dialect's
scripts or the configuration have changed, or on a newer FreeSWITCH.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from app.core.actions import Connect, HangUp, Present, Prompt, Say
from app.core.commands import Script
from app.core.outcome import Outcome
from freeswitch.dialect import to_requests
from freeswitch.wire import encode
from tests.freeswitch.event_tap import EventTap
from tests.freeswitch.real_switch import DOMAIN, RealSwitch, running, why_not
from tests.freeswitch.sip_phone import Dialog, SipPhone

FOLDER = Path(__file__).with_name("fixtures") / "xferext"


class Stage:
    """One story: Anna calls Bartek, and the script runs as the controller would have it."""

    def __init__(self, switch: RealSwitch, tap: EventTap) -> None:
        self.switch, self.tap = switch, tap
        self.anna: SipPhone = switch.registered("100101")

    def anna_calls(self, *logins: str, seconds: int = 5) -> tuple[Dialog, str]:
        """Anna's call and her leg; the script that connects her is on its way."""
        dialog = self.anna.call("22")
        leg = self.tap.wait("CHANNEL_PARK")["Unique-ID"]
        self.lead(Script(leg, leg, 1, (Present("21", "Anna Żółć"), Connect(logins, seconds))))
        return dialog, leg

    def lead(self, script: Script) -> None:
        for request in to_requests(script, DOMAIN):
            self.tap.command(encode(request).decode().rstrip("\n"))

    def refuse_with(self, leg: str, outcome: Outcome, prompt: Prompt) -> None:
        """The script after a failed one: a sentence, then the end."""
        self.tap.wait("CHANNEL_PARK", seconds=15, **{"Unique-ID": leg, "variable_pbx_step": "1"})
        self.lead(Script(leg, leg, 2, (Say(prompt, "pl"), HangUp(outcome))))
        self.over(leg)

    def over(self, leg: str) -> None:
        self.tap.wait("CHANNEL_DESTROY", seconds=20, **{"Unique-ID": leg})

    def talk(self, dialog: Dialog) -> None:
        answer = self.anna.wait_response(dialog.call_id)
        assert answer.status == 200, answer.first
        dialog.remote = answer.headers["to"]
        self.tap.wait("CHANNEL_BRIDGE")


def caller_ends(stage: Stage) -> None:
    stage.switch.registered("100102").behaviour = "answer"
    dialog, leg = stage.anna_calls("100102")
    stage.talk(dialog)
    stage.anna.hang_up(dialog)
    stage.over(leg)


def callee_ends(stage: Stage) -> None:
    bartek = stage.switch.registered("100102")
    bartek.behaviour = "answer"
    dialog, leg = stage.anna_calls("100102")
    stage.talk(dialog)
    assert bartek.ringing is not None
    bartek.hang_up(bartek.ringing)
    stage.over(leg)


def two_devices(stage: Stage) -> None:
    stage.switch.registered("100102")
    quick = stage.switch.registered("100102")
    dialog, leg = stage.anna_calls("100102")
    assert quick.rang.wait(5)
    quick.answer()
    stage.talk(dialog)
    stage.anna.hang_up(dialog)
    stage.over(leg)


def busy(stage: Stage) -> None:
    stage.switch.registered("100102").behaviour = "busy"
    _, leg = stage.anna_calls("100102")
    stage.refuse_with(leg, Outcome.BUSY, Prompt.BUSY)


def declined(stage: Stage) -> None:
    stage.switch.registered("100102").behaviour = "decline"
    _, leg = stage.anna_calls("100102")
    stage.refuse_with(leg, Outcome.DECLINED, Prompt.DECLINED)


def no_answer(stage: Stage) -> None:
    stage.switch.registered("100102")
    _, leg = stage.anna_calls("100102", seconds=2)
    stage.refuse_with(leg, Outcome.NO_ANSWER, Prompt.NO_ANSWER)


def not_registered(stage: Stage) -> None:
    _, leg = stage.anna_calls("100102")
    stage.refuse_with(leg, Outcome.NOT_REGISTERED, Prompt.NOT_REGISTERED)


def unknown_account(stage: Stage) -> None:
    _, leg = stage.anna_calls("999999")
    stage.refuse_with(leg, Outcome.NOT_REGISTERED, Prompt.NOT_REGISTERED)


def caller_cancels(stage: Stage) -> None:
    bartek = stage.switch.registered("100102")
    dialog, leg = stage.anna_calls("100102")
    assert bartek.rang.wait(5)
    stage.anna.wait_response(dialog.call_id, 180)
    stage.anna.cancel(dialog)
    stage.over(leg)


def nobody_leads(stage: Stage) -> None:
    stage.anna.call("22")
    stage.over(stage.tap.wait("CHANNEL_PARK")["Unique-ID"])


def register(stage: Stage) -> None:
    bartek = stage.switch.registered("100102")
    bartek.register()
    bartek.register(expires=0)
    stage.tap.wait("CUSTOM", **{"Event-Subclass": "sofia::unregister"})


STORIES: tuple[Callable[[Stage], None], ...] = (
    caller_ends,
    callee_ends,
    two_devices,
    busy,
    declined,
    no_answer,
    not_registered,
    unknown_account,
    caller_cancels,
    nobody_leads,
    register,
)


def main() -> int:
    """Play every story and keep what was heard."""
    if reason := why_not():
        print(reason, file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as switch:
        for story in STORIES:
            with switch.watched() as tap:
                story(Stage(switch, tap))
                tap.command("noevents")
                name = story.__name__.replace("_", "-")
                (FOLDER / f"{name}.esl").write_bytes(tap.raw)
                print(f"{name}: {len(tap.events)} events, {len(tap.raw)} bytes")
            switch.send_everybody_home()
    return 0


if __name__ == "__main__":
    sys.exit(main())
