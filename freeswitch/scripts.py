"""A script in FreeSWITCH's words: a list of applications, each with its argument, and the two ways to hand it to a leg.

What is said here of the switch was tried on 1.10.12; the recordings lie beside the tests.
"""

import math
from collections.abc import Callable
from typing import Any

from app.core.actions import (
    Action,
    Answer,
    BindKeys,
    Connect,
    ConnectOutside,
    DialTone,
    Enqueue,
    HangUp,
    Intercept,
    Listen,
    Music,
    Play,
    Present,
    Remember,
    RingingTone,
    Say,
    SayNumber,
    SayWait,
    Silence,
)
from app.core.commands import Script
from app.core.events import Role
from freeswitch.causes import cause_of
from freeswitch.outside import dial_string, patience
from freeswitch.plain import plain
from freeswitch.waiting import GUARD, JOINED, NOT_OFFERED, SILENT_DISPLAY, App, enqueue, say_wait

RINGS = "pbx_rings"
"""On every leg that rings, the call it rings for; gone once it is answered (``conf/dialplan/keys.xml``).

The leg writes it down itself when it rings: what stands in a dial string is written again after the answer, once the ``user/``
in it has found its phone (``switch_ivr_originate.c``), and would still be there [tried].
"""

STEP_EVENT = ("event", "Event-Name=CUSTOM,Event-Subclass=pbx::step")
"""How a script with a rescue says that its own part is over."""

BEGUN = "pbx::begun"
BEGUN_EVENT = ("event", f"Event-Name=CUSTOM,Event-Subclass={BEGUN}")
"""How a leg that was led here by a transfer says that it has come (``turns.py``)."""

KEYS, BIND_AND_PARK = "received XML keys", "answered XML keys"
"""The dialplan extensions that bind a phone's keys, and that park the leg when they are (``conf/dialplan/keys.xml``)."""

MUSIC, MUSIC_SECONDS = "hold.wav", 32
PATIENCE_SECONDS = 5  # of music in which a living controller sends the next script


def applications(script: Script, domain: str, transferred: bool = False) -> list[App]:
    """Everything the leg shall run, in order; it ends in a guarded park, or in a rescue that ends the leg."""
    apps = [("set", f"pbx_call={script.call}"), ("set", f"pbx_step={script.step}")]
    apps += [*([BEGUN_EVENT] if transferred else []), *_forget_the_past(script)]
    for action in script.actions:
        apps += _of(action, script, domain)
    if not script.rescue:
        return [*apps, ("set", GUARD), ("park", "")]
    apps += [STEP_EVENT, *_music(PATIENCE_SECONDS)]
    for action in script.rescue:
        apps += _of(action, script, domain)
    return apps


def _forget_the_past(script: Script) -> list[App]:
    """What an earlier script or a phone's transfer key has left on the leg is not this one's result; nor does a queue that it
    has left get it back."""
    connects = any(isinstance(action, Connect | ConnectOutside) for action in script.actions)
    past = [] if connects else ["originate_disposition"]
    if not script.firm:
        return [("unset", name) for name in past]
    past += ["sip_refer_to", "sip_h_Referred-By", "transfer_history", "transfer_source"]
    waits = any(isinstance(action, Enqueue) for action in script.actions)
    return [*(("unset", name) for name in past), *([] if waits else [("set", f"{JOINED}={NOT_OFFERED}")])]


def as_headers(script: Script, domain: str) -> tuple[tuple[str, str], ...]:
    """For ``sendmsg … xferext``: one header per application, run one after another (``switch_ivr.c`` CMD_XFEREXT)."""
    apps = applications(script, domain)
    return (("call-command", "xferext"), *(("application", f"{name} {data}".rstrip()) for name, data in apps))


def as_inline(script: Script, domain: str) -> str:
    """For a transfer to the inline dialplan: ``~`` between the applications, as ``^`` opens lists of its own inside them."""
    apps = applications(script, domain, transferred=True)
    return "m:~:" + "~".join(f"{name}:{data}" if data else name for name, data in apps)


# --- one action -----------------------------------------------------------------------------------------------------


def _of(action: Action, script: Script, domain: str) -> list[App]:
    if isinstance(action, Connect):
        return _connect(action, script, domain)
    if isinstance(action, ConnectOutside):
        return _connect_outside(action, script, domain)
    if isinstance(action, Enqueue):
        return enqueue(action, script.call, script.step)
    return words(action)


def words(action: Action) -> list[App]:
    """What an action comes to that knows nothing of its script: all but those that connect or wait."""
    return _WORDS[type(action)](action)


def _connect(action: Connect, script: Script, domain: str) -> list[App]:
    """What came of each device is gathered in ``originate_causes``; whose device answers is told by ``import``."""
    return [
        *_until_answered(action.seconds),
        ("unset", "pbx_line"),
        ("unset", "originate_causes"),
        ("set", "import=pbx_callee"),
        ("bridge", _dial_string(action.logins, script, domain)),
    ]


