"""Record a phone's transfer key that is pressed while the target rings: python -m tests.contract.record_early_refer

Writes tests/freeswitch/fixtures/transfers/refer-early-<story>.esl: what a real FreeSWITCH tells, with nobody leading the calls
but the scripts below. Run it again after the configuration has changed, or on a newer FreeSWITCH.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.contract.people import Device, People, Person, Program
from tests.contract.phone import Place
from tests.contract.ports import Block
from tests.contract.product import Product
from tests.contract.roster import Member
from tests.contract.worlds import RealWorld
from tests.freeswitch.event_tap import Event, EventTap
from tests.freeswitch.trial import GUARD, SHOWN, SOUNDS

FOLDER = Path(__file__).parent.parent / "freeswitch" / "fixtures" / "transfers"
MORE = "CHANNEL_EXECUTE CHANNEL_UNPARK CHANNEL_HOLD CHANNEL_UNHOLD CUSTOM sofia::transferee"
CONNECTS = ("hangup_after_bridge=true", "continue_on_fail=true", "call_timeout=20")
RINGS = "bridge {{^^;pbx_call={};pbx_step=1;pbx_role=colleague;app_disable_expand_variables=true}}user/{}@centralka.test"
KEPT = (*SHOWN, "Unique-ID", "Application-Data", "Bridge-A-Unique-ID", "Bridge-B-Unique-ID", "att_xfer_replaced_call_id")
A_MOMENT = 0.5  # seconds in which the switch has done whatever follows


class Stage:
    """Anna has called Bartek, who holds her, calls Celina, and presses the key while she rings."""

    def __init__(self, people: People, tap: EventTap) -> None:
        self._tap = tap
        self.anna, self.bartek, self.celina = (people.person(name) for name in ("anna", "bartek", "celina"))
        self._connect(self.anna, "22", "c1", self.bartek)
        self.bartek.answer()
        time.sleep(A_MOMENT)
        first = self.bartek.call
        self.bartek.holds()
        time.sleep(A_MOMENT)
        self._connect(self.bartek, "23", "c2", self.celina)
        second, self.bartek.call = self.bartek.call, first
        time.sleep(A_MOMENT)
        self.bartek.device.order("join", call=first, other=second)
        time.sleep(A_MOMENT)

    def _connect(self, caller: Person, number: str, call: str, callee: Person) -> None:
        before = len(self._tap.events)
        caller.dial(number)
        leg = self._tap.wait_for(lambda event: self._is_parked(event, before), "a call that waits")["Unique-ID"]
        settings = [f"set {each}" for each in ("pbx_step=1", f"pbx_call={call}", *CONNECTS)]
        self._tap.script(leg, *settings, RINGS.format(call, callee.login), *GUARD)
        callee.rings()

    def _is_parked(self, event: Event, before: int) -> bool:
        return event.get("Event-Name") == "CHANNEL_PARK" and event in self._tap.events[before:]


def answered(stage: Stage) -> None:
    stage.celina.answer()
    time.sleep(A_MOMENT)
    stage.anna.hangs_up()


def declined(stage: Stage) -> None:
    stage.celina.declines()
    time.sleep(A_MOMENT)
    stage.anna.hangs_up()


def abandoned(stage: Stage) -> None:
    stage.anna.hangs_up()


def main() -> None:
    if RealWorld.missing:
        sys.exit(RealWorld.missing)
    stories: tuple[Callable[[Stage], None], ...] = (answered, declined, abandoned)
    folder, block, phones = Path(tempfile.mkdtemp(prefix="centralka-record-")), Block(), Block()
    product = Product(folder / "var", block, RealWorld())

    def switched_on(member: Member, device: str, program: Program) -> Device:
        place = Place(member.name, folder, phones.take(4), phones.take(12), 12, member.tone)
        return product.world.phone(product.line(member), place, program)

    try:
        product.start()
        product.kill_worker()
        for story in stories:
            people, tap = People(switched_on, product.prompt), EventTap(product.settings.switches[0])
            tap.command(f"event json {MORE}")
            story(Stage(people, tap))
            time.sleep(2 * A_MOMENT)
            tap.close()
            people.go_home()
            (FOLDER / f"refer-early-{story.__name__}.esl").write_bytes(b"".join(map(_as_told, tap.events)))
    finally:
        product.stop()
        block.close()
        phones.close()


def _as_told(event: Event) -> bytes:
    """What a controller decides by, without a path of this machine."""
    body = json.dumps({name: event[name] for name in KEPT if name in event}, ensure_ascii=False)
    data = body.replace(str(FOLDER.parents[3] / "freeswitch" / "sounds"), SOUNDS).encode()
    return b"Content-Length: %d\nContent-Type: text/event-json\n\n%b" % (len(data), data)


if __name__ == "__main__":
    main()
