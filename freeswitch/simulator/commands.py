"""The API commands of the switch (``mod_commands.c``), and one of our own for the virtual phones.

Each takes its argument and returns what FreeSWITCH would print, to the last newline.
"""

import json
import logging
from collections.abc import Callable

from freeswitch.simulator import causes
from freeswitch.simulator.callcenter.config import Config
from freeswitch.simulator.dialstring import split_quoted
from freeswitch.simulator.events import HOSTNAME, micros, stamp_text
from freeswitch.simulator.gateways import PROFILE as TRUNKS
from freeswitch.simulator.gateways import DirectoryError
from freeswitch.simulator.legcommands import LegCommands
from freeswitch.simulator.originate import originate
from freeswitch.simulator.panel import ACCOUNTS, Forget, Mark, Wanted
from freeswitch.simulator.phonebook import Phonebook
from freeswitch.simulator.sessions import Session
from freeswitch.simulator.steps import Step
from freeswitch.simulator.switch import PARK_ONLY, Switch
from freeswitch.simulator.transfers import inline

log = logging.getLogger(__name__)

NOTHING = "can't find anything\n"
VERSION = "1.10.12-release+git~20240802T210227Z~a88d069d6f~64bit"


class Commands:
    """Runs one command line. ``forget`` empties the switch's memory of accounts, ``mark`` looks into it; ``accounts`` are those
    there should be."""

    def __init__(self, switch: Switch, forget: Forget, mark: Mark, accounts: Wanted) -> None:
        self._switch = switch
        self._forget = forget
        self._mark = mark
        self._accounts = accounts
        self._tasks = 0  # scheduled since the start
        queues = Config(switch.center)
        self._table: dict[str, Callable[[str], str]] = {
            "status": self._status,
            "version": lambda _: f"FreeSWITCH Version {VERSION} (git a88d069 2024-08-02 21:02:27Z 64bit)\n",
            "show": self._show,
            "create_uuid": lambda _: switch.new_id(),
            "global_getvar": self._global,
            "global_setvar": self._set_global,
            "hupall": self._hupall,
            "originate": self._originate,
            "sched_api": self._schedule,
            "sofia": self._sofia,
            "sofia_gateway_data": self._gateway_data,
            "xml_flush_cache": self._flush,
            "user_data": self._user_data,
            "reloadxml": lambda _: switch.center.read(),
            "xml_locate": self._locate,
            "reloadacl": lambda _: "+OK acl reloaded\n",
            "json": queues.as_json,
            "strepoch": lambda _: str(int(switch.clock.now())),
            "callcenter_config": queues.run,
            "callcenter_break": queues.let_go,
            "virtual_phone": Phonebook(switch.registrar, switch.border.world).run,
            **LegCommands(switch).table(),
        }

    def run(self, name: str, argument: str) -> str:
        """The command's output; an unknown one's complaint."""
        command = self._table.get(name)
        return f"-ERR {name} Command not found!\n" if command is None else command(argument)

    def _status(self, _: str) -> str:
        up = int(self._switch.clock.now() - self._switch.started)
        return (
            f"UP 0 years, {up // 86400} days, {up // 3600 % 24} hours, {up // 60 % 60} minutes, {up % 60} seconds, "
            "0 milliseconds, 0 microseconds\n"
            "FreeSWITCH (Version 1.10.12-release git a88d069 2024-08-02 21:02:27Z 64bit) is ready\n"
            f"{self._switch.calls} session(s) since startup\n"
            f"{len(self._switch.legs)} session(s) - peak {len(self._switch.legs)}, last 5min {len(self._switch.legs)} \n"
            "0 session(s) per Sec out of max 1000, peak 0, last 5min 0 \n"
            "5000 session(s) max\nmin idle cpu 0.00/100.00\nCurrent Stack Size/Max 240K/8192K\n"
        )

    def _global(self, text: str) -> str:
        """One of the switch's global variables; an unknown one is empty, which the socket answers as ``-ERR no reply``."""
        known = {
            "core_uuid": self._switch.core,
            "hostname": HOSTNAME,
            "switchname": HOSTNAME,
            "domain": self._switch.domain,
            **self._switch.defaults,
        }
        name = text.strip()
        return known.get(name, "") if name else "".join(f"{each}={value}\n" for each, value in known.items())

    def _set_global(self, text: str) -> str:
        """``NAME=VALUE``; every leg that has no variable of its own by that name sees it. Without a value it is forgotten."""
        name, value, *_ = [*split_quoted(text, "="), "", ""]
        if not name:
            return "-USAGE: <var>=<value> [=<value2>]\n"
        self._switch.defaults.pop(name, None)
        if value:
            self._switch.defaults[name] = value
        return "+OK"

    def _show(self, text: str) -> str:
        words = text.split()
        if not words or words[0] != "channels":
            return "-USAGE: codec|endpoint|application|api|dialplan|file|timer|calls [count]|channels [count]\n"
        legs = sorted(self._switch.legs.values(), key=lambda leg: leg.profile.created or 0.0)
        if "count" in words:
            return f"\n{len(legs)} total.\n" if "json" not in words else json.dumps({"row_count": len(legs)}) + "\n"
        if not legs:  # the real one leaves the rows out, and no newline follows; see the recorded stream
            return '{"row_count": 0}\n'
        rows = [_row(leg) for leg in legs]
        return json.dumps({"row_count": len(rows), "rows": rows}, ensure_ascii=False, separators=(",", ":")) + "\n"

    def _hupall(self, text: str) -> str:
        """``CAUSE [VARIABLE VALUE …]``: every leg, or those on which all of these variables stand."""
        word, *pairs = text.split() or ["MANAGER_REQUEST"]
        cause = causes.named(word)
        wanted = dict(zip(pairs[::2], pairs[1::2], strict=False))
        for leg in tuple(self._switch.legs.values()):
            if all(leg.get(name) == value for name, value in wanted.items()):
                leg.hangup(cause)
        if not wanted:
            return f"+OK hangup all channels with cause {cause}\n"
        more = "" if len(wanted) == 1 else "..."
        return f"+OK hangup all channels matching [{pairs[0]}]=[{pairs[1]}]{more} with cause: {cause}\n"

    def _originate(self, text: str) -> str:
        target, _, rest = _call_url(text)
        words = [word for word in split_quoted(rest, " ") if word]
        if not target or not words:
            return "-USAGE: <call url> <exten>|&<application_name>(<app_args>) [<dialplan>] [<context>]\n"
        result = originate(self._switch, None, target)
        if result.peer is None:
            return f"-ERR {result.cause}\n"
        steps = _ampersand(words[0]) if words[0].startswith("&") else None
        if steps is None:
            dialplan = words[1] if len(words) > 1 else "XML"
            steps = inline(words[0]) if dialplan == "inline" else list(PARK_ONLY)
        result.peer.transfer(steps)
        return f"+OK {result.peer.uuid}\n"

    def _schedule(self, text: str) -> str:
        """``[+]SECONDS GROUP COMMAND``: at that moment, or with ``+`` so many later; the switch counts whole seconds."""
        when, _, rest = text.partition(" ")
        command = rest.partition(" ")[2]
        if not command or not when.lstrip("+").isdecimal():
            return "-ERR Invalid syntax. USAGE: [+@]<time> <group_name> <command_string>[&]\n"
        now = self._switch.clock.now()
        moment = int(when.lstrip("+")) + (int(now) if when.startswith("+") else 0)
        name, _, argument = command.removesuffix("&").partition(" ")
        self._switch.clock.after(moment - now, lambda: self._switch.spawn(lambda: self._run_late(name, argument)))
        self._tasks += 1
        return f"+OK Added: {self._tasks}\n"

    def _run_late(self, name: str, argument: str) -> None:
        self.run(name, argument)

    def _sofia(self, text: str) -> str:
        """``xmlstatus profile phones reg``, ``xmlstatus gateway [NAME]``, ``profile trunks rescan``, ``… killgw NAME``."""
        gateways = self._switch.border.gateways
        match text.split():
            case ["xmlstatus", "profile", profile, "reg", *_]:
                return self._switch.registrar.status() if profile == "phones" else "Invalid Profile!\n"
            case ["xmlstatus", "gateway", *name]:
                return gateways.status("".join(name[:1]))
            case ["profile", "trunks", "rescan"]:
                gateways.rescan()
                return "Reload XML [Success]\n+OK scan complete\n"
            case ["profile", "trunks", "killgw", "_all_"]:
                gateways.kill("_all_")
                return "+OK every gateway marked for deletion.\n"
            case ["profile", "trunks", "killgw", name]:
                return "+OK gateway marked for deletion.\n" if gateways.kill(name) else "-ERR no such gateway.\n"
        return "Unknown Command\n"

    def _locate(self, text: str) -> str:
        """``SECTION TAG ATTRIBUTE VALUE``; here only the trunks and the accounts can be looked up."""
        wanted = {TRUNKS: self._switch.border.gateways.wanted, ACCOUNTS: self._accounts}
        *what, domain = text.split() or [""]
        try:
            return wanted[domain]() if what == ["directory", "domain", "name"] and domain in wanted else NOTHING
        except DirectoryError as error:
            log.error("%s could not be asked for: %s", domain, error)
            return NOTHING

    def _user_data(self, text: str) -> str:
        """``LOGIN@DOMAIN param mark``; nothing else is looked up here."""
        login, _, what = text.partition("@")
        return self._mark(login) if what.split()[1:] == ["param", "mark"] else ""

    def _gateway_data(self, text: str) -> str:
        """``NAME var|ivar|ovar VARIABLE``; here a gateway's variables are the same in both directions."""
        name, kind, variable, *_ = [*text.split(), "", "", ""]
        gateway = self._switch.border.gateways.find(name)
        return gateway.variables.get(variable, "") if gateway is not None and kind in ("var", "ivar", "ovar") else ""

    def _flush(self, text: str) -> str:
        words = text.split()
        count = self._forget(words[1] if len(words) == 3 and words[0] == "id" else None)
        return f"+OK cleared {count} entr{'y' if count == 1 else 'ies'}\n"


