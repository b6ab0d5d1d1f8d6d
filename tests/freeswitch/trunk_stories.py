"""Short calls over a trunk and to ring plans, for whoever can play them: a real switch, which is recorded, and the simulator.

Anna (100101), Bartek (100102) and Celina (100103) have phones; Olga's telephone is outside. The scripts are the product's own.
"""

import json
import re
from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeAlias

from app.core.actions import Action, Connect, ConnectOutside, Outside, Present
from app.core.commands import RingOutside, Script, SwitchCommand

OLGA, CITY, GATEWAY = "+48600100200", "+48221234567", "trunk-1"
SECONDS = 3

Event: TypeAlias = dict[str, Any]

SHOWN = (
    "Event-Name", "Call-Direction", "Caller-Context", "Caller-Destination-Number", "Answer-State", "Hangup-Cause",
    "variable_originate_disposition", "variable_sip_invite_failure_status", "variable_sofia_profile_name",
    "variable_sip_gateway_name", "variable_pbx_call", "variable_pbx_step", "variable_pbx_role", "variable_pbx_attempt",
    "variable_pbx_trunk", "variable_pbx_line", "variable_pbx_login", "variable_pbx_callee", "variable_group_dial_status",
    "variable_sip_h_Diversion", "variable_sip_hangup_disposition",
)  # fmt: skip
TOLD = ("CHANNEL_PARK", "CHANNEL_ANSWER", "CHANNEL_BRIDGE", "CHANNEL_HANGUP", "CHANNEL_HANGUP_COMPLETE")


class Scene(Protocol):
    """Where a story is played."""

    def anna_dials(self, number: str) -> str:
        """Her leg, parked."""
        ...

    def olga_dials(self, number: str) -> str:
        """Her leg, parked."""
        ...

    def order(self, command: SwitchCommand) -> None:
        """What the controller says."""
        ...

    def answer(self, who: str) -> None:
        """Whoever rings picks up."""
        ...

    def refuse(self, who: str, status: int) -> None:
        """Whoever rings refuses, with this SIP answer."""
        ...

    def hang_up(self, who: str) -> None: ...

    def press(self, key: str) -> None:
        """Olga presses a key."""
        ...

    def wait(self, name: str, leg: str = "") -> Event:
        """Until the switch has told this (of this leg)."""
        ...


def lead(scene: Scene, leg: str, *actions: Action, step: int = 1) -> None:
    scene.order(Script(leg, "c1", step, actions))


def outside(confirm: str = "", diverted: bool = False, gateway: str = GATEWAY) -> Outside:
    return Outside(OLGA, gateway, CITY, diverted=diverted, confirm=confirm)


def olga_calls_anna(scene: Scene) -> None:
    leg = scene.olga_dials(CITY)
    lead(scene, leg, Present(OLGA, "Główny 600100200"), Connect(("100101",), SECONDS))
    scene.answer("anna")
    scene.wait("CHANNEL_BRIDGE")
    scene.hang_up("olga")
    scene.wait("CHANNEL_DESTROY", leg)


def anna_calls_olga(scene: Scene) -> None:
    leg = scene.anna_dials(OLGA)
    lead(scene, leg, ConnectOutside(outside(), SECONDS))
    scene.answer("olga")
    scene.wait("CHANNEL_BRIDGE")
    scene.hang_up("anna")
    scene.wait("CHANNEL_DESTROY", leg)


def _refused(status: int) -> Callable[[Scene], None]:
    def play(scene: Scene) -> None:
        leg = scene.anna_dials(OLGA)
        lead(scene, leg, ConnectOutside(outside(), SECONDS))
        scene.refuse("olga", status)
        _end(scene, leg)

    return play


def _end(scene: Scene, leg: str) -> None:
    """The script is over; Anna gives up."""
    while scene.wait("CHANNEL_PARK", leg).get("variable_pbx_step") != "1":
        pass
    scene.hang_up("anna")
    scene.wait("CHANNEL_DESTROY", leg)


def olga_does_not_answer(scene: Scene) -> None:
    leg = scene.anna_dials(OLGA)
    lead(scene, leg, ConnectOutside(outside(), SECONDS))
    _end(scene, leg)


def trunk_is_unknown(scene: Scene) -> None:
    leg = scene.anna_dials(OLGA)
    lead(scene, leg, ConnectOutside(outside(gateway="trunk-9"), SECONDS))
    _end(scene, leg)


