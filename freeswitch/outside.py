"""Calls to telephones outside, in FreeSWITCH's words: who is shown, by which gateway, and how whoever answers is asked for a 1.

What is said here of the switch was tried on 1.10.12 with an operator of our own (``tests/freeswitch/test_trunks.py``).
"""

from app.core.actions import Outside, Prompt
from freeswitch.plain import digits

CONFIRM_SECONDS = 20
"""How long whoever answers has for pressing 1; the question is asked anew every few seconds."""

ASK_AGAIN_MILLISECONDS = 3000

GATEWAY = "sofia/gateway/"


def dial_string(to: Outside, seconds: int | str, marks: tuple[str, ...], domain: str, quote: str = "") -> str:
    """The argument of ``bridge`` or ``originate``. ``marks`` are the leg's own variables; ``domain`` is ours.

    ``^^!`` makes the exclamation mark the separator, because a Diversion holds a semicolon and quotation marks would end the
    argument of a ``uuid_transfer``. ``seconds`` may name a variable of the switch's. ``quote`` stands around what holds a
    blank, for ``originate``, which splits there.
    """
    variables = (
        *marks,
        f"pbx_line={to.gateway}",
        "app_disable_expand_variables=true",
        *_shown(to, domain),
        *_media(to, seconds),
    )
    limit = (f"execute_on_answer={quote}sched_hangup +{to.longest} ALLOTTED_TIMEOUT{quote}",) if to.longest else ()
    return f"{{^^!{'!'.join((*variables, *limit))}}}{GATEWAY}{to.gateway}/{digits(to.number)}"


def patience(to: Outside, seconds: int) -> int:
    """How long an attempt may last in all: it rings, and then 1 may be pressed."""
    return seconds + CONFIRM_SECONDS if to.confirm else seconds


def _shown(to: Outside, domain: str) -> tuple[str, ...]:
    """Who is calling, for From and P-Asserted-Identity; who forwards, for Diversion (RFC 5806).

    No names: they are the tenant's own, and operators cut or refuse them; ``_undef_`` is FreeSWITCH's word for none
    (``sofia_glue.c`` sofia_glue_do_invite). A tenant without a number is nobody (RFC 3323), lest the account's login be shown.
    """
    own = digits(to.shown)
    number = digits(to.original) or own or "anonymous"
    forwards = (to.diverted or to.original) and own
    diversion = (f"sip_h_Diversion=<sip:{own}@{domain}>;reason=unconditional",) if forwards else ()
    return (f"origination_caller_id_number={number}", "origination_caller_id_name=_undef_", *diversion)


def _media(to: Outside, seconds: int | str) -> tuple[str, ...]:
    """What counts as an answer. Somebody who dialled hears what the operator has to say before one, and is not joined by it (a
    bare early media would be bridged as if it were an answer). Somebody who is forwarded hears that it rings; not until 1 has
    been pressed is there an answer, so that no announcement and no voice box can give one (``switch_ivr_originate.c``
    check_channel_status, collect_thread_run). ``leg_timeout`` is for the ringing, ``group_confirm_timeout`` for what follows.
    """
    if not to.confirm:
        return ("bridge_early_media=true",)
    return (
        "ignore_early_media=ring_ready",
        f"leg_timeout={seconds}",
        "group_confirm_key=1",
        f"group_confirm_file={to.confirm}/{Prompt.PRESS_ONE.value}.wav",
        f"group_confirm_read_timeout={ASK_AGAIN_MILLISECONDS}",
        f"group_confirm_timeout={CONFIRM_SECONDS}",
    )
