"""Record what a real FreeSWITCH tells of calls over a trunk: python -m tests.freeswitch.record_trunks

Writes fixtures/trunks/<story>.json: of each leg what a controller decides by. Run it again after the scripts or the
configuration have changed, or on a newer FreeSWITCH.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from app.core.commands import SwitchCommand
from app.services.lookup import Gateway
from freeswitch.orders import to_requests
from freeswitch.wire import encode
from tests.freeswitch.event_tap import EventTap
from tests.freeswitch.real_switch import DOMAIN, RealSwitch, running, why_not
from tests.freeswitch.sip_operator import Operator
from tests.freeswitch.sip_phone import Dialog, SipPhone
from tests.freeswitch.trunk_stories import GATEWAY, OLGA, STORIES, Event, by_leg

FOLDER = Path(__file__).with_name("fixtures") / "trunks"
LONGEST = 40.0  # seconds that anything in a story takes


class RealScene:
    """Three phones and an operator of our own at a real switch."""

    def __init__(self, switch: RealSwitch, tap: EventTap, olga: Operator) -> None:
        self.tap, self.olga = tap, olga
        self.phones: dict[str, SipPhone] = {"olga": olga}
        for name, login in (("anna", "100101"), ("bartek", "100102"), ("celina", "100103")):
            self.phones[name] = switch.registered(login)
        self.dialled: dict[str, Dialog] = {}

    def anna_dials(self, number: str) -> str:
        self.dialled["anna"] = self.phones["anna"].call(number)
        return str(self.wait("CHANNEL_PARK")["Unique-ID"])

    def olga_dials(self, number: str) -> str:
        self.dialled["olga"] = self.olga.call_in(number, f"<sip:{OLGA}@operator>")
        return str(self.wait("CHANNEL_PARK")["Unique-ID"])

    def order(self, command: SwitchCommand) -> None:
        for request in to_requests(command, DOMAIN):
            self.tap.command(encode(request).decode().rstrip("\n"))

    def answer(self, who: str) -> None:
        self._until_it_rings(who)
        before = len(self._told("CHANNEL_ANSWER"))
        self.phones[who].answer()
        self._until(lambda: len(self._told("CHANNEL_ANSWER")) > before)

    def refuse(self, who: str, status: int) -> None:
        self._until_it_rings(who)
        self.phones[who].refuse(status)

    def hang_up(self, who: str) -> None:
        phone, dialog = self.phones[who], self.dialled.get(who)
        if dialog is None:
            assert phone.ringing is not None
            phone.hang_up(phone.ringing)
        elif self._is_answered(dialog, phone):
            phone.hang_up(dialog)
        else:
            phone.cancel(dialog)

    def press(self, key: str) -> None:
        time.sleep(0.3)  # the question must be under way: what is pressed before is thrown away
        self.olga.press(key)

    def wait(self, name: str, leg: str = "") -> Event:
        """Of a leg that parks again, the newest."""
        self._until(lambda: bool(self._told(name, leg)))
        return self._told(name, leg)[-1]

    def _is_answered(self, dialog: Dialog, phone: SipPhone) -> bool:
        answers = [message for message in phone.seen if message.status == 200 and message.headers["call-id"] == dialog.call_id]
        if answers:
            dialog.remote = answers[-1].headers["to"]
        return bool(answers)

    def _until_it_rings(self, who: str) -> None:
        self._until(lambda: self.phones[who].ringing is not None)

    def _told(self, name: str, leg: str = "") -> list[Event]:
        return [event for event in self.tap.events if event["Event-Name"] == name and leg in ("", event.get("Unique-ID"))]

    def _until(self, true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + LONGEST
        while not true():
            assert time.monotonic() < deadline
            time.sleep(0.02)


def main() -> int:
    """Play every story and keep what was told."""
    if reason := why_not():
        print(reason, file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as switch:
        for name, story in STORIES.items():
            operator = Operator(("127.0.0.1", switch.settings.trunk_port))
            switch.office.trunks = [Gateway(GATEWAY, operator.proxy, "", "", False, 1, True)]
            for command in ("killgw _all_", "rescan"):
                switch.ask(f"sofia profile trunks {command}")
                time.sleep(2)
            switch.ask("reloadacl")
            with switch.watched() as tap:
                story(RealScene(switch, tap, operator))
                told = by_leg(tap.events)
            (FOLDER / f"{name}.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
            print(f"{name}: {[len(leg) for leg in told]}")
            switch.send_everybody_home()
            operator.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
