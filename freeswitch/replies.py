"""Which reply belongs to which command. Pure: time is passed in.

The Event Socket has no request ids: replies come in the order of the commands, and that order is all there is. So a command
whose deadline has passed is told so, but keeps its place, and its late reply is thrown away instead of being taken for the
next one's. A reply that never comes, and one that nobody waits for, both mean that the order is lost with everything behind.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from freeswitch.wire import Frame


class OutOfStep(Exception):  # noqa: N818 - a state of the connection rather than a mistake somewhere
    """Replies can no longer be told apart; the connection must be built anew."""


@dataclass(frozen=True)
class Reply:
    """What became of one command: the switch's words, or why there are none."""

    text: str = ""
    missing: str = ""

    @property
    def failure(self) -> str:
        """Why the command did not do what it should, in one line; empty when it did.

        ``-ERR no reply`` is what ``api`` says for a command that succeeded without a word (mod_event_socket.c, api_exec).
        """
        if self.missing:
            return self.missing
        refused = self.text.startswith(("-ERR", "-USAGE")) and self.text.strip() != "-ERR no reply"
        return self.text.strip() if refused else ""


OnReply: TypeAlias = Callable[[Reply], None]


@dataclass
class _Awaited:
    tell: OnReply | None  # None: the deadline has passed and whoever asked knows
    due: float


class Replies:
    """The commands under way on one connection, oldest first.

    ``deadline``: seconds until a command is told that its reply did not come.
    ``grace``: seconds more until the connection is given up for it.
    """

    def __init__(self, deadline: float, grace: float) -> None:
        self._deadline = deadline
        self._grace = grace
        self._awaited: deque[_Awaited] = deque()

    def __len__(self) -> int:
        return len(self._awaited)

    def expect(self, on_reply: OnReply, now: float) -> None:
        """A command is being sent. ``on_reply`` is called exactly once: with its reply, its deadline or its loss."""
        self._awaited.append(_Awaited(on_reply, now + self._deadline))

    def settle(self, frame: Frame) -> None:
        """Give a ``command/reply`` or ``api/response`` to the oldest command. Raises OutOfStep if there is none."""
        if not self._awaited:
            raise OutOfStep("the switch replied to nothing we asked")
        awaited = self._awaited.popleft()
        if awaited.tell is not None:
            awaited.tell(Reply(_text(frame)))

    def expire(self, now: float) -> None:
        """Tell every command whose deadline has passed. Raises OutOfStep when the oldest one's grace has, too."""
        for awaited in self._awaited:
            if awaited.due > now:
                break
            if awaited.tell is not None:
                tell, awaited.tell = awaited.tell, None
                tell(Reply(missing=f"no reply within {self._deadline:g} s"))
        if self._awaited and self._awaited[0].due + self._grace <= now:
            raise OutOfStep(f"a reply did not come within {self._deadline + self._grace:g} s")

    def abandon(self, reason: str) -> None:
        """The connection is gone: tell every command that still waits."""
        while self._awaited:
            awaited = self._awaited.popleft()
            if awaited.tell is not None:
                awaited.tell(Reply(missing=reason))


def _text(frame: Frame) -> str:
    """What an ``api`` wrote, or the one line of any other reply; a refused ``api`` answers with that line as well."""
    if frame.content_type == "api/response":
        return frame.body.decode("utf-8", "replace")
    return frame.headers.get("Reply-Text", "")