def _connect_outside(action: ConnectOutside, script: Script, domain: str) -> list[App]:
    """``pbx_line`` says by which trunk the last attempt went, and so how its failure is to be read (``causes.py``). Whether it
    rang is forgotten with the leg that did, so that one writes it down on ours (``switch_channel.c`` switch_channel_api_on)."""
    marks = (f"pbx_call={script.call}", f"pbx_step={script.step}", f"pbx_role={Role.CALLEE.value}", SILENT_DISPLAY)
    rang = tuple(f"api_on_{sign}=uuid_setvar {script.leg} pbx_rang true" for sign in ("ring", "pre_answer"))
    return [
        *_until_answered(patience(action.to, action.seconds)),
        ("set", f"pbx_line={action.to.gateway}"),
        ("unset", "sip_invite_failure_status"),
        ("unset", "pbx_rang"),
        ("unset", "pbx_callee"),
        ("bridge", dial_string(action.to, action.seconds, (*marks, *rang), domain)),
    ]


def _until_answered(seconds: int) -> list[App]:
    """``hangup_after_bridge`` ends the leg with the one who answered; ``continue_on_fail`` goes on when nobody does."""
    return [
        ("set", "hangup_after_bridge=true"),
        ("set", "park_after_bridge=false"),
        ("set", "continue_on_fail=true"),
        ("set", SILENT_DISPLAY),
        ("set", f"call_timeout={seconds}"),
    ]


def _dial_string(logins: tuple[str, ...], script: Script, domain: str) -> str:
    """``^^;`` makes the semicolon the separator."""
    variables = (
        f"pbx_call={script.call}",
        f"pbx_step={script.step}",
        f"pbx_role={Role.CALLEE.value}",
        *whose(logins),
        f"execute_on_ring={ring_mark(script.call)}",
        "app_disable_expand_variables=true",
        SILENT_DISPLAY,
        f"execute_on_answer=execute_extension {KEYS}",
    )
    return f"{{^^;{';'.join(variables)}}}{devices(logins, domain)}"


def devices(logins: tuple[str, ...], domain: str) -> str:
    """Every device of these accounts, rung together: a name that the directory knows (``xml.py``, several)."""
    return f"user/{'+'.join(logins)}@{domain}"


def whose(logins: tuple[str, ...]) -> tuple[str, ...]:
    """The account each device is marked with; where there are several, the directory says it of each device."""
    return tuple(f"pbx_{name}={login}" for login in logins for name in ("login", "callee")) if len(logins) == 1 else ()


def ring_mark(call: str) -> str:
    """What a leg does that rings."""
    return f"set {RINGS}={call}"


def _present(action: Present) -> list[App]:
    return [
        ("set", f"effective_caller_id_number={plain(action.number)}"),
        ("set", f"effective_caller_id_name={plain(action.name)}"),
    ]


def _play(action: Play) -> list[App]:
    """By way of the dialplan, which knows where recordings are (``conf/dialplan/sounds.xml``)."""
    return [("execute_extension", f"{action.sound.id}-{action.sound.version} XML sounds")]


def _say(action: Say) -> list[App]:
    return [("pre_answer", ""), ("playback", f"{action.language}/{action.prompt.value}.wav")]


def _say_number(action: SayNumber) -> list[App]:
    return [("playback", f"{action.language}/digit-{digit}.wav") for digit in action.number if digit in "0123456789"]


def _music(seconds: int) -> list[App]:
    """Whole rounds of the piece, then as much of it as is left."""
    rounds, rest = divmod(seconds, MUSIC_SECONDS)
    apps: list[App] = [("playback", MUSIC)] * rounds
    if rest:
        apps += [("set", f"playback_timeout_sec={rest}"), ("playback", MUSIC), ("unset", "playback_timeout_sec")]
    return apps


def _tone(tone: str, seconds: int) -> list[App]:
    return [("playback", f"tone_stream://{tone};loops={seconds}")]


def _intercept(action: Intercept) -> list[App]:
    """Guarded: two that are not would lose the caller to each other (``switch_ivr_async.c`` switch_ivr_intercept_session)."""
    unanswered = "true" if action.unanswered else "false"
    return [
        ("set", f"intercept_unanswered_only={unanswered}"),
        ("set", "intercept_unbridged_only=true"),
        ("set", SILENT_DISPLAY),
        ("set", "park_after_bridge=true"),
        ("set", GUARD),
        ("intercept", action.leg),
    ]


def _remember(action: Remember) -> list[App]:
    return [("set", f"pbx_note={action.note}") if action.note else ("unset", "pbx_note")]


_WORDS: dict[type, Callable[[Any], list[App]]] = {
    Present: _present,
    Play: _play,
    Say: _say,
    SayNumber: _say_number,
    SayWait: say_wait,
    HangUp: lambda action: [("hangup", cause_of(action.outcome))],
    Music: lambda action: _music(action.seconds),
    Silence: lambda action: [("playback", f"silence_stream://{action.seconds * 1000}")],
    DialTone: lambda action: _tone("%(1000,0,425)", action.seconds),  # continuous 425 Hz, as in Poland (ITU-T E.180)
    RingingTone: lambda action: _tone("%(1000,4000,425)", math.ceil(action.seconds / 5)),
    BindKeys: lambda _: [("execute_extension", KEYS)],
    Listen: lambda action: [("digit_action_set_realm", action.keys.value)],
    Answer: lambda _: [("answer", "")],
    Intercept: _intercept,
    Remember: _remember,
}
