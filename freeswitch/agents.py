"""How a queue rings an agent: the dial string the switch keeps for him, and expands for each caller it offers him.

It is expanded on the waiting caller's leg (mod_callcenter.c, outbound_agent_thread_run), from variables that ``waiting.py`` has
put there, and again from their values [tried]; so nothing may stand in them that `plain` has not been through.
"""

from app.core.commands import OnDuty
from app.core.events import Role
from app.core.queues import Strategy
from freeswitch.causes import THE_WORLDS_ANSWER
from freeswitch.outside import GATEWAY, dial_string
from freeswitch.waiting import JOINED, SILENT_DISPLAY, TAKEN

STRATEGIES = {
    Strategy.ALL: "ring-all",
    Strategy.IN_ORDER: "top-down",
    Strategy.LONGEST_IDLE: "longest-idle-agent",
    Strategy.LEAST_TALK: "agent-with-least-talk-time",
    Strategy.RANDOM: "random",
}

RING = "${pbx_${cc_queue}_ring}"
"""How long an agent is rung: each queue has a variable of the switch for it (``queues.py``)."""

_WAITED = "(${strepoch()}-${cc_queue_joined_epoch}+${pbx_ahead})"

_SHOWN = (
    "origination_caller_id_number=${pbx_number}",
    "origination_caller_id_name=${pbx_name}, ${pbx_waits} "
    f"${{expr(floor({_WAITED}/60))}} min ${{expr(mod({_WAITED},60))}} s",
)
"""Who calls, and how long he has waited by now. Not «1:05»: of a name with a colon a phone is sent only what follows it
(``switch_utils.h`` switch_sanitize_number)."""

OFFERED = "pbx_offered"
"""On a leg that rings for a queue, the call it rings for; gone once it is answered. Not ``RINGS`` (``scripts.py``): it is ended
in another way when somebody picks the call up, lest the queue believe that the agent has not answered."""

ANSWERED = "pbx_answered"
"""On a leg that has been answered for a queue, the call it was answered for. Of two who answer in the same 20 ms the switch
forgets the one whom it does not join to the caller, and he would hear nothing for ever [tried]."""

_LEAVES = ("park_after_bridge=false", "hangup_after_bridge=true")


def agent_name(agent: OnDuty) -> str:
    """What the switch calls an agent. A telephone outside may be several tenants' agent."""
    return f"{agent.key}@{agent.tenant}" if agent.outside else agent.key


def agent_key(name: str) -> str:
    """… and back, to what the core calls him."""
    return name.partition("@")[0]


def contact(agent: OnDuty, domain: str) -> str:
    """The dial string. It holds no single quotation mark: it stands between two in the command that says it."""
    return _outside(agent, domain) if agent.outside else _account(agent.key, domain)


def _account(login: str, domain: str) -> str:
    """All devices of the account, marked as ``Connect`` marks them (``scripts.py``); the semicolon is the separator."""
    variables = (
        *_marks(),
        f"pbx_login={login}",
        f"pbx_callee={login}",
        f"leg_timeout={RING}",
        "app_disable_expand_variables=true",
        *_SHOWN,
        "execute_on_answer=execute_extension received XML keys",
    )
    return f"{{^^;{';'.join(variables)}}}${{{TAKEN}}}${{{JOINED}}}user/{login}@{domain}"


def _outside(agent: OnDuty, domain: str) -> str:
    """One trunk after another, but only where the fault is the trunk's (``switch_ivr_originate.c``, fail_on_single_reject).
    Whoever answers presses 1, so no answer is one before that."""
    first, *others = agent.outside
    dial = dial_string(first, RING, (*_marks(), f"fail_on_single_reject={','.join(THE_WORLDS_ANSWER)}"), domain)
    ways = dial.replace(f"}}{GATEWAY}", f"}}${{{TAKEN}}}${{{JOINED}}}{GATEWAY}")
    return "|".join((ways, *(f"{GATEWAY}{other.gateway}/{other.number}" for other in others)))


def _marks() -> tuple[str, ...]:
    """Which call the leg belongs to, and as what; and that it rings."""
    return (
        "pbx_call=${pbx_call}",
        "pbx_step=${pbx_step}",
        f"pbx_role={Role.CALLEE.value}",
        f"execute_on_ring=set {OFFERED}=${{pbx_call}}",
        f"execute_on_answer_2=unset {OFFERED}",
        f"execute_on_answer_3=set {ANSWERED}=${{pbx_call}}",
        SILENT_DISPLAY,
        *_LEAVES,
    )
