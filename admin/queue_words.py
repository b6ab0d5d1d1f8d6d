"""The words people read about queues: strategies, agents' duty, what became of callers."""

from collections.abc import Mapping

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from admin.figures import clock
from admin.words import Result
from app.core import queueing
from app.core.queues import Pause, PauseReason, Strategy
from app.services.call_backs import Loss
from app.services.phones import PhoneStatus
from app.services.queue_board import AgentNow

STRATEGIES: Mapping[Strategy, tuple[LazyString, LazyString]] = {
    Strategy.ALL: (_("All at once"), _("Every free agent rings; whoever is first takes the call.")),
    Strategy.IN_ORDER: (_("In order"), _("Always the first free agent of the list below.")),
    Strategy.LONGEST_IDLE: (_("Longest without a call"), _("Whoever has not talked for the longest time rings first.")),
    Strategy.LEAST_TALK: (_("Least talk time"), _("Whoever has talked the least so far rings first.")),
    Strategy.RANDOM: (_("At random"), _("Any free agent, as chance has it.")),
}

PAUSES: Mapping[PauseReason, LazyString] = {
    PauseReason.OWN: _("on a break"),
    PauseReason.MISSED: _("on a break, too many missed calls"),
}

BREAKS: Mapping[str, LazyString] = {
    "5": _("5 minutes"),
    "15": _("15 minutes"),
    "60": _("60 minutes"),
    "": _("until it is ended"),
}
"""How long an agent may rest, in minutes."""

OVERFLOWS: Mapping[str, LazyString] = {
    queueing.MAX_WAIT: _("Longest wait over"),
    queueing.FULL: _("Queue full"),
    queueing.NO_AGENTS: _("Nobody on duty"),
    queueing.KEY: _("Chose a key"),
    queueing.GONE: _("Queue deleted meanwhile"),
    queueing.FAILED: _("Technical fault"),
}
"""Why callers were led on, as the head of a column."""

LOSSES: Mapping[Loss, LazyString] = {
    Loss.ABANDONED: _("gave up"),
    Loss.OVERFLOWED: _("was reached by nobody"),
    Loss.ASKED: _("asked to be called back"),
}
"""Why somebody should be called back."""


def pause(of: Pause) -> str:
    """Why an agent is not rung, and until when."""
    why = str(PAUSES[of.reason])
    return why if of.until is None else gettext("%(why)s, until %(when)s", why=why, when=clock(of.until))


def duty(agent: AgentNow) -> Result | None:
    """What keeps an agent from being rung, or what a telephone outside does; None where his phone's state says it all."""
    if not agent.signed_in:
        return Result(_("off duty"), "out", "")
    if agent.pause is not None:
        return Result(pause(agent.pause), "waits", "busy")
    if agent.status is PhoneStatus.OFFLINE:
        return Result(_("phone not signed in"), "offline", "bad")
    if agent.status is None:
        return Result(_("rings"), "rings", "busy") if agent.rung else Result(_("on duty"), "free", "good")
    return None
