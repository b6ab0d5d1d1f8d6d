"""The API commands that name a leg, ``uuid_…`` (``mod_commands.c``)."""

from collections.abc import Callable, Mapping

from freeswitch.simulator import causes, displays, joining
from freeswitch.simulator.broadcasting import broadcast
from freeswitch.simulator.dialstring import split_quoted
from freeswitch.simulator.events import as_json
from freeswitch.simulator.sessions import Session
from freeswitch.simulator.switch import PARK_ONLY, Switch
from freeswitch.simulator.transfers import destination, session_transfer

NO_CHANNEL = "-ERR No such channel!\n"
_DUAL = "<A-dest-exten>[/<A-dialplan>][/<A-context>] <B-dest-exten>[/<B-dialplan>][/<B-context>]"


class LegCommands:
    """Each takes its argument and returns what FreeSWITCH would print."""

    def __init__(self, switch: Switch) -> None:
        self._switch = switch

    def table(self) -> Mapping[str, Callable[[str], str]]:
        """Every command by its name."""
        return {
            "uuid_answer": lambda text: self._with(text, Session.answer),
            "uuid_break": self._break,
            "uuid_bridge": self._bridge,
            "uuid_broadcast": lambda text: broadcast(self._switch, text),
            "uuid_display": self._display,
            "uuid_dual_transfer": self._dual_transfer,
            "uuid_dump": self._dump,
            "uuid_exists": lambda text: "true" if text.strip() in self._switch.legs else "false",
            "uuid_getvar": self._getvar,
            "uuid_kill": self._kill,
            "uuid_park": lambda text: self._with(text, lambda leg: session_transfer(leg, "park:", "inline", PARK_ONLY)),
            "uuid_setvar": self._setvar,
            "uuid_setvar_multi": self._setvar_multi,
            "uuid_transfer": self._transfer,
        }

    def _with(self, text: str, do: Callable[[Session], object]) -> str:
        leg = self._switch.find(text.strip().split(" ")[0])
        if leg is None:
            return NO_CHANNEL
        do(leg)
        return "+OK\n"

    def _dump(self, text: str) -> str:
        words = text.split()
        leg = self._switch.find(words[0]) if words else None
        if leg is None:
            return NO_CHANNEL if words else "-USAGE: <uuid> [format]\n"
        headers = self._switch.stamp("CHANNEL_DATA", origin=("mod_commands.c", "uuid_dump_function", "6463")) | leg.describe()
        return as_json(headers).decode("utf-8", "surrogateescape")

    def _getvar(self, text: str) -> str:
        leg, _, name = text.partition(" ")
        session = self._switch.find(leg)
        return NO_CHANNEL if session is None else session.get(name.strip()) or "_undef_"

    def _setvar(self, text: str) -> str:
        parts = text.split(" ", 2)
        if len(parts) < 2:
            return "-USAGE: <uuid> <var> [value]\n"
        value = parts[2] if len(parts) == 3 else None
        return self._with(parts[0], lambda leg: leg.set(parts[1], value))

    def _setvar_multi(self, text: str) -> str:
        """``LEG NAME=VALUE;NAME=VALUE…``; a name without a value unsets."""
        uuid, _, rest = text.partition(" ")
        pairs = [pair.partition("=") for pair in split_quoted(rest, ";") if not pair.startswith("=")]
        if not pairs:
            return "-USAGE: <uuid> <var>=<value>;<var>=<value>...\n"

        def assign(leg: Session) -> None:
            for name, _, value in pairs:
                leg.set(name, value or None)

        return self._with(uuid, assign)

    def _kill(self, text: str) -> str:
        if not text.strip():
            return "-USAGE: <uuid> [cause]\n"
        cause = causes.named(text.strip().partition(" ")[2] or "NORMAL_CLEARING")
        return self._with(text, lambda leg: leg.hangup(cause))

    def _break(self, text: str) -> str:
        """End the file that plays; if none does, the next one ends at once."""

        def end(leg: Session) -> None:
            leg.broken = True
            leg.wake()

        return self._with(text, end) if text.strip() else "-USAGE: <uuid> [all]\n"

    def _display(self, text: str) -> str:
        """``LEG NAME[|NUMBER]``: tell the phone what to show."""
        uuid, _, shown = text.partition(" ")
        leg = self._switch.find(uuid)
        if not shown.strip():
            return "-USAGE: <uuid> [<display>]\n"
        if leg is None:
            return "-ERR Operation failed\n"
        name, _, number = shown.strip().partition("|")
        displays.tell(leg, (number, name))
        return "+OK Success\n"

    def _bridge(self, text: str) -> str:
        words = text.split()
        if len(words) < 2:
            return "-USAGE: <uuid> <other_uuid>\n"
        first, second = self._switch.find(words[0]), self._switch.find(words[1])
        joined = first is not None and second is not None and joining.uuid_bridge(first, second)
        return f"+OK {words[1]}\n" if joined else "-ERR Invalid uuid\n"

    def _transfer(self, text: str) -> str:
        words = split_quoted(text.strip(), " ")
        if len(words) < 2:
            return "-USAGE: <uuid> [-bleg|-both] <dest-exten> [<dialplan>] [<context>]\n"
        leg = self._switch.find(words[0])
        if leg is None:
            return NO_CHANNEL
        option = words.pop(1) if words[1].startswith("-") else ""
        target, dialplan = words[1], (words[2] if len(words) > 2 else "XML")
        partner = leg.partner if isinstance(leg.partner, Session) else None
        moved = {"-bleg": (partner,), "-both": (partner, leg)}.get(option, (leg,))
        for session in moved:
            if session is not None:
                session_transfer(session, target, dialplan, PARK_ONLY)
        return "+OK\n"

    def _dual_transfer(self, text: str) -> str:
        """The partner is led first, so that it is safe even when the leg named is just leaving."""
        words = split_quoted(text.strip(), " ")
        if len(words) != 3:
            return f"-USAGE: <uuid> {_DUAL}\n"
        leg = self._switch.find(words[0])
        if leg is None:
            return NO_CHANNEL
        if isinstance(leg.partner, Session):
            session_transfer(leg.partner, *destination(words[2]), PARK_ONLY)
        session_transfer(leg, *destination(words[1]), PARK_ONLY)
        return "+OK\n"