def _call_url(text: str) -> tuple[str, str, str]:
    """Cut an originate's argument at the first space outside of braces and quotes."""
    depth, quoted = 0, False
    for place, character in enumerate(text):
        quoted ^= character == "'"
        depth += (character in "{[") - (character in "}]")
        if character == " " and depth <= 0 and not quoted:
            return text[:place], " ", text[place + 1 :].strip()
    return text, "", ""


def _ampersand(text: str) -> list[Step]:
    """``&application(argument)``."""
    name, _, argument = text[1:].partition("(")
    return [Step(name, argument.partition(")")[0] or None)]


def _row(leg: Session) -> dict[str, str]:
    """One line of ``show channels``: the columns of the switch's own table (``switch_core_sqldb.c``)."""
    profile = leg.profile
    application = leg.last if leg.last is not None else Step("")
    return {
        "uuid": leg.uuid,
        "direction": profile.direction,
        "created": stamp_text(profile.created or 0.0),
        "created_epoch": str(int(micros(profile.created)) // 1_000_000),
        "name": profile.channel_name,
        "state": f"CS_{leg.running.name}",
        "cid_name": profile.name,
        "cid_num": profile.number,
        "ip_addr": "127.0.0.1",
        "dest": profile.destination,
        "application": application.application,
        "application_data": application.argument or "",
        "dialplan": "XML",
        "context": profile.context,
        "read_codec": "PCMA",
        "read_rate": "8000",
        "read_bit_rate": "64000",
        "write_codec": "PCMA",
        "write_rate": "8000",
        "write_bit_rate": "64000",
        "secure": "",
        "hostname": HOSTNAME,
        "presence_id": leg.get("presence_id"),
        "presence_data": "",
        "accountcode": "",
        "callstate": leg.callstate,
        "callee_name": profile.callee_name,
        "callee_num": profile.callee_number,
        "callee_direction": "",
        "call_uuid": leg.get("call_uuid") or leg.uuid,
        "sent_callee_name": leg.get("last_sent_callee_id_name"),
        "sent_callee_num": leg.get("last_sent_callee_id_number"),
        "initial_cid_name": profile.original_name,
        "initial_cid_num": profile.original_number,
        "initial_ip_addr": "127.0.0.1",
        "initial_dest": profile.destination,
        "initial_dialplan": "XML",
        "initial_context": profile.context,
    }
