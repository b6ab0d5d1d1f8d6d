"""Hang-up causes of FreeSWITCH <-> our outcomes: the one table, read in both directions.

Cause names: ``switch_channel.c`` CAUSE_CHART (ITU-T Q.850). How a SIP answer becomes a cause and back: ``sofia_glue.c``
sofia_glue_sip_cause_to_freeswitch, ``mod_sofia.c`` hangup_cause_to_sip, much as RFC 3398 (7.2.6.1, 8.2.6.1) has it. A Reason
header of the operator's (RFC 3326, Q.850) is believed before the status (``sofia.c`` sofia_handle_sip_r_invite).
"""

from collections.abc import Iterable

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
    "INCOMING_CALL_BARRED": Outcome.NOT_ALLOWED,
    "NORMAL_CIRCUIT_CONGESTION": Outcome.NO_LINE,
    "GATEWAY_DOWN": Outcome.NO_LINE,
}

_NOBODY_THERE = {
    "UNALLOCATED_NUMBER": Outcome.NOT_REGISTERED,  # a phone that answers 404 to a call for its own account is set up wrongly
    "NO_ROUTE_DESTINATION": Outcome.NOT_REGISTERED,
    "NORMAL_TEMPORARY_FAILURE": Outcome.NOT_REGISTERED,  # its address refuses packets: it was switched off without a word
}
"""Where an attempt to reach a phone differs from a leg's own end: the number exists, but nobody is there."""

_OUTSIDE = {
    # The world's answer: another trunk would bring the same.
    "USER_BUSY": Outcome.BUSY,  # 486, 600
    "NO_ANSWER": Outcome.NO_ANSWER,  # we gave up
    "NO_USER_RESPONSE": Outcome.NO_ANSWER,  # 480
    "ALLOTTED_TIMEOUT": Outcome.NO_ANSWER,  # answered, but 1 was not pressed
    "ORIGINATOR_CANCEL": Outcome.NO_ANSWER,  # 487 although nobody cancelled: the operator's own patience
    "NORMAL_CLEARING": Outcome.NO_ANSWER,  # answered, and put down without pressing 1
    "CALL_REJECTED": Outcome.DECLINED,  # 603, 608
    "UNWANTED": Outcome.DECLINED,  # 607
    "UNALLOCATED_NUMBER": Outcome.NO_SUCH_NUMBER,  # 404
    "NO_ROUTE_DESTINATION": Outcome.NO_SUCH_NUMBER,  # 485, 604
    "NUMBER_CHANGED": Outcome.NO_SUCH_NUMBER,  # 410
    "INVALID_NUMBER_FORMAT": Outcome.NO_SUCH_NUMBER,  # 484
    "SUBSCRIBER_ABSENT": Outcome.NOT_REGISTERED,  # Q.850 20: the mobile is off
    "DESTINATION_OUT_OF_ORDER": Outcome.NOT_REGISTERED,  # Q.850 27
    "INCOMING_CALL_BARRED": Outcome.NOT_ALLOWED,
    "PICKED_OFF": Outcome.ELSEWHERE,
    "LOSE_RACE": Outcome.ELSEWHERE,
    # The trunk's: it is not there (GATEWAY_DOWN by its pings or its registration, INVALID_GATEWAY while it is being replaced),
    # said nothing in time (408, 504, our own timer B; but see `outside_of` where it rang), or has no way (5xx, and what is
    # wrong with the request, not the number).
    "GATEWAY_DOWN": Outcome.NO_LINE,
    "INVALID_GATEWAY": Outcome.NO_LINE,
    "RECOVERY_ON_TIMER_EXPIRE": Outcome.NO_LINE,  # 408, 504
    "PROGRESS_TIMEOUT": Outcome.NO_LINE,
    "NORMAL_TEMPORARY_FAILURE": Outcome.NO_LINE,  # 400, 481, 500, 503
    "NETWORK_OUT_OF_ORDER": Outcome.NO_LINE,  # 502
    "NORMAL_CIRCUIT_CONGESTION": Outcome.NO_LINE,
    "SWITCH_CONGESTION": Outcome.NO_LINE,
    "REQUESTED_CHAN_UNAVAIL": Outcome.NO_LINE,  # 302, which we do not follow (defaults.xml)
    "SERVICE_UNAVAILABLE": Outcome.NO_LINE,  # 405
    "SERVICE_NOT_IMPLEMENTED": Outcome.NO_LINE,  # 406, 415, 501
    "FACILITY_NOT_SUBSCRIBED": Outcome.NO_LINE,
    "BEARERCAPABILITY_NOTAVAIL": Outcome.NO_LINE,
    "INCOMPATIBLE_DESTINATION": Outcome.NO_LINE,  # 488, 606
    "INTERWORKING": Outcome.NO_LINE,  # 413 … 421, 505, 513
    "EXCHANGE_ROUTING_ERROR": Outcome.NO_LINE,  # 482, 483
    "NO_ROUTE_TRANSIT_NET": Outcome.NO_LINE,
    "OUTGOING_CALL_BARRED": Outcome.NO_LINE,  # what this operator does not sell us, another may
    "NO_IDENTITY": Outcome.NO_LINE,  # 428 and its kin: the number shown does not please it
    "BAD_IDENTITY_INFO": Outcome.NO_LINE,
    "INVALID_IDENTITY": Outcome.NO_LINE,
}
"""How an attempt to reach a telephone outside went. Only NO_LINE lets another trunk be tried."""

