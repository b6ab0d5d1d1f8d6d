"""How a call ended: the one vocabulary of the call log, the panel, the prompts and the log lines.

The values are stored in the database and appear in exports, so they are never renamed.
"""

from enum import StrEnum


class Outcome(StrEnum):
    """What became of a call, or of one part of it."""

    ANSWERED = "answered"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    DECLINED = "declined"
    NOT_REGISTERED = "not-registered"
    CANCELLED = "cancelled"  # the caller hung up before anybody answered
    NO_SUCH_NUMBER = "no-such-number"
    NOT_ALLOWED = "not-allowed"
    ELSEWHERE = "answered-elsewhere"  # another device or another person was faster
    TRANSFERRED = "transferred"  # talked, and sent the other party on
    CONSULTED = "consulted"  # talked, and asked a third person meanwhile
    PICKED_UP = "picked-up"  # somebody took the call from another phone
    NOTHING_TO_PICK_UP = "nothing-to-pick-up"
    NO_LINE = "no-line"  # no trunk took the call: none there, none registered, or each refused it for itself
    ABANDONED = "abandoned"  # waited in a queue, and gave up
    OVERFLOWED = "overflowed"  # waited in a queue, or found it full or without agents, and was led on
    CALL_BACK = "call-back"  # waited in a queue, asked to be called back, and keeps the place
    OVER_LIMIT = "over-limit"  # the tenant's own limit for calls to outside
    FAILED = "failed"  # our fault or the switch's


class Limit(StrEnum):
    """Which of a tenant's limits for calls to outside has stopped one. These are stored as well."""

    COUNTRY = "country"
    PREMIUM = "premium"
    MINUTES = "minutes"  # of the day
    AT_ONCE = "at-once"
    UNKNOWN = "unknown"  # in the log from before it was written down


class EndedBy(StrEnum):
    """Who put the receiver down first."""

    CALLER = "caller"
    CALLEE = "callee"
    SYSTEM = "system"  # neither: a refusal, a limit, a restart of the switch
    UNKNOWN = "unknown"  # nobody watched when it ended
