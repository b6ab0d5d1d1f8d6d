"""Waiting in a queue, in FreeSWITCH's words: what stands on the leg of somebody who waits, and how the wait is told.

The queue itself is mod_callcenter's; `freeswitch/agents.py` has the other side, what an agent's leg takes from here. What is
said here of the switch was tried on 1.10.12.
"""

import re
from collections.abc import Iterable

from app.core.actions import Enqueue, SayWait
from freeswitch.plain import digits, plain

App = tuple[str, str]

MUSIC = "hold.wav"

SILENT_DISPLAY = "ignore_display_updates=true"
"""What the switch by itself tells a phone of its partner is wrong wherever we have joined the two; we tell it (``Show``)."""

GUARD = "park_timeout=10:NORMAL_TEMPORARY_FAILURE"
"""How long a leg waits for its next script. Read once, when the park begins, and cleared (``switch_ivr.c`` switch_ivr_park)."""

TAKEN = "pbx_taken"
"""On a caller whom somebody is about to pick up, what lets an offer to an agent fail at once, and not be counted as missed."""

JOINED = "pbx_joined"
"""The same on one who does not wait any more, until he enters a queue anew, for the queue may believe that he does: where an
agent answers in the very moment in which he is picked up; and where one leaves in the moment in which he is joined, of the time
that he had waited then. The next agent who answered would tear him out of his talk [tried]."""

NOT_OFFERED = "error/702."
"""Before a dial string: an endpoint that fails with LOSE_RACE. As a number, because then all that follows it is left aside
(``switch_channel.c`` switch_channel_str2cause; the number: ``switch_types.h``)."""

WAITS = {"pl": "czeka", "en": "waiting"}
"""What stands on an agent's display before how long somebody has waited."""

STEPS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 30, 45, 60)
"""The minutes there are sentences for; ``conf/phrases.xml`` has the same steps for what an agent is told."""


def queue_name(queue: int) -> str:
    """What the switch calls a queue: no tenant's word, since blanks and quotation marks end a command's argument."""
    return f"q{queue}"


def queue_id(name: str) -> int:
    """… and back; 0 for what is no queue of ours."""
    number = name.removeprefix("q")
    return int(number) if re.fullmatch(r"[1-9][0-9]{0,8}", number) and queue_name(int(number)) == name else 0


def enqueue(action: Enqueue, call: str, step: int) -> list[App]:
    """Wait, and talk to whoever answers. When the wait is over without one, the script goes on.

    An agent may leave while the switch joins the two, and the caller must not go with him (``switch_ivr_bridge.c``
    uuid_bridge_on_soft_execute): so his leg stays until they are one, and only then will it end with the other
    (``serving.py``).
    ``pbx_queue`` says which script was the last to wait, so that its result is not taken for a later one's (``headers.py``).
    The module tells of a member by what it takes for its caller's name: here stands the call. What agents see of the caller
    stands beside it (``agents.py``).
    """
    return [
        ("set", "park_after_bridge=true"),
        ("set", "uuid_bridge_continue_on_cancel=true"),
        ("set", GUARD),
        ("set", SILENT_DISPLAY),
        ("unset", "pbx_line"),
        ("unset", "pbx_callee"),
        ("unset", "cc_agent_uuid"),
        ("unset", "cc_cause"),
        ("unset", JOINED),
        ("unset", "cc_cancel_reason"),
        ("set", f"pbx_queue={step}"),
        ("set", f"caller_id_name={call}"),
        ("set", f"pbx_number={digits(action.number) or 'anonymous'}"),
        ("set", f"pbx_name={plain(action.name)}"),
        ("set", f"pbx_waits={WAITS[action.language]}"),
        ("set", f"pbx_ahead={action.ahead}"),
        ("set", f"cc_base_score={action.ahead}"),
        _music(action),
        _told(action),
        ("callcenter", queue_name(action.queue)),
    ]


def _music(action: Enqueue) -> App:
    """By way of the dialplan, which knows where recordings are (``conf/dialplan/sounds.xml``)."""
    if action.music is None:
        return ("set", f"cc_moh_override={MUSIC}")
    return ("execute_extension", f"music-{action.music.id}-{action.music.version} XML sounds")


def _told(action: Enqueue) -> App:
    """A macro, because how long the caller will have waited is not known before he is answered (``conf/phrases.xml``)."""
    if action.told is None:
        return ("unset", "cc_outbound_announce")
    return ("set", f"cc_outbound_announce=phrase:told:{action.language} {action.told.id}-{action.told.version}")


def told(apps: Iterable[App]) -> list[str]:
    """The extensions that play the same to somebody while he waits."""
    sounds = (argument for name, argument in apps if name in ("playback", "execute_extension"))
    return [f"waiting-{sound.removesuffix(' XML sounds')} XML sounds" for sound in sounds]


def say_wait(action: SayWait) -> list[App]:
    """The sentence that comes nearest."""
    minutes = (action.seconds + 30) // 60
    nearest = min(STEPS, key=lambda step: (abs(step - minutes), -step))
    return [("playback", f"{action.language}/wait-{nearest}.wav")]