THE_WORLDS_ANSWER = tuple(cause for cause, outcome in _OUTSIDE.items() if outcome is not Outcome.NO_LINE)
"""The causes after which no other trunk is tried."""

_TRUNK_REFUSES = frozenset({"401", "402", "403", "407"})
"""SIP answers that become CALL_REJECTED as 603 does, but are about us and not about whom we called."""

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
    Outcome.OVER_LIMIT: "OUTGOING_CALL_BARRED",
    Outcome.NO_LINE: "NORMAL_CIRCUIT_CONGESTION",  # 503
    Outcome.TRANSFERRED: "NORMAL_CLEARING",
    Outcome.CONSULTED: "NORMAL_CLEARING",
    Outcome.PICKED_UP: "NORMAL_CLEARING",
    Outcome.ABANDONED: "NORMAL_CLEARING",
    Outcome.OVERFLOWED: "NO_ANSWER",  # 480
    Outcome.CALL_BACK: "NORMAL_CLEARING",
    Outcome.FAILED: "NORMAL_TEMPORARY_FAILURE",  # 503
}

_TELLING = (Outcome.NO_ANSWER, Outcome.BUSY, Outcome.DECLINED, Outcome.FAILED, Outcome.NOT_REGISTERED)
"""Of several devices' reasons, the one that says most of why nobody talks: somebody let it ring; else somebody was busy …"""


def outcome_of(cause: str) -> Outcome:
    """Our word for a cause; one we have no word for is a failure."""
    return _OUTCOMES.get(cause, Outcome.FAILED)


def attempt_of(disposition: str, devices: Iterable[str] = ()) -> Outcome | None:
    """How an attempt to ring phones went, from ``originate_disposition``; None when it succeeded or none was made.

    ``devices`` are the causes of each one that rang: with several, the disposition is only the first one's.
    """
    if disposition in ("", "SUCCESS"):
        return None
    reasons = [_NOBODY_THERE.get(cause) or outcome_of(cause) for cause in (disposition, *devices)]
    if reasons[0] in _TELLING:
        return min((reason for reason in reasons if reason in _TELLING), key=_TELLING.index)
    return reasons[0]


def outside_of(disposition: str, status: str = "", rang: bool = False) -> Outcome | None:
    """How an attempt to reach a telephone outside went; ``status`` is the operator's SIP answer where it is known.

    ``rang``: it was heard to ring before. Then 408 is no trunk that says nothing, but a network that has lost its patience.
    """
    if disposition in ("", "SUCCESS"):
        return None
    if disposition == "RECOVERY_ON_TIMER_EXPIRE" and rang:
        return Outcome.NO_ANSWER
    if disposition == "CALL_REJECTED" and status in _TRUNK_REFUSES:
        return Outcome.NO_LINE
    if disposition == "DESTINATION_OUT_OF_ORDER" and not status:  # put down while he was being asked for a 1
        return Outcome.NO_ANSWER
    return _OUTSIDE.get(disposition, Outcome.FAILED)


def wait_of(cause: str, reason: str, talked: bool = False) -> Outcome | None:
    """How waiting in a queue ended, from ``cc_cause`` and ``cc_cancel_reason``; None for whom somebody has taken out of the
    queue, or an agent has answered without becoming a pair with him (``talked``, from ``cc_agent_bridged``). One of whom the
    module says neither did not wait: it has no such queue."""
    if not cause:
        return Outcome.FAILED
    if cause == "answered" and talked:
        return Outcome.ANSWERED
    return {"TIMEOUT": Outcome.NO_ANSWER, "NO_AGENT_TIMEOUT": Outcome.NOT_REGISTERED}.get(reason)


def cause_of(outcome: Outcome) -> str:
    """The cause to hang up with, so that the caller's phone shows the right thing."""
    return _CAUSES[outcome]
