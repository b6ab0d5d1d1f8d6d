"""Keeps what a switch remembers of accounts true, without ever making it forget what it could not ask for again.

The switch remembers an account for good (xml.py), so that its phone can call 112 for as long as the switch runs, whoever else
is down. So what has changed must be forgotten, and the switch cannot say what it remembers. Therefore the panel's process is
asked for a mark of every account, which changes with whatever the switch is told of it:

- an account whose mark is not the one seen at the last look (at the first look: every account) may be remembered wrongly;
- if a phone of it is registered, the mark that is remembered is compared, and only one that is wrong is replaced: forgotten and
  asked for in the same moment. So after a password was changed while no controller ran, one account is replaced and no other;
- if none is, it is forgotten: the next phone that comes has to ask anyway;
- one that is no more is forgotten.

While the panel's process does not answer, nothing is forgotten: an old password stays good for that long, which is the
price of a phone that works. An account deleted while no controller ran, with no phone registered, stays remembered; nothing but
an emergency number can be reached by it, because the controller knows no such account.
"""

import logging
import re
import time
from collections.abc import Iterable, Mapping, Sequence

from app.config import SwitchAddress
from freeswitch.limits import Limits
from freeswitch.socket import EventSocket
from freeswitch.stocktaking import ask_all, count_phones
from freeswitch.upkeep import Upkeep, panel_says, text_of
from freeswitch.wire import Request

log = logging.getLogger(__name__)

DOMAIN = "accounts"

_LOGIN = re.compile(r"[\w.-]+", re.ASCII)


class Accounts(Upkeep):
    """Upkeep of one switch's memory. ``domain`` is the one all accounts register in.

    The controller says when a password has changed; what else changes (the number that emergency calls show) is seen at the
    next round.
    """

    subject, round_seconds = "accounts", 30.0

    def __init__(self, address: SwitchAddress, domain: str, limits: Limits) -> None:
        super().__init__(address, limits)
        self._domain = domain
        self._seen: Mapping[str, str] | None = None  # login -> mark, as the switch may have remembered it since the last look

    def _put_right(self, switch: EventSocket) -> None:
        users = panel_says(switch, DOMAIN)
        if users is None:
            return
        marks = {user.attrib["id"]: user.attrib["mark"] for user in users}
        if marks == self._seen:
            return
        counted = count_phones(switch, self._address.name, time.time)
        if counted is None:
            return
        registered = {device.login for device in counted.registrations if _LOGIN.fullmatch(device.login)}
        doubtful = {login for login, _ in marks.items() ^ (self._seen or {}).items()} | registered - marks.keys()
        here = sorted(doubtful & registered & marks.keys())
        self._forget(switch, sorted(doubtful - set(here)))
        left = self._replace(switch, here, marks)
        self._seen = {login: mark for login, mark in marks.items() if login not in left}

    def _replace(self, switch: EventSocket, logins: Sequence[str], marks: Mapping[str, str]) -> set[str]:
        """Let the switch know these as they are, one after another; which of them are left, because the panel is away again.

        After a new version of ours these may be all there are, so it ends at the first that cannot be asked for.
        """
        remembered = self._remembered(switch, logins)  # this asks for an account that was not
        wrong = [login for login in logins if remembered[login] != marks[login]]
        for place, login in enumerate(wrong):
            self._forget(switch, [login])
            if not self._remembered(switch, [login])[login]:
                return set(wrong[place:])
            log.info("%s: the switch knows %s anew", self._address.name, login)
        return set()

    def _remembered(self, switch: EventSocket, logins: Sequence[str]) -> dict[str, str]:
        """Their marks; empty for one that cannot be asked for (``mod_commands.c`` user_data_function)."""
        answers = ask_all(switch, [Request(f"api user_data {login}@{self._domain} param mark") for login in logins])
        said = [text_of(reply).removeprefix("-ERR no reply").strip() for reply in answers]
        return dict(zip(logins, said, strict=True))

    def _forget(self, switch: EventSocket, logins: Iterable[str]) -> None:
        for reply in ask_all(switch, [Request(f"api xml_flush_cache id {login} {self._domain}") for login in logins]):
            text_of(reply)
