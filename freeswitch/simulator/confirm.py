"""``group_confirm_key``: whoever answers is connected only when he has pressed a key.

Read in ``switch_ivr_originate.c`` (check_channel_status, collect_thread_run). The question is asked over and over, and whoever
calls goes on hearing that it rings.
"""

from freeswitch.simulator.channels import State
from freeswitch.simulator.collect import Question, ask
from freeswitch.simulator.sessions import Session

ASK_AGAIN = 5.0  # seconds after each question, where group_confirm_read_timeout says nothing

_WORDS = ("key", "file", "error_file", "cancel_timeout", "read_timeout")


def is_wanted(leg: Session) -> bool:
    """Whether the leg has to confirm, and has not yet."""
    return bool(leg.get("group_confirm_key"))


def begin(leg: Session) -> float | None:
    """Let the leg's thread ask; how many seconds it has from now, None for as long as it had."""
    leg.errand = _question
    leg.wake()
    seconds = leg.get("group_confirm_timeout")
    return int(seconds) if seconds.isdecimal() and int(seconds) > 0 else None


def consume(leg: Session) -> None:
    """A called leg until somebody fetches it (CS_CONSUME_MEDIA): it runs its errand and looks at no message else."""
    while leg.state is State.CONSUME_MEDIA:
        errand, leg.errand = leg.errand, None
        if errand is not None:
            errand(leg)
        else:
            leg.signal.pause()


def _question(leg: Session) -> None:
    key, file, again = (leg.get(f"group_confirm_{word}") for word in ("key", "file", "read_timeout"))
    patience = int(again) / 1000 if again.isdecimal() else ASK_AGAIN
    while leg.ready and leg.state is State.CONSUME_MEDIA:
        if ask(leg, Question(len(key), file, patience)) == key:
            leg.set("group_dial_status", "winner")
            for word in _WORDS:
                leg.set(f"group_confirm_{word}", None)
            leg.wake()
            return
