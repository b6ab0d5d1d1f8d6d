"""Displays on a real FreeSWITCH: what a phone is shown while it has not answered the last thing it was shown."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.actions import Answer, Silence
from app.core.commands import Show
from tests.freeswitch.leading import Hand
from tests.freeswitch.queue_floor import until
from tests.freeswitch.real_switch import DOMAIN, RealSwitch, running, why_not
from tests.freeswitch.sip_phone import SipPhone
from tests.freeswitch.sip_text import Message

REASON = why_not()
pytestmark = [pytest.mark.contract, pytest.mark.skipif(bool(REASON), reason=REASON or "there is one")]


class SlowPhone(SipPhone):
    """One that has a display, and takes its time to say that it shows what it was told."""

    def __init__(self, switch: RealSwitch) -> None:
        self.told: list[Message] = []
        server = (switch.settings.sip_ip, switch.settings.sip_port)
        super().__init__("100101", "secret-100101", DOMAIN, server, agent="Yealink T46")

    def _serve(self, request: Message) -> None:
        if request.method == "UPDATE":
            self.told.append(request)
        else:
            super()._serve(request)

    def shows(self) -> None:
        """It shows the last thing, and says so."""
        self._respond(self.told[-1], 200, "OK")

    @property
    def shown(self) -> list[str]:
        """Each of what it was told, once: a request that is not answered is repeated."""
        names = (message.headers["p-asserted-identity"].split('"')[1] for message in self.told)
        return list(dict.fromkeys(names))


@pytest.fixture
def switch(tmp_path: Path) -> Iterator[RealSwitch]:
    with running(tmp_path) as switch:
        yield switch


@pytest.fixture
def phone(switch: RealSwitch) -> Iterator[SlowPhone]:
    phone = SlowPhone(switch)
    yield phone
    switch.ask("hupall")
    phone.close()


def test_what_comes_too_early_is_dropped_without_a_word_and_what_comes_later_arrives(
    switch: RealSwitch, phone: SlowPhone
) -> None:
    with switch.watched() as tap:
        hand = Hand(tap)
        dialog, leg = hand.dials(phone)
        hand.lead(leg, Answer(), Silence(60))
        phone.wait_response(dialog.call_id)
        hand.order(Show(leg, "100102", "the first"))
        until(lambda: bool(phone.told))
        hand.order(Show(leg, "22", "too early"))
        phone.shows()
        until(lambda: _is_shown(hand, phone, Show(leg, "22", "later")))
        phone.shows()
    assert phone.shown == ["the first", "later"]


def _is_shown(hand: Hand, phone: SlowPhone, command: Show) -> bool:
    """Said as often as it takes the switch to read the phone's answer."""
    hand.order(command)
    return command.name in phone.shown
