"""Hang-up causes of FreeSWITCH <-> our outcomes: the one table, read in both directions.

Cause names: ``switch_channel.c`` CAUSE_CHART. How a SIP answer becomes a cause and back: ``sofia_glue.c``
sofia_glue_sip_cause_to_freeswitch, ``mod_sofia.c`` hangup_cause_to_sip.
"""

from app.core.outcome import Outcome

_OUTCOMES = {
    "NORMAL_CLEARING": Outcome.ANSWERED,
    "NORMAL_UNSPECIFIED": Outcome.ANSWERED,
    "USER_BUSY": Outcome.BUSY,
    "NO_ANSWER": Outcome.NO_ANSWER,
    "NO_USER_RESPONSE": Outcome.NO_ANSWER,
    "ALLOTTED_TIMEOUT": Outcome.NO_ANSWER,
    "CALL_REJECTED": Outcome.DECLINED,
    "DECLINE": Outcome.DECLINED,
    "USER_NOT_REGISTERED": Outcome.NOT_REGISTERED,
    "SUBSCRIBER_ABSENT": Outcome.NOT_REGISTERED,
    # A device that registered and then went away without a word: its address answers nothing, or somebody else.
    "RECOVERY_ON_TIMER_EXPIRE": Outcome.NOT_REGISTERED,
    "DESTINATION_OUT_OF_ORDER": Outcome.NOT_REGISTERED,
    "NETWORK_OUT_OF_ORDER": Outcome.NOT_REGISTERED,
    "ORIGINATOR_CANCEL": Outcome.CANCELLED,
    "LOSE_RACE": Outcome.ELSEWHERE,
    "PICKED_OFF": Outcome.ELSEWHERE,
    "UNALLOCATED_NUMBER": Outcome.NO_SUCH_NUMBER,
    "NO_ROUTE_DESTINATION": Outcome.NO_SUCH_NUMBER,
    "OUTGOING_CALL_BARRED": Outcome.NOT_ALLOWED,
}

_NOBODY_THERE = {
    "UNALLOCATED_NUMBER": Outcome.NOT_REGISTERED,  # a phone that answers 404 to a call for its own account is set up wrongly
    "NO_ROUTE_DESTINATION": Outcome.NOT_REGISTERED,
    "NORMAL_TEMPORARY_FAILURE": Outcome.NOT_REGISTERED,  # its address refuses packets: it was switched off without a word
}
"""Where an attempt to reach a phone differs from a leg's own end: the number exists, but nobody is there."""

_CAUSES = {
    Outcome.ANSWERED: "NORMAL_CLEARING",
    Outcome.CANCELLED: "NORMAL_CLEARING",
    Outcome.BUSY: "USER_BUSY",  # 486
    Outcome.NO_ANSWER: "NO_ANSWER",  # 480
    Outcome.DECLINED: "CALL_REJECTED",  # 603
    Outcome.NOT_REGISTERED: "SUBSCRIBER_ABSENT",  # 480
    Outcome.ELSEWHERE: "PICKED_OFF",
    Outcome.NO_SUCH_NUMBER: "UNALLOCATED_NUMBER",  # 404
    Outcome.NOTHING_TO_PICK_UP: "UNALLOCATED_NUMBER",
    Outcome.NOT_ALLOWED: "OUTGOING_CALL_BARRED",  # 403
    Outcome.TRANSFERRED: "NORMAL_CLEARING",
    Outcome.CONSULTED: "NORMAL_CLEARING",
    Outcome.PICKED_UP: "NORMAL_CLEARING",
    Outcome.FAILED: "NORMAL_TEMPORARY_FAILURE",  # 503
}


def outcome_of(cause: str) -> Outcome:
    """Our word for a cause; one we have no word for is a failure."""
    return _OUTCOMES.get(cause, Outcome.FAILED)


def attempt_of(disposition: str) -> Outcome | None:
    """How an attempt to connect went, from ``originate_disposition``; None when it succeeded or none was made."""
    if disposition in ("", "SUCCESS"):
        return None
    return _NOBODY_THERE.get(disposition) or outcome_of(disposition)


def cause_of(outcome: Outcome) -> str:
    """The cause to hang up with, so that the caller's phone shows the right thing."""
    return _CAUSES[outcome]