def olga_presses_one(scene: Scene) -> None:
    leg = scene.anna_dials("30")
    lead(scene, leg, ConnectOutside(outside("pl", diverted=True), SECONDS))
    scene.answer("olga")
    scene.press("1")
    scene.wait("CHANNEL_BRIDGE")
    scene.hang_up("olga")
    scene.wait("CHANNEL_DESTROY", leg)


def olga_puts_down_instead(scene: Scene) -> None:
    leg = scene.anna_dials("30")
    lead(scene, leg, ConnectOutside(outside("pl", diverted=True), SECONDS))
    scene.answer("olga")
    scene.hang_up("olga")
    _end(scene, leg)


def olga_presses_nothing(scene: Scene) -> None:
    leg = scene.anna_dials("30")
    lead(scene, leg, ConnectOutside(outside("pl", diverted=True), SECONDS))
    scene.answer("olga")
    _end(scene, leg)


def olga_is_consulted(scene: Scene) -> None:
    scene.order(RingOutside("c1", 3, outside("pl", diverted=True), SECONDS))
    scene.answer("olga")
    scene.press("1")
    leg = scene.wait("CHANNEL_PARK")["Unique-ID"]
    scene.hang_up("olga")
    scene.wait("CHANNEL_DESTROY", leg)


def celina_answers_for_both(scene: Scene) -> None:
    leg = scene.anna_dials("22")
    lead(scene, leg, Connect(("100102", "100103"), SECONDS))
    scene.answer("celina")
    scene.wait("CHANNEL_BRIDGE")
    scene.hang_up("celina")
    scene.wait("CHANNEL_DESTROY", leg)


def both_refuse(scene: Scene) -> None:
    leg = scene.anna_dials("22")
    lead(scene, leg, Connect(("100102", "100103"), SECONDS))
    scene.refuse("celina", 486)
    scene.refuse("bartek", 603)
    _end(scene, leg)


def one_is_not_registered(scene: Scene) -> None:
    leg = scene.anna_dials("22")
    lead(scene, leg, Connect(("100104", "100103"), SECONDS))
    scene.refuse("celina", 603)
    _end(scene, leg)


def nobody_is_registered(scene: Scene) -> None:
    leg = scene.anna_dials("22")
    lead(scene, leg, Connect(("100104", "999999"), SECONDS))
    _end(scene, leg)


STORIES: dict[str, Callable[[Scene], None]] = {
    "olga-calls-anna": olga_calls_anna,
    "anna-calls-olga": anna_calls_olga,
    "olga-is-busy": _refused(486),
    "olga-declines": _refused(603),
    "olga-s-number-is-unknown": _refused(404),
    "trunk-has-no-room": _refused(503),
    "trunk-forbids-it": _refused(403),
    "olga-does-not-answer": olga_does_not_answer,
    "trunk-is-unknown": trunk_is_unknown,
    "olga-presses-one": olga_presses_one,
    "olga-puts-down-instead": olga_puts_down_instead,
    "olga-presses-nothing": olga_presses_nothing,
    "olga-is-consulted": olga_is_consulted,
    "celina-answers-for-both": celina_answers_for_both,
    "both-refuse": both_refuse,
    "one-is-not-registered": one_is_not_registered,
    "nobody-is-registered": nobody_is_registered,
}


def by_leg(events: Iterable[Event]) -> list[list[dict[str, Any]]]:
    """What each leg told that a controller decides by, in the order the legs appeared; ids are replaced by that number."""
    legs: dict[str, list[dict[str, Any]]] = {}
    for event in events:
        if event.get("Event-Name") in TOLD:
            legs.setdefault(event["Unique-ID"], []).append(_look(event))
    text = json.dumps(list(legs.values()), ensure_ascii=False)
    for number, leg in enumerate(legs):
        text = text.replace(leg, f"leg {number}")
    told: list[list[dict[str, Any]]] = json.loads(re.sub(r"sip:(\+?\d+)@[\w.:-]+", r"sip:\1@…", text))
    return told


def _look(event: Event) -> dict[str, Any]:
    look = {name: event[name] for name in SHOWN if name in event}
    if event["Call-Direction"] == "inbound":  # of a leg that was rung alone the switch turns it round when it is answered
        look["Caller-Caller-ID-Number"] = event["Caller-Caller-ID-Number"]
    causes = event.get("variable_originate_causes", [])
    if event["Event-Name"] == "CHANNEL_PARK" and causes:
        each = causes.removeprefix("ARRAY::").split("|:") if isinstance(causes, str) else causes
        look["causes"] = sorted(cause.partition(";")[2] for cause in each)
    return look
