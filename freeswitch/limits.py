"""How long the link waits, how much it holds, how often it tries: one place for all its numbers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Seconds, unless said otherwise.

    Together they mean: back within 5 s of the switch being up (``connect`` + ``longest_pause``), and a connection that died
    without a word is noticed within about ``ping_every`` + ``silence``.
    """

    connect: float = 2.5  # for connecting, greeting and authentication together
    turn: float = 1.0  # for a leg to begin what it was told, until it is told the next thing all the same
    display: float = 0.5  # until a phone that was told something by the switch itself can be told what it shall show
    deadline: float = 5.0  # until a command is told that no reply came
    grace: float = 5.0  # more, until the connection is given up for it
    commands: int = 2_000  # under way at once, a count
    events: int = 20_000  # read and not yet looked at, a count; half an hour of a small company, seconds of a very large one
    event_bytes: int = 64 * 1024 * 1024  # the same, in bytes
    lag: float = 5.0  # how old an event may be when we look at it
    ping_every: float = 1.0
    silence: float = 5.0  # without an answer to a ping
    listing: float = 0.5  # how far `show channels` may be behind; see stocktaking.py
    first_pause: float = 0.05  # before the second attempt; doubles up to
    longest_pause: float = 2.0
    refused_pause: float = 15.0  # after a wrong password or an access list: only a person can mend that
    settled: float = 10.0  # a connection that stood this long starts the pauses from the beginning
